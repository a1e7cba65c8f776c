# Records what lavaan says, for tests/sem to compare with. Run from this directory:
#   Rscript make_lavaan.R
# Needs R with lavaan; writes sem_*.csv here.
# All data but HolzingerSwineford1939 (shipped with lavaan) are simulated.
suppressMessages(library(lavaan))

write <- function(x, name) write.csv(x, name, row.names = FALSE, quote = TRUE)

# --- data ---------------------------------------------------------------------------------------
simulate <- function(seed, n, shift) {
  set.seed(seed)
  a <- rnorm(n); b <- 0.3 * a + rnorm(n); z <- rnorm(n)
  d <- 0.5 * a - 0.4 * b + 0.3 * z + 0.8 * rnorm(n) + shift
  load <- function(f, l) sapply(l, function(v) v * f + rnorm(n, sd = 0.7))
  y <- cbind(load(a, c(.9, .8, .7, .6)), load(b, c(.8, .9, .7)), load(d, c(.7, .8, .9, .8)))
  likert <- apply(y, 2, function(v) as.numeric(cut(v, c(-Inf, -1, -0.2, 0.6, 1.3, Inf))))
  colnames(likert) <- paste0("x", 1:11)
  data.frame(likert, z = round(z, 4), w = round(0.4 * d + rnorm(n), 4))
}
groups <- list(c(11, 180, 0), c(12, 150, .4), c(13, 220, -.3))
likert <- do.call(rbind, lapply(seq_along(groups), function(g) {
  part <- do.call(simulate, as.list(groups[[g]]))
  part$model <- paste0("m", g)
  part
}))
write(likert, "sem_data_likert.csv")

set.seed(99)
gaps <- likert
for (j in c(1, 4, 6, 9, 11)) gaps[runif(nrow(gaps)) < 0.04 + 0.02 * j * (gaps$z > 0), j] <- NA
write(gaps, "sem_data_gaps.csv")

hs <- HolzingerSwineford1939[, c("school", "ageyr", paste0("x", 1:9))]
hs$school <- as.character(hs$school)
write(hs, "sem_data_hs.csv")

# --- models -------------------------------------------------------------------------------------
models <- c(
  hs = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9",
  cfa = "a =~ x1 + x2 + x3 + x4\nb =~ x5 + x6 + x7\nd =~ x8 + x9 + x10 + x11",
  sem = "a =~ x1 + x2 + x3 + x4\nb =~ x5 + x6 + x7\nd =~ x8 + x9 + x10 + x11\nd ~ a + b",
  covariate = paste0("a =~ x1 + x2 + x3 + x4\nd =~ x8 + x9 + x10 + x11\n",
                     "d ~ p*a + z\nw ~ q*d + z\nx1 ~~ x2\nindirect := p*q\nratio := indirect/(1 + q^2)"),
  path = "x1 ~ a1*x5 + z\nw ~ b1*x1 + x8\nx8 ~~ x5\nab := a1*b1",
  second = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nd =~ x7 + x8 + x9\ng =~ a + b + d",
  bifactor = paste0("g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7\na =~ x1 + x2 + x3 + x4\n",
                    "g ~~ 0*a\nw ~ g"),
  labels = paste0("a =~ x1 + l*x2 + c(l2, l2, l3)*x3 + x4\nb =~ x5 + 0.9*x6 + x7\n",
                  "a ~~ c(1, NA, NA)*a\na ~ c(0, NA, NA)*1\nx1 ~ c(i1, i1, i1)*1\nb ~ c(r1, r2, r2)*a"),
  single = "a =~ x1 + x2 + x3 + x4\ns =~ w\ns ~ a + z\nx5 ~ s"
)

