# Records what lavaan says of further kinds of models, for tests/sem/test_agreement_more.py. Run from
# this directory after make_lavaan.R, whose data it reads:
#   Rscript make_more.R
# Needs R with lavaan; writes more_*.csv here. The growth data are simulated.
suppressMessages(library(lavaan))

write <- function(x, name) write.csv(x, name, row.names = FALSE, quote = TRUE)

# --- data ---------------------------------------------------------------------------------------
set.seed(41)
growth <- do.call(rbind, lapply(1:2, function(g) {
  n <- 130
  z <- rnorm(n); w <- 0.4 * z + rnorm(n)
  level <- 1 + 0.5 * z + rnorm(n); slope <- 0.6 - 0.2 * g + 0.3 * w + 0.5 * rnorm(n)
  times <- sapply(0:3, function(t) level + t * slope + rnorm(n, sd = 0.8))
  colnames(times) <- paste0("t", 1:4)
  round(data.frame(times, z, w, half = g), 4)
}))
growth$half <- paste0("h", growth$half)
write(growth, "more_data_growth.csv")
data <- list(growth = growth, hs = read.csv("sem_data_hs.csv"), gaps = read.csv("sem_data_gaps.csv"))
groups <- c(growth = "half", hs = "school", gaps = "model")

# --- models -------------------------------------------------------------------------------------
hs <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
curve <- paste("i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4", "s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4",
               "t1 + t2 + t3 + t4 ~ 0*1", "i ~ 1", "s ~ 1", sep = "\n")
models <- c(
  hs = hs,
  curve = curve,
  predicted = paste(curve, "i + s ~ z + w", "t3 ~ w", sep = "\n"),
  second = paste(hs, "general =~ visual + textual + speed", "visual + textual + speed ~ c(0, 0)*1",
                 sep = "\n"),
  bifactor = paste("g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9", "v =~ x1 + x2 + x3",
                   "s =~ x7 + x8 + x9", "g ~~ 0*v + 0*s", "v ~~ 0*s", sep = "\n"),
  residuals = paste(hs, "x7 ~~ x8", "x1 ~~ x4", sep = "\n"),
  mimic = paste(hs, "visual + textual + speed ~ ageyr", "x5 ~ ageyr", sep = "\n"),
  modifiers = paste(
    "visual =~ c(NA, NA)*x1 + c(l2, l2)*x2 + c(l3, m3)*x3", "textual =~ x4 + l5*x5 + start(0.9)*x6",
    "speed =~ 1*x7 + c(s, s)*x8 + c(1.2, NA)*x9", "visual ~~ c(1, 1)*visual",
    "textual ~ c(p1, p2)*visual", "speed ~ q*visual + c(0, NA)*textual", "x4 ~~ c(v, v)*x4",
    "x6 ~~ c(w, v)*x6", "l2 == l3", "gap := p1 - p2", "ratio := exp(p1) / sqrt(1 + p2^2)", sep = "\n"),
  covariates = paste(curve, "i + s ~ w", "t1 + t2 + t3 + t4 ~ z", sep = "\n"),
  every = paste("a =~ x1 + x2 + x3", "b =~ x4 + x5 + x6", "x1 + x2 + x3 ~ ageyr", "x3 ~~ x4",
                "b ~ a", sep = "\n"),
  path = "t2 ~ t1 + z\nt3 ~ a*t2 + z + w\nt4 ~ b*t3 + t2\nab := a*b\nscaled := log(a^2)/b"
)

