# Writes reliability.json: coefficient alpha with its Feldt interval (psych), and omega total of a
# one-factor maximum-likelihood model with its delta-method standard error (lavaan).
# Run in this folder: Rscript make_reliability.R
suppressMessages({library(lavaan); library(psych); library(jsonlite)})

ordinal_items <- function(n, loadings, seed) {
  set.seed(seed)
  factor_score <- rnorm(n)
  latent <- outer(factor_score, loadings) +
    matrix(rnorm(n * length(loadings)), n) %*% diag(sqrt(1 - loadings^2))
  apply(latent, 2, function(x) as.numeric(cut(x, c(-Inf, -1.2, -0.4, 0.4, 1.2, Inf))))
}

reference <- function(items) {
  items <- as.data.frame(items)
  k <- ncol(items)
  names(items) <- paste0("y", seq_len(k))
  a <- suppressWarnings(psych::alpha(items, check.keys = FALSE, warnings = FALSE))
  feldt <- psych::alpha.ci(a$total$raw_alpha, n.obs = nrow(items), n.var = k, digits = 12)
  labels <- paste0("l", seq_len(k)); residuals <- paste0("e", seq_len(k))
  model <- paste0(
    "f =~ ", paste0(c("NA", rep("", k - 1)), ifelse(seq_len(k) == 1, "*y1 + l1*y1", paste0("l", seq_len(k), "*y", seq_len(k))), collapse = " + "), "\n",
    "f ~~ 1*f\n",
    paste0("y", seq_len(k), " ~~ ", residuals, "*y", seq_len(k), collapse = "\n"), "\n",
    "omega := (", paste(labels, collapse = " + "), ")^2 / ((", paste(labels, collapse = " + "),
    ")^2 + ", paste(residuals, collapse = " + "), ")")
  fit <- lavaan::cfa(model, items, control = list(rel.tol = 1e-14))
  p <- parameterEstimates(fit)
  w <- p[p$lhs == "omega", ]
  list(items = as.matrix(items), alpha = a$total$raw_alpha,
       alpha_lower = unname(feldt$lower.ci), alpha_upper = unname(feldt$upper.ci),
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
