# Records inequalities, orthogonal factors, blocks of groups, coefficients with their covariances, further fit
# measures and standard errors of factor scores, for tests/sem. Run from this directory after make_lavaan.R, whose
# data it reads:
#   Rscript make_constraints.R
# Needs R with lavaan 0.6-14; writes constraints_*.csv here.
suppressMessages(library(lavaan))

write <- function(x, name) write.csv(x, name, row.names = FALSE, quote = TRUE)
hs <- read.csv("sem_data_hs.csv")
small <- function(seed, n) {
  set.seed(seed)
  f <- rnorm(n)
  round(data.frame(x1 = .9 * f + .35 * rnorm(n), x2 = .6 * f + .8 * rnorm(n), x3 = .5 * f + .85 * rnorm(n),
                   x4 = .3 * f + .9 * rnorm(n)), 4)
}
sizes <- c(30, 40, 60)
few <- do.call(rbind, lapply(sizes, function(n) {
  for (seed in 1:500) {  # the first sample with a clearly negative variance
    d <- small(seed, n)
    fit <- suppressWarnings(cfa("f =~ x1 + x2 + x3 + x4", d))
    est <- coef(fit)
    if (lavInspect(fit, "converged") && est["x1~~x1"] < -.05 && est["x1~~x1"] > -.5) break
  }
  cbind(n = n, d)
}))
write(few, "constraints_data.csv")
one <- "f =~ x1 + x2 + x3 + x4"
hs3 <- "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9"
labelled <- "f =~ x1 + a*x2 + b*x3 + c*x4"
held <- paste0(one, "; x1 ~~ v*x1; v > 0")
case <- function(name, text, data = "hs", group = "", equal = "", estimator = "ML", ortho = FALSE, means = FALSE)
  data.frame(name, text = gsub("; ", "\n", text), data, group, equal, estimator, ortho, means)
cases <- rbind(
  case("held_30", held, "30"), case("held_40", held, "40"), case("held_60", held, "60"),
  case("held_mlr", held, "40", estimator = "MLR"), case("held_means", held, "40", means = TRUE),
  case("above", paste0(one, "; x1 ~~ v*x1; v > 0.05"), "40"),
  case("idle", paste0(labelled, "; a > 0; b < 5")),
  case("between", paste0(labelled, "; a > b; c < 0.3")),
  case("mixed", paste0(labelled, "; a + b == 1.2; c < 0.5")),
  case("value", paste0(labelled, "; a == 0.8")),
  case("several", paste0(labelled, "; a > 0.9; b < 0.5; c > 0.7")),
  case("ordered_groups", "f =~ x1 + c(a, b)*x2 + x3 + x4; a > b + 0.2", group = "school"),
  case("orthogonal", hs3, ortho = TRUE), case("orthogonal_groups", hs3, group = "school", ortho = TRUE),
  case("orthogonal_paths", paste0(hs3, "; speed ~ visual + textual"), ortho = TRUE),
  case("orthogonal_but", paste0(hs3, "; visual ~~ speed"), ortho = TRUE),
  case("plain", hs3), case("means", hs3, means = TRUE), case("predicted", paste0(hs3, "; speed ~ ageyr")),
  case("metric", hs3, group = "school", equal = "loadings"),
  case("scalar_mlr", hs3, group = "school", equal = "loadings|intercepts", estimator = "MLR"),
  case("blocks", "group: 1; f =~ x1 + x2 + a*x3 + x4; x1 ~~ x2; group: 2; f =~ x1 + 0.5*x2 + a*x3 + x4", group = "school"),
  case("blocks_three", paste0("group: 1; ", hs3, "; visual ~~ 0*speed; group: 2; ", hs3, "; x1 ~ 4.9*1"), group = "school")
)
split_words <- function(text) if (nchar(text)) strsplit(text, "|", fixed = TRUE)[[1]] else ""
fitted <- function(row) {
  data <- if (row$data == "hs") hs else few[few$n == as.integer(row$data), ]
  args <- list(row$text, data, estimator = row$estimator, orthogonal = row$ortho, group.equal = split_words(row$equal))
  if (row$means) args$meanstructure <- TRUE
  if (nchar(row$group)) args <- c(args, list(group = row$group))
  suppressWarnings(do.call("sem", args))
}
record <- function(row) {
  fit <- fitted(row)
  stopifnot(lavInspect(fit, "converged"))
  raw <- parameterEstimates(fit, remove.system.eq = TRUE, remove.eq = TRUE, remove.ineq = TRUE)
  raw <- raw[!raw$op %in% c("==", "<", ">"), ]
  if (is.null(raw$group)) raw$group <- 1
  keep <- c("chisq", "df", "npar", "logl", "bic", "cfi", "gfi", "agfi", "pgfi", "srmr", "srmr_mplus",
            "srmr_mplus_nomean", "rmsea", "chisq.scaled", "chisq.scaling.factor")
  m <- fitMeasures(fit)
  m <- m[intersect(keep, names(m))]
  list(params = data.frame(name = row$name, raw[, c("lhs", "op", "rhs", "group")], est = signif(raw$est, 10),
                           se = signif(ifelse(is.na(raw$se), 0, raw$se), 10)),
       measures = data.frame(name = row$name, measure = names(m), value = signif(as.numeric(m), 12)))
}
made <- lapply(seq_len(nrow(cases)), function(i) { cat(cases$name[i], "\n"); record(cases[i, ]) })
write(cases, "constraints_cases.csv")
write(do.call(rbind, lapply(made, `[[`, "params")), "constraints_params.csv")
write(do.call(rbind, lapply(made, `[[`, "measures")), "constraints_measures.csv")

# Coefficients and their covariances: of free parameters, in the order of the table of parameters.
covariances <- do.call(rbind, lapply(c("plain", "metric", "scalar_mlr"), function(name) {
  fit <- fitted(cases[cases$name == name, ])
  v <- vcov(fit)
  data.frame(name, coef = signif(as.numeric(coef(fit)), 10), first = signif(v[1, ], 10), trace = signif(sum(diag(v)), 10),
             total = signif(sum(v), 10))
}))
write(covariances, "constraints_vcov.csv")
scores <- do.call(rbind, lapply(c("regression", "Bartlett"), function(method) {
  do.call(rbind, lapply(c("plain", "metric"), function(name) {
    found <- lavPredict(fitted(cases[cases$name == name, ]), method = method, se = "standard")
    each <- attr(found, "se")
    do.call(rbind, lapply(seq_along(each), function(g)
      data.frame(name, method, group = g, latent = c("visual", "textual", "speed"), se = signif(as.numeric(each[[g]][1, ]), 10))))
  }))
}))
write(scores, "constraints_scores.csv")