# --- cases --------------------------------------------------------------------------------------
metric <- "loadings"
scalar <- "loadings|intercepts"
strict <- "loadings|intercepts|residuals"
case <- function(name, model, data, group, estimator = "ML", missing = "listwise", equal = "",
                 partial = "", ident = "marker") {
  data.frame(name, model, data, group, estimator, missing, equal, partial, ident)
}
cases <- list()
add <- function(...) cases[[length(cases) + 1]] <<- case(...)
for (estimator in c("ML", "MLR")) {
  for (level in list(c("configural", ""), c("metric", metric), c("scalar", scalar), c("strict", strict))) {
    add(paste("hs", estimator, level[1], sep = "_"), "hs", "hs", "school", estimator, equal = level[2])
    add(paste("sem", estimator, level[1], sep = "_"), "sem", "likert", "model", estimator,
        equal = level[2], ident = "std_lv")
    add(paste("fiml", estimator, level[1], sep = "_"), "sem", "gaps", "model", estimator, "fiml",
        equal = level[2])
  }
  add(paste("paths", estimator, sep = "_"), "sem", "likert", "model", estimator,
      equal = paste(metric, "regressions", "lv.covariances", sep = "|"))
  add(paste("all", estimator, sep = "_"), "cfa", "likert", "model", estimator,
      equal = paste(strict, "lv.variances", "lv.covariances", "means", sep = "|"))
  add(paste("partial", estimator, sep = "_"), "cfa", "likert", "model", estimator, equal = scalar,
      partial = "a=~x3|x6~1")
  add(paste("effects", estimator, sep = "_"), "cfa", "likert", "model", estimator, equal = scalar,
      ident = "effects")
  add(paste("covariate", estimator, sep = "_"), "covariate", "likert", "", estimator)
  add(paste("covariate_groups", estimator, sep = "_"), "covariate", "likert", "model", estimator,
      equal = metric)
  add(paste("covariate_fiml", estimator, sep = "_"), "covariate", "gaps", "", estimator, "fiml")
  add(paste("path", estimator, sep = "_"), "path", "likert", "model", estimator)
  add(paste("second", estimator, sep = "_"), "second", "hs", "", estimator)
  add(paste("bifactor", estimator, sep = "_"), "bifactor", "likert", "", estimator, ident = "std_lv")
  add(paste("labels", estimator, sep = "_"), "labels", "likert", "model", estimator, equal = "")
  add(paste("single", estimator, sep = "_"), "single", "likert", "model", estimator, equal = metric)
}
cases <- do.call(rbind, cases)

# --- fits ---------------------------------------------------------------------------------------
data <- list(hs = hs, likert = likert, gaps = gaps)
split_words <- function(text) if (nchar(text)) strsplit(text, "|", fixed = TRUE)[[1]] else ""
run <- function(row) {
  args <- list(models[[row$model]], data[[row$data]], estimator = row$estimator,
               missing = row$missing, std.lv = row$ident == "std_lv", em.h1.tol = 1e-9, em.h1.iter.max = 5000,
               group.equal = split_words(row$equal), group.partial = split_words(row$partial),
               control = list(rel.tol = 1e-12, iter.max = 5000, eval.max = 9000))
  if (nchar(row$group)) args$group <- row$group
  if (row$ident == "effects") args$effect.coding <- c("loadings", "intercepts")
  fit <- suppressWarnings(do.call("sem", args))
  if (lavInspect(fit, "converged")) return(fit)
  args$control <- NULL # asked for more than the numbers hold: lavaan's own tolerance
  suppressWarnings(do.call("sem", args))
}
table_of <- function(name, fit) {
  raw <- parameterEstimates(fit, remove.system.eq = TRUE)
  standard <- standardizedSolution(fit, remove.eq = TRUE)
  if (is.null(raw$group)) raw$group <- ifelse(raw$op == ":=", 0, 1)
  raw$label <- NULL
  data.frame(name, raw[, c("lhs", "op", "rhs", "group", "est", "se", "ci.lower", "ci.upper")],
             std_all = standard$est.std, std_all_se = standard$se)
}
fits <- lapply(seq_len(nrow(cases)), function(i) run(cases[i, ]))
names(fits) <- cases$name
stopifnot(sapply(fits, lavInspect, "converged"))
cases$version <- as.character(packageVersion("lavaan"))
cases$text <- models[cases$model]
write(cases, "sem_cases.csv")
params <- do.call(rbind, lapply(cases$name, function(n) table_of(n, fits[[n]])))
for (column in c("est", "se", "ci.lower", "ci.upper", "std_all", "std_all_se"))
  params[[column]] <- signif(params[[column]], 10)