# --- cases --------------------------------------------------------------------------------------
case <- function(name, model, data, equal = "", partial = "", ident = "marker", grouped = TRUE,
                 fixed_x = TRUE) {
  data.frame(name, model, data, equal, partial, ident, fixed_x,
             group = if (grouped) groups[[data]] else "")
}
metric <- "loadings"; scalar <- "loadings|intercepts"; strict <- "loadings|intercepts|residuals"
cases <- rbind(
  case("curve", "curve", "growth"),
  case("curve_equal", "curve", "growth", "means|lv.variances|lv.covariances|residuals"),
  case("predicted_one", "predicted", "growth", grouped = FALSE),
  case("predicted", "predicted", "growth", "regressions"),
  case("second_scalar", "second", "hs", scalar),
  case("bifactor_metric", "bifactor", "hs", metric, ident = "std_lv"),
  case("residuals", "residuals", "hs", "loadings|residuals|residual.covariances"),
  case("mimic", "mimic", "hs", "loadings|intercepts|regressions"),
  case("covariates", "covariates", "growth"),
  case("covariates_free", "covariates", "growth", fixed_x = FALSE),
  case("covariates_equal", "covariates", "growth",
       "regressions|residuals|residual.covariances|intercepts", fixed_x = FALSE),
  case("every", "every", "hs", metric),
  case("modifiers", "modifiers", "hs"),
  case("path", "path", "growth"),
  case("path_equal", "path", "growth", "regressions|intercepts", partial = "t4~t2|t3~1"),
  case("partial", "hs", "hs", paste0(strict, "|lv.variances"), partial = "x5~~x5|speed~~speed|x9~1"),
  case("effects_strict", "hs", "hs", strict, ident = "effects")
)
cases <- merge(cases, data.frame(estimator = c("ML", "MLR")))
cases$name <- paste(cases$name, cases$estimator, sep = "_")
cases$text <- models[cases$model]
cases$version <- as.character(packageVersion("lavaan"))
split_words <- function(text) if (nchar(text)) strsplit(text, "|", fixed = TRUE)[[1]] else ""
tight <- list(rel.tol = 1e-12, iter.max = 5000, eval.max = 9000)
quietly <- function(args) {
  fit <- suppressWarnings(do.call("sem", c(args, list(control = tight))))
  if (lavInspect(fit, "converged")) return(fit)
  suppressWarnings(do.call("sem", args)) # asked for more than the numbers hold
}
run <- function(row) {
  args <- list(row$text, data[[row$data]], estimator = row$estimator, std.lv = row$ident == "std_lv",
               group.equal = split_words(row$equal), group.partial = split_words(row$partial),
               fixed.x = row$fixed_x)
  if (nchar(row$group)) args$group <- row$group
  if (row$ident == "effects") args$effect.coding <- c("loadings", "intercepts")
  quietly(args)
}
fits <- lapply(seq_len(nrow(cases)), function(i) run(cases[i, ]))
names(fits) <- cases$name
stopifnot(sapply(fits, lavInspect, "converged"))
write(cases, "more_cases.csv")

numbered <- function(table) {
  if (is.null(table$group)) table$group <- ifelse(table$op == ":=", 0, 1)
  table[!table$op %in% c("==", "<", ">"), ]
}
table_of <- function(name, fit) {
  raw <- numbered(parameterEstimates(fit, remove.system.eq = TRUE, remove.eq = TRUE))
  standard <- numbered(standardizedSolution(fit, remove.eq = TRUE))
  data.frame(name, raw[, c("lhs", "op", "rhs", "group")], est = signif(raw$est, 10),
             se = signif(raw$se, 10), std_all = signif(standard$est.std, 10),
             std_all_se = signif(standard$se, 10))
}
write(do.call(rbind, lapply(cases$name, function(n) table_of(n, fits[[n]]))), "more_params.csv")
write(do.call(rbind, lapply(cases$name, function(n) {
  m <- fitMeasures(fits[[n]])
  data.frame(name = n, measure = names(m), value = signif(as.numeric(m), 12))
})), "more_measures.csv")

# --- factor scores where observed predictors have a part ------------------------------------------
scores_of <- function(name, method) {
  scores <- lavPredict(fits[[name]], method = method)
  do.call(rbind, lapply(seq_along(scores), function(g) {
    first <- scores[[g]][1:12, , drop = FALSE]
    data.frame(name, method, group = g, latent = rep(colnames(first), each = 12),
               row = 1:12, score = signif(as.numeric(first), 8))
  }))
}
scored <- expand.grid(name = c("predicted_ML", "covariates_ML", "covariates_free_ML", "mimic_ML", "every_ML"),
                      method = c("regression", "Bartlett"), stringsAsFactors = FALSE)
write(do.call(rbind, Map(scores_of, scored$name, scored$method)), "more_scores.csv")

