# Records what lavaan says about the sample statistics of ordinal and mixed data.
#
#   Rscript tests/reference/make_polychoric.R      (R with lavaan 0.6-14; no other package)
#
# The data are simulated. Each case holds the data, which columns are ordered, the treatment of
# missing answers, and lavaan's vector of sample statistics with its names and its NACOV matrix.

suppressMessages(library(lavaan))

as_json <- function(x) {
  if (is.matrix(x)) return(sprintf("[%s]", paste(apply(x, 1, as_json), collapse = ",\n")))
  if (is.list(x)) {
    members <- sprintf("%s: %s", encodeString(names(x), quote = '"'), sapply(x, as_json))
    return(sprintf("{%s}", paste(members, collapse = ",\n")))
  }
  text <- if (is.character(x)) encodeString(x, quote = '"') else sprintf("%.16g", x)
  text[is.na(x)] <- "null"
  if (length(x) == 1 && !inherits(x, "AsIs")) text else sprintf("[%s]", paste(text, collapse = ","))
}

one_factor_scores <- function(n, loadings) {
  factor <- rnorm(n)
  sapply(loadings, function(l) l * factor + sqrt(1 - l^2) * rnorm(n))
}

cut_at <- function(x, thresholds) as.integer(cut(x, c(-Inf, thresholds, Inf)))

with_holes <- function(data, share) {
  holes <- matrix(runif(nrow(data) * ncol(data)) < share, nrow(data))
  data[holes] <- NA
  data
}

record <- function(data, ordered, missing = "listwise") {
  model <- paste("f =~", paste(names(data), collapse = " + "))
  fit <- suppressWarnings(cfa(model, data, ordered = ordered, estimator = "WLSMV",
                              missing = missing, std.lv = TRUE, do.fit = FALSE))
  statistics <- lavInspect(fit, "wls.obs")
  list(
    columns = names(data), ordered = I(ordered), missing = missing,
    data = unname(as.matrix(data)),
    n = lavInspect(fit, "nobs"),
    names = names(statistics), statistics = as.numeric(statistics),
    gamma = unname(unclass(lavInspect(fit, "gamma"))),
    weights = as.numeric(diag(lavInspect(fit, "wls.v")))
  )
}

likert <- function(n = 200) {
  x <- one_factor_scores(n, c(.8, .7, -.6, .75, .5))
  as.data.frame(list(
    two = cut_at(x[, 1], .3), three = cut_at(x[, 2], c(-.8, .9)),
    five = cut_at(x[, 3], c(-1.2, -.4, .3, 1.1)), also_five = cut_at(x[, 4], c(-1, 0, .5, 1.3)),
    seven = cut_at(x[, 5], c(-1.4, -.8, -.2, .4, .9, 1.5))
  ))
}

mixed <- function(n = 200) {
  x <- one_factor_scores(n, c(.7, .6, .8, .65, -.6))
  as.data.frame(list(
    three = cut_at(x[, 1], c(-.8, .9)), first = 3 + 2 * x[, 2],
    five = cut_at(x[, 3], c(-1.2, -.4, .3, 1.1)), second = 10 * x[, 4] - 4 + x[, 4]^2,
    two = cut_at(x[, 5], .1)
  ))
}

binary <- function(n = 60) {
  x <- one_factor_scores(n, c(.9, .9, .5, .6))
  as.data.frame(list(
    rare = cut_at(x[, 1], 1.5), common = cut_at(x[, 2], -.9),
    middle = cut_at(x[, 3], 0), skewed = cut_at(x[, 4], .8)
  ))
}

high <- function(n = 300) {
  x <- one_factor_scores(n, c(.985, .985, -.98, .97))
  as.data.frame(list(
    a = cut_at(x[, 1], c(-1, 0, 1)), b = cut_at(x[, 2], c(-.9, .1, .9)),
    c = cut_at(x[, 3], c(-.5, .6)), d = cut_at(x[, 4], c(-1.5, -.5, .2, 1.2))
  ))
}

set.seed(20260101)
cases <- list(
  likert = record(likert(), c("two", "three", "five", "also_five", "seven")),
  likert_pairwise = record(with_holes(likert(), .12),
                           c("two", "three", "five", "also_five", "seven"), "pairwise"),
  likert_listwise = record(with_holes(likert(), .06),
                           c("two", "three", "five", "also_five", "seven")),
  mixed = record(mixed(), c("three", "five", "two")),
  mixed_pairwise = record(with_holes(mixed(), .1), c("three", "five", "two"), "pairwise"),
  binary = record(binary(), c("rare", "common", "middle", "skewed")),
  high = record(high(), c("a", "b", "c", "d"))
)
# Correlations of single tables: one empty cell of a 2 x 2 table on and off the diagonal.
correlation_of <- function(counts) {
  data <- data.frame(a = rep(row(counts), counts), b = rep(col(counts), counts))
  list(counts = counts, correlation = suppressWarnings(lavCor(data, ordered = names(data)))[1, 2])
}
tables <- list(
  lower_left = correlation_of(matrix(c(30, 0, 10, 20), 2)),
  upper_right = correlation_of(matrix(c(30, 10, 0, 20), 2)),
  upper_left = correlation_of(matrix(c(0, 10, 20, 30), 2)),
  lower_right = correlation_of(matrix(c(30, 10, 20, 0), 2)),
  empty_cells = correlation_of(matrix(c(0, 3, 3, 0, 10, 182), 2))
)
writeLines(as_json(list(lavaan = as.character(packageVersion("lavaan")), cases = cases,
                        tables = tables)),
           "tests/reference/polychoric.json")