write(params, "sem_params.csv")
write(do.call(rbind, lapply(cases$name, function(n) {
  m <- fitMeasures(fits[[n]])
  data.frame(name = n, measure = names(m), value = signif(as.numeric(m), 12))
})), "sem_measures.csv")

# --- tests between fits ---------------------------------------------------------------------------
levels <- c("configural", "metric", "scalar", "strict")
tests <- list()
for (kind in c("hs_ML", "hs_MLR", "sem_ML", "sem_MLR", "fiml_ML", "fiml_MLR")) for (i in 2:4) {
  one <- paste(kind, levels[i], sep = "_"); other <- paste(kind, levels[i - 1], sep = "_")
  methods <- if (grepl("MLR", kind)) c("satorra.bentler.2001", "satorra.bentler.2010") else "default"
  # the method of 2010 needs both models in one parameterisation; lavaan only has it for these
  if (!(kind == "hs_MLR" && i != 3)) methods <- methods[methods != "satorra.bentler.2010"]
  for (method in methods) {
    t <- suppressWarnings(lavTestLRT(fits[[one]], fits[[other]], method = method))
    tests[[length(tests) + 1]] <- data.frame(one, other, method, statistic = t[2, "Chisq diff"],
                                             df = t[2, "Df diff"], pvalue = t[2, "Pr(>Chisq)"])
  }
}
wald <- lavTestWald(fits[["labels_MLR"]], "r1 == r2")
tests[[length(tests) + 1]] <- data.frame(one = "labels_MLR", other = "r1 == r2", method = "wald",
                                         statistic = wald$stat, df = wald$df, pvalue = wald$p.value)
write(do.call(rbind, tests), "sem_tests.csv")

# --- score tests and factor scores ----------------------------------------------------------------
indices <- function(name, ...) {
  m <- modindices(fits[[name]], ...)
  if (is.null(m$group)) m$group <- 1
  data.frame(name, m[, c("lhs", "op", "rhs", "group", "mi", "epc")])
}
write(rbind(indices("second_ML"), indices("hs_ML_configural"), indices("sem_ML_metric"),
            indices("fiml_ML_metric")), "sem_indices.csv")
releases <- do.call(rbind, lapply(c("hs_ML_scalar", "sem_ML_metric"), function(n) {
  u <- lavTestScore(fits[[n]])$uni
  table <- parTable(fits[[n]])
  at <- match(u$rhs, table$plabel)
  data.frame(name = n, lhs = table$lhs[at], op = table$op[at], rhs = table$rhs[at],
             group = table$group[at], statistic = u$X2)
}))
write(releases, "sem_releases.csv")
scores <- function(name, method) {
  s <- lavPredict(fits[[name]], method = method)
  if (!is.list(s)) s <- list(s)
  do.call(rbind, lapply(seq_along(s), function(g) {
    rows <- seq_len(min(20, nrow(s[[g]])))
    data.frame(name, method, group = g, row = rows, latent = rep(colnames(s[[g]]), each = length(rows)),
               score = signif(as.numeric(s[[g]][rows, ]), 10))
  }))
}
write(rbind(scores("hs_ML_scalar", "regression"), scores("hs_ML_scalar", "Bartlett"),
            scores("sem_MLR_metric", "regression"), scores("sem_MLR_metric", "Bartlett"),
            scores("fiml_ML_metric", "regression"), scores("fiml_ML_metric", "Bartlett"),
            scores("second_ML", "regression")), "sem_scores.csv")