# --- Satorra & Bentler (2010) between unlike parameterisations --------------------------------------
# lavaan's own value needs equal ones, so M10, the looser model at what the stricter one implies, is
# made here: fitted to those moments, and then evaluated on the data.
ladder <- function(equal, ...)
  quietly(list(hs, data$hs, group = "school", estimator = "MLR", group.equal = equal, ...))
difference_2010 <- function(name, strict, loose, ident) {
  std <- ident == "std_lv"
  one <- ladder(strict, std.lv = std); other <- ladder(loose, std.lv = std)
  implied <- lavInspect(one, "implied")
  there <- suppressWarnings(sem(
    hs, sample.cov = lapply(implied, `[[`, "cov"), sample.mean = lapply(implied, `[[`, "mean"),
    sample.nobs = lavInspect(one, "nobs"), sample.cov.rescale = FALSE, group.equal = loose,
    std.lv = std, control = list(rel.tol = 1e-14)))
  stopifnot(fitMeasures(there, "chisq") < 1e-9)
  table <- parTable(other)
  table$start <- table$est <- parTable(there)$est
  m10 <- suppressWarnings(lavaan(table, data$hs, group = "school", estimator = "MLR",
                                 optim.method = "none", optim.force.converged = TRUE))
  of <- function(fit, what) as.numeric(fitMeasures(fit, what))
  df <- of(one, "df") - of(other, "df")
  factor <- (of(one, "df") * of(one, "chisq.scaling.factor") -
               of(other, "df") * m10@test[[2]]$scaling.factor) / df
  data.frame(name, strict = paste(strict, collapse = "|"), loose, ident,
             statistic = (of(one, "chisq") - of(other, "chisq")) / factor, df = df)
}
write(rbind(
  difference_2010("scalar", c("loadings", "intercepts"), "loadings", "marker"),
  difference_2010("metric_std", "loadings", "", "std_lv"),
  difference_2010("scalar_std", c("loadings", "intercepts"), "loadings", "std_lv")
), "more_tests.csv")

# --- an item that nobody in one group answered ------------------------------------------------------
# lavaan needs every item in every group. Given x3 in m2 as alternating numbers that the model holds
# to be unrelated to all else, its other estimates are those without the item; the log-likelihood is
# larger by that of the alternating numbers, and two parameters are added.
never <- data$gaps
rows <- never$model == "m2"
never$x3[rows] <- rep_len(c(-1, 1), sum(rows))
noise <- sum(dnorm(never$x3[rows], mean(never$x3[rows]),
                   sqrt(mean((never$x3[rows] - mean(never$x3[rows]))^2)), log = TRUE))
equal <- function(name) sprintf("c(%s, %s, %s)*", name, name, name)
measured <- function(x3) paste0(
  "a =~ x1 + ", equal("l2"), "x2 + ", x3, " + ", equal("l4"), "x4\n",
  "b =~ x5 + ", equal("l6"), "x6 + ", equal("l7"), "x7\nb ~ a")
full <- list(em.h1.tol = 1e-10, em.h1.iter.max = 5000, missing = "fiml")
apart <- lapply(c("m1", "m2", "m3"), function(g) quietly(c(list(
  if (g == "m2") "a =~ x1 + x2 + x4\nb =~ x5 + x6 + x7\nb ~ a" else "a =~ x1 + x2 + x3 + x4\nb =~ x5 + x6 + x7\nb ~ a",
  data$gaps[data$gaps$model == g, ]), full)))
top <- sum(sapply(apart, fitMeasures, "unrestricted.logl"))
table <- do.call(rbind, lapply(c("ML", "MLR"), function(estimator) {
  fit <- quietly(c(list(measured("c(l3, z, l3)*x3 + c(NA, 0, NA)*x3"), never, group = "model",
                        estimator = estimator), full))
  part <- numbered(parameterEstimates(fit))
  part <- part[!(part$group == 2 & (part$lhs == "x3" | part$rhs == "x3")), ]
  logl <- as.numeric(fitMeasures(fit, "logl")) - noise
  data.frame(name = estimator, part[, c("lhs", "op", "rhs", "group")], est = signif(part$est, 10),
             se = signif(part$se, 10), logl = signif(logl, 12),
             chisq = signif(2 * (top - logl), 12), npar = fitMeasures(fit, "npar")[[1]] - 2)
}))
write(table, "more_never.csv")
