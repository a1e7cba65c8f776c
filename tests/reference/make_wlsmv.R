# Records what lavaan says about models of ordinal items, for tests/sem to compare with.
#
#   Rscript tests/reference/make_wlsmv.R      (R with lavaan 0.6-14; no other package)
#
# All data are simulated. Writes wlsmv.json: the data, the models, and for each case the parameter
# table, the fit measures and the tests against other cases.

suppressMessages(library(lavaan))

as_json <- function(x) {
  if (is.list(x)) {
    members <- sprintf("%s: %s", encodeString(names(x), quote = '"'), sapply(x, as_json))
    return(sprintf("{%s}", paste(members, collapse = ",\n")))
  }
  text <- if (is.character(x)) encodeString(x, quote = '"') else sprintf("%.10g", x)
  text[is.na(x)] <- "null"
  if (length(x) == 1 && !inherits(x, "AsIs")) text else sprintf("[%s]", paste(text, collapse = ","))
}

# --- data ---------------------------------------------------------------------------------------
loadings <- list(c(.8, .7, .6, .75), c(.7, .8, .65), c(.6, .7, .8, .7))
latent <- matrix(c(1, .4, .3, .4, 1, .2, .3, .2, 1), 3)
simulate <- function(seed, n, cuts, shift, stretch, name, continuous = character()) {
  set.seed(seed)
  f <- matrix(rnorm(n * 3), n) %*% chol(latent) * stretch + shift
  y <- do.call(cbind, lapply(1:3, function(j) {
    sapply(loadings[[j]], function(l) l * f[, j] + sqrt(1 - l^2) * rnorm(n))
  }))
  colnames(y) <- paste0("y", 1:11)
  code <- function(v) as.numeric(cut(v, c(-Inf, cuts, Inf)))
  items <- sapply(colnames(y), function(v) {
    if (v %in% continuous) round(3 + 2 * y[, v], 4) else code(y[, v])
  })
  data.frame(items, group = name)
}
shapes <- list(c(0, 1, 300), c(.3, 1.2, 250), c(-.2, .9, 400), c(.1, 1.1, 280))
sample_of <- function(seed, cuts, groups, ...) do.call(rbind, lapply(seq_len(groups), function(g) {
  s <- shapes[[g]]
  simulate(seed + g, s[3], cuts, s[1], s[2], paste0("g", g), ...)
}))
data <- list(
  five = sample_of(10, c(-1.5, -.9, -.2, .7), 4),
  three = sample_of(20, c(-.8, .6), 2),
  seven = sample_of(30, c(-1.4, -.9, -.4, .1, .6, 1.1), 2),
  two = sample_of(40, .2, 2),
  mixed = sample_of(50, c(-1.1, -.2, .7), 2, continuous = c("y2", "y7", "y11"))
)
data$gaps <- data$five[data$five$group %in% c("g1", "g2"), ]
set.seed(7)
for (j in 1:11) data$gaps[runif(nrow(data$gaps)) < .01 * j, j] <- NA

# --- models and cases ---------------------------------------------------------------------------
cfa <- "a =~ y1 + y2 + y3 + y4\nb =~ y5 + y6 + y7\nd =~ y8 + y9 + y10 + y11"
models <- c(
  cfa = cfa,
  sem = paste0(cfa, "\nd ~ p*a + q*b\nratio := p*q"),
  paths = paste0(cfa, "\nd ~ a + b"),
  labels = paste0(cfa, "\ny1 ~~ y5\ny1 | c(s, s)*t1 + t2\ny2 | -1*t1\ny3 ~*~ c(1, 0.8)*y3"),
  outcome = "a =~ y1 + y2 + y3 + y4\nb =~ y5 + y6 + y7\ny8 ~ a + b\ny9 ~ a",
  predicted = "a =~ y1 + y3 + y4\nb =~ y5 + y6 + y8\na + b ~ y2 + y7\ny3 ~ y7"
)
metric <- "loadings"
scalar <- "loadings|thresholds"
case <- function(name, data, groups, model = "cfa", equal = "", parameterization = "delta",
                 estimator = "WLSMV", missing = "listwise", std_lv = FALSE, partial = "") {
  data.frame(name, data, groups, model, equal, parameterization, estimator, missing, std_lv, partial)
}
cases <- rbind(
  case("five_one", "five", 1),
  case("five_one_theta", "five", 1, parameterization = "theta", std_lv = TRUE),
  case("sem_one", "five", 1, "sem"),
  case("two_configural", "five", 2),
  case("two_metric", "five", 2, "cfa", metric),
  case("two_scalar", "five", 2, "cfa", scalar),
  case("two_thresholds", "five", 2, "cfa", "thresholds"),
  case("two_metric_theta", "five", 2, "cfa", metric, "theta"),
  case("two_scalar_theta", "five", 2, "cfa", scalar, "theta"),
  case("two_strict_theta", "five", 2, "cfa", paste0(scalar, "|residuals"), "theta"),
  case("four_configural", "five", 4, "paths"),
  case("four_metric", "five", 4, "paths", metric, std_lv = TRUE),
  case("four_scalar", "five", 4, "paths", scalar),
  case("four_paths", "five", 4, "paths", paste0(scalar, "|regressions")),
  case("four_partial", "five", 4, "paths", scalar, partial = "a=~y2|y6|t2"),
  case("four_paths_theta", "five", 4, "paths", paste0(scalar, "|regressions"), "theta", std_lv = TRUE),
  case("three_metric", "three", 2, "cfa", metric),
  case("three_scalar", "three", 2, "cfa", scalar),
  case("three_strict_theta", "three", 2, "paths", paste0(scalar, "|residuals"), "theta"),
  case("seven_metric", "seven", 2, "paths", metric),
  case("seven_scalar", "seven", 2, "paths", paste0(scalar, "|lv.variances|lv.covariances")),
  case("binary_metric", "two", 2, "cfa", metric),
  case("binary_scalar", "two", 2, "cfa", scalar),
  case("mixed_one", "mixed", 1, "paths"),
  case("mixed_metric", "mixed", 2, "cfa", metric),
  case("mixed_scalar", "mixed", 2, "paths", paste0(scalar, "|intercepts")),
  case("mixed_scalar_theta", "mixed", 2, "paths", paste0(scalar, "|intercepts"), "theta"),
  case("mixed_strict", "mixed", 2, "cfa", paste0(scalar, "|intercepts|residuals")),
  case("mixed_thresholds", "mixed", 2, "cfa", scalar),
  case("mixed_intercepts", "mixed", 2, "cfa", "loadings|intercepts", "theta"),
  case("predicted_one", "mixed", 1, "predicted"),
  case("predicted_scalar", "mixed", 2, "predicted", scalar),
  case("predicted_theta", "mixed", 2, "predicted", paste0(scalar, "|regressions|residuals"), "theta"),
  case("equal_latents", "three", 2, "cfa", paste0(scalar, "|means|lv.variances"), std_lv = TRUE),
  case("gaps_listwise", "gaps", 2, "cfa", metric),
  case("gaps_pairwise", "gaps", 2, "cfa", metric, missing = "pairwise"),
  case("gaps_scalar", "gaps", 2, "paths", scalar, missing = "pairwise"),
  case("plain_metric", "five", 2, "cfa", metric, estimator = "DWLS"),
  case("mean_metric", "five", 2, "cfa", metric, estimator = "WLSM"),
  case("labels", "five", 2, "labels"),
  case("outcome", "five", 2, "outcome", metric),
  case("outcome_theta", "five", 2, "outcome", metric, "theta")
)

