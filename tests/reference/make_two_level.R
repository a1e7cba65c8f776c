# Records what lavaan says of models of two levels, for tests/sem/two_level. Run from this directory:
#   Rscript make_two_level.R
# Needs R with lavaan 0.6-14; writes two_level_*.csv here. The data are simulated: unbalanced clusters in
# two groups.
suppressMessages(library(lavaan))

write <- function(x, name) write.csv(x, name, row.names = FALSE, quote = TRUE)

# --- data ---------------------------------------------------------------------------------------
set.seed(77)
size <- sample(2:9, 90, replace = TRUE)
j <- rep(seq_along(size), size)
n <- length(j)
half <- ifelse(seq_along(size) > 50, "second", "first")
w1 <- rnorm(90); w2 <- .3 * w1 + rnorm(90)
between <- .5 * w1 - .3 * w2 + .8 * rnorm(90)
other <- .4 * between + .6 * rnorm(90)
x1 <- rnorm(n); x2 <- .2 * x1 + rnorm(n)
x3 <- .7 * rnorm(90)[j] + rnorm(n)
within <- .6 * x1 + .3 * x2 + .2 * x3 + .8 * rnorm(n)
last <- .5 * within + .7 * rnorm(n)
item <- function(l, f, g, s = .6) l * f + l * g[j] + s * rnorm(n) + .25 * rnorm(90)[j]
data <- data.frame(
  y1 = 1 + item(1, within, between), y2 = item(.8, within, between), y3 = item(.7, within, between),
  y4 = 2 + item(.9, last, other), y5 = item(.8, last, other), y6 = item(1.1, last, other),
  x1, x2, x3, v = .4 * within + rnorm(n), w1 = w1[j], w2 = w2[j])
data <- round(data, 4)
data$cluster <- paste0("c", j)
data$half <- half[j]
# Groups of the same rows and clusters: where parameters are equal across others, lavaan 0.6-14 ends at a
# likelihood lower than its own at the true maximum.
turn <- ave(size, size, FUN = seq_along)
paired <- turn <= 2 * (ave(size, size, FUN = length) %/% 2)
data$even <- ifelse(paired, ifelse(turn %% 2 == 1, "a", "b"), "")[j]
write(data, "two_level_data.csv")

# --- models -------------------------------------------------------------------------------------
models <- list(
  one = c("f =~ y1 + y2 + y3", "f =~ y1 + y2 + y3"),
  predicted = c("f =~ y1 + y2 + y3\nf ~ x1 + x2", "f =~ y1 + y2 + y3\nf ~ w1 + w2"),
  two = c("f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6\ng ~ a*f + x1", "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6\ng ~ b*f + w1"),
  equal = c("f =~ y1 + l2*y2 + l3*y3\ng =~ y4 + y5 + y6", "f =~ y1 + l2*y2 + l3*y3\ng =~ y4 + y5 + y6\ny4 ~~ y5"),
  plain = c("y1 ~ c*x1 + y4\ny4 ~ d*x1", "y1 ~ y4 + w1\ny4 ~ w1 + w2"),
  outcome = c("f =~ y1 + y2 + y3\nv ~ f + x1", "f =~ y1 + y2 + y3"),
  saturated = c("y1 ~~ y2 + y4\ny2 ~~ y4", "y1 ~~ y2 + y4\ny2 ~~ y4"),
  both = c("f =~ y1 + y2 + y3\nf ~ x1 + x3", "f =~ y1 + y2 + y3\nf ~ w1 + x3")
)
defined <- c(two = "gap := a - b", plain = "cd := c*d")
text_of <- function(m) paste0("level: 1\n", m[1], "\nlevel: 2\n", m[2])
grouped <- function(text) paste0("group: 1\n", text, "\ngroup: 2\n", text)
case <- function(name, model, groups = FALSE, equal = "", std_lv = FALSE, fixed_x = TRUE) {
  text <- text_of(models[[model]])
  if (model %in% names(defined)) text <- paste(text, defined[[model]], sep = "\n")
  group <- if (!groups) "" else if (nchar(equal)) "even" else "half"
  data.frame(name, text, group, equal, std_lv, fixed_x)
}
cases <- rbind(
  case("one", "one"), case("predicted", "predicted"), case("two", "two", std_lv = TRUE),
  case("equal", "equal"), case("plain", "plain"), case("outcome", "outcome"),
  case("saturated", "saturated"), case("free_x", "predicted", fixed_x = FALSE),
  case("both", "both", fixed_x = FALSE), case("held", "both"),
  case("groups", "predicted", TRUE), case("metric", "one", TRUE, "loadings"),
  case("scalar", "one", TRUE, "loadings|intercepts", std_lv = TRUE),
  case("regressions", "predicted", TRUE, "loadings|regressions")
)
cases <- merge(cases, data.frame(estimator = c("ML", "MLR")))
cases$name <- paste(cases$name, cases$estimator, sep = "_")
cases$version <- as.character(packageVersion("lavaan"))

