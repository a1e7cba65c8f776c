# Writes reliability.json: coefficient alpha (psych) and omega total of a one-factor model (lavaan),
# each with the distribution-free standard error of a defined parameter (lavaan, estimator MLM).
# Run in this folder: Rscript make_reliability.R
suppressMessages({library(lavaan); library(psych); library(jsonlite)})

ordinal_items <- function(n, loadings, seed) {
  set.seed(seed)
  factor_score <- rnorm(n)
  latent <- outer(factor_score, loadings) +
    matrix(rnorm(n * length(loadings)), n) %*% diag(sqrt(1 - loadings^2))
  apply(latent, 2, function(x) as.numeric(cut(x, c(-Inf, -1.2, -0.4, 0.4, 1.2, Inf))))
}

# A defined parameter with its distribution-free standard error.
defined <- function(model, items, name) {
  fit <- lavaan::lavaan(model, items, estimator = "MLM")
  stopifnot(lavInspect(fit, "converged"))
  p <- parameterEstimates(fit)
  p[p$lhs == name, ]
}

# Coefficient alpha as a function of the free covariances of a saturated model.
alpha_model <- function(items) {
  k <- length(items)
  pairs <- which(upper.tri(diag(k), diag = TRUE), arr.ind = TRUE)
  labels <- paste0("s", pairs[, 1], "_", pairs[, 2])
  free <- paste0(items[pairs[, 1]], " ~~ ", labels, "*", items[pairs[, 2]], collapse = "\n")
  variances <- paste(labels[pairs[, 1] == pairs[, 2]], collapse = " + ")
  covariances <- paste(labels[pairs[, 1] != pairs[, 2]], collapse = " + ")
  paste0(free, "\n", paste0(items, " ~ 1", collapse = "\n"), "\nalpha := ", k / (k - 1),
         " * (1 - (", variances, ") / (", variances, " + 2 * (", covariances, ")))")
}

reference <- function(items) {
  items <- as.data.frame(items)
  k <- ncol(items)
  names(items) <- paste0("y", seq_len(k))
  a <- suppressWarnings(psych::alpha(items, check.keys = FALSE, warnings = FALSE))
  labels <- paste0("l", seq_len(k))
  residuals <- paste0("e", seq_len(k))
  loadings <- paste0(labels, "*", names(items), collapse = " + ")
  model <- paste0(
    "f =~ NA*y1 + ", loadings, "\n",
    "f ~~ 1*f\n",
    paste0(names(items), " ~~ ", residuals, "*", names(items), collapse = "\n"), "\n",
    paste0(names(items), " ~ 1", collapse = "\n"), "\n",
    "omega := (", paste(labels, collapse = " + "), ")^2 / ((", paste(labels, collapse = " + "),
    ")^2 + ", paste(residuals, collapse = " + "), ")")
  w <- defined(model, items, "omega")
  b <- defined(alpha_model(names(items)), items, "alpha")
  stopifnot(abs(b$est - a$total$raw_alpha) < 1e-6)
  list(items = as.matrix(items), alpha = a$total$raw_alpha, alpha_se = b$se,
       omega = w$est, omega_se = w$se)
}

out <- list(
  versions = list(R = as.character(getRversion()), psych = as.character(packageVersion("psych")),
                  lavaan = as.character(packageVersion("lavaan"))),
  cases = list(
    attitude = reference(attitude),
    visual = reference(HolzingerSwineford1939[, c("x1", "x2", "x3")]),
    nine = reference(HolzingerSwineford1939[, paste0("x", 1:9)]),
    ordinal = reference(ordinal_items(200, c(.8, .7, .6, .7, .5, .65, .75, .4), 1)),
    reversed = reference(ordinal_items(150, c(.7, .6, -.5, .8), 2))))
write_json(out, "reliability.json", digits = 14, auto_unbox = TRUE)