# --- fits ---------------------------------------------------------------------------------------
split_words <- function(text) if (nchar(text)) strsplit(text, "|", fixed = TRUE)[[1]] else ""
partial_of <- function(text) if (nchar(text)) c("a=~y2", "y6|t2") else ""
run <- function(row) {
  rows <- data[[row$data]]
  rows <- rows[rows$group %in% paste0("g", seq_len(row$groups)), ]
  ordered <- paste0("y", 1:11)
  if (row$data == "mixed") ordered <- setdiff(ordered, c("y2", "y7", "y11"))
  args <- list(models[[row$model]], rows, ordered = ordered, estimator = row$estimator,
               missing = row$missing, std.lv = row$std_lv,
               parameterization = row$parameterization, fixed.x = FALSE, conditional.x = FALSE,
               group.equal = split_words(row$equal),
               group.partial = partial_of(row$partial))
  if (row$groups > 1) args$group <- "group"
  suppressWarnings(do.call("sem", args))
}
table_of <- function(fit) {
  raw <- parameterEstimates(fit, remove.system.eq = TRUE, remove.eq = TRUE)
  standard <- standardizedSolution(fit, remove.eq = TRUE)
  if (is.null(raw$group)) raw$group <- ifelse(raw$op == ":=", 0, 1)
  raw <- raw[raw$op != "==", ]
  standard <- standard[standard$op != "==", ]
  list(lhs = I(raw$lhs), op = I(raw$op), rhs = I(raw$rhs), group = I(raw$group), est = I(raw$est),
       se = I(raw$se), std_all = I(standard$est.std), std_all_se = I(standard$se))
}
fits <- lapply(seq_len(nrow(cases)), function(i) run(cases[i, ]))
names(fits) <- cases$name
stopifnot(sapply(fits, lavInspect, "converged"))
results <- lapply(seq_len(nrow(cases)), function(i) {
  measures <- fitMeasures(fits[[i]])
  c(as.list(cases[i, ]), list(params = table_of(fits[[i]]), measures = as.list(measures)))
})
names(results) <- cases$name

# --- tests between fits ---------------------------------------------------------------------------
pairs <- list(
  c("two_metric", "two_configural"), c("two_scalar", "two_metric"),
  c("two_strict_theta", "two_scalar_theta"), c("two_scalar_theta", "two_metric_theta"),
  c("four_scalar", "four_metric"), c("four_paths", "four_scalar"), c("gaps_scalar", "gaps_pairwise"),
  c("mixed_scalar", "mixed_metric"), c("three_scalar", "three_metric"), c("four_partial", "four_metric")
)
tests <- lapply(pairs, function(p) {
  t <- suppressWarnings(lavTestLRT(fits[[p[1]]], fits[[p[2]]]))
  list(one = p[1], other = p[2], statistic = t[2, "Chisq diff"], df = t[2, "Df diff"],
       pvalue = t[2, "Pr(>Chisq)"])
})
names(tests) <- sapply(pairs, paste, collapse = " ")

# --- factor scores: of one group under delta; with several groups lavaan's do not agree with those of
# the same groups fitted alone -------------------------------------------------------------------------
scored <- c("five_one", "sem_one", "mixed_one")
scores <- lapply(scored, function(name)
  lapply(as.list(as.data.frame(lavPredict(fits[[name]])[1:40, ])), I))
names(scores) <- scored

columns <- lapply(data, function(d) {
  c(lapply(as.list(d[, 1:11]), I), list(group = I(d$group)))
})
text <- as_json(list(version = as.character(packageVersion("lavaan")), note = "simulated data",
                     models = as.list(models), data = columns, cases = results, tests = tests,
                     scores = scores))
path <- commandArgs(FALSE)
here <- dirname(sub("^--file=", "", path[grepl("^--file=", path)]))
writeLines(text, file.path(here, "wlsmv.json"))