split_words <- function(text) if (nchar(text)) strsplit(text, "|", fixed = TRUE)[[1]] else ""
# lavaan 0.6-14 takes no notice of equal intercepts in models of two levels, and frees no variance or mean of
# latent variables in other groups: there the model is written out.
scalar <- paste0("level: 1\nf =~ NA*y1 + a1*y1 + a2*y2 + a3*y3\nf ~~ %s*f\nlevel: 2\nf =~ NA*y1 + b1*y1 + b2*y2 + b3*y3",
                 "\nf ~~ %s*f\ny1 ~ i1*1\ny2 ~ i2*1\ny3 ~ i3*1\nf ~ %s*1")
written_out <- paste0("group: 1\n", sprintf(scalar, 1, 1, 0), "\ngroup: 2\n", sprintf(scalar, "NA", "NA", "NA"))
fitted <- function(text, row, ...) {
  rows <- if (row$group == "even") data[data$even != "", ] else data
  explicit <- startsWith(row$name, "scalar") && text == row$text
  args <- list(if (explicit) written_out else if (nchar(row$group)) grouped(text) else text, rows, cluster = "cluster",
               estimator = row$estimator, std.lv = row$std_lv && !explicit,
               group.equal = if (explicit) "" else split_words(row$equal), ...)
  if (nchar(row$group)) args <- c(args, list(group = row$group, group.label = unique(rows[[row$group]])))
  for (tol in c(1e-11, 1e-10, 1e-9)) {
    fit <- suppressWarnings(do.call("sem", c(args, list(control = list(rel.tol = tol)))))
    if (lavInspect(fit, "converged")) return(fit)
  }
  suppressWarnings(do.call("sem", args))
}
# lavaan's EM for the free model stops early; fitted as a model, its likelihood is that of its maximum.
free <- function(text, row) {
  names <- lapply(1:2, function(l) lavNames(lavaanify(text), "ov", level = l))
  pairs <- function(v) paste(unlist(lapply(seq_along(v), function(i)
    paste(v[i], "~~", paste(v[i:length(v)], collapse = " + ")))), collapse = "\n")
  fitted(text_of(sapply(names, pairs)), row, fixed.x = FALSE)
}
record <- function(row) {
  fit <- fitted(row$text, row, fixed.x = row$fixed_x)
  stopifnot(lavInspect(fit, "converged"))
  exact <- NA
  if (row$estimator == "ML" && !startsWith(row$name, "held")) {
    joint <- fitted(row$text, row, fixed.x = FALSE)
    exact <- 2 * (fitMeasures(free(row$text, row), "logl") - fitMeasures(joint, "logl"))
  }
  raw <- parameterEstimates(fit, remove.system.eq = TRUE, remove.eq = TRUE)
  standard <- standardizedSolution(fit, remove.eq = TRUE)
  raw <- raw[!raw$op %in% c("==", "<", ">"), ]
  standard <- standard[!standard$op %in% c("==", "<", ">"), ]
  if (is.null(raw$group)) raw$group <- ifelse(raw$op == ":=", 0, 1)
  m <- fitMeasures(fit)
  list(params = data.frame(name = row$name, raw[, c("lhs", "op", "rhs", "group", "level")],
                           est = signif(raw$est, 10), se = signif(raw$se, 10),
                           std_all = signif(standard$est.std, 10), std_all_se = signif(standard$se, 10)),
       measures = data.frame(name = row$name, measure = c(names(m), "exact"),
                             value = signif(c(as.numeric(m), as.numeric(exact)), 12)))
}
made <- lapply(seq_len(nrow(cases)), function(i) { cat(cases$name[i], "\n"); record(cases[i, ]) })
write(cases, "two_level_cases.csv")
write(do.call(rbind, lapply(made, `[[`, "params")), "two_level_params.csv")
write(do.call(rbind, lapply(made, `[[`, "measures")), "two_level_measures.csv")
