# Records what lavaan says of clustered and weighted samples, for tests/sem/test_clusters.py. Run from
# this directory:
#   Rscript make_clusters.R
# Needs R with lavaan 0.6-14; writes cluster_*.csv here. The data are simulated: items of persons in
# clusters of 3 to 11, weights that depend on a predictor.
suppressMessages(library(lavaan))

write <- function(x, name) write.csv(x, name, row.names = FALSE, quote = TRUE)

# --- data ---------------------------------------------------------------------------------------
set.seed(312)
size <- sample(3:11, 66, replace = TRUE)
cluster <- rep(seq_along(size), size)
n <- length(cluster)
between <- matrix(rnorm(66 * 3, sd = .6), 66)[cluster, ]
x <- rnorm(n) + .7 * rnorm(66)[cluster]
a <- .4 * x + between[, 1] + rnorm(n)
b <- .5 * a + between[, 2] + .8 * rnorm(n)
y <- cbind(sapply(c(1, .8, .7), function(l) l * a + rnorm(n, sd = .8)),
           sapply(c(1, .9, .6), function(l) l * b + rnorm(n, sd = .8))) + .4 * between[, 3]
colnames(y) <- paste0("y", 1:6)
cuts <- list(c(-1, .2, 1.4), c(-.8, .9), c(-.3, 1), c(-1.5, 0, 1.2), c(-.5, .8), c(.1))
o <- mapply(function(j, at) as.numeric(cut(y[, j], c(-Inf, at, Inf))), 1:6, cuts)
colnames(o) <- paste0("o", 1:6)
gaps <- y
gaps[matrix(runif(length(gaps)) < .12, n)] <- NA
colnames(gaps) <- paste0("m", 1:6)
half <- ifelse(cluster > 38, "second", "first")
weight <- .4 + (x > 0) + runif(n) + .6 * (half == "second")
data <- data.frame(round(y, 4), o, round(gaps, 4), x = round(x, 4), weight = round(weight, 3),
                   even = weight / ave(weight, half), cluster = paste0("c", cluster), half)
data$m1[1:3] <- NA
lost <- matrix(runif(n * 6) < .05, n)
missing <- o
missing[lost] <- NA
colnames(missing) <- paste0("k", 1:6)
data <- cbind(data, missing)
write(data, "cluster_data.csv")

# --- models and cases ---------------------------------------------------------------------------
sem_of <- function(v) sprintf("f =~ %1$s1 + %1$s2 + %1$s3\ng =~ %1$s4 + %1$s5 + %1$s6\ng ~ f", v)
models <- c(
  predicted = paste0(sem_of("y"), " + x\nf ~ x"),
  plain = sem_of("y"),
  labels = "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6\ng ~ a*f\nf ~ b*x\nab := a*b",
  gaps = sem_of("m"),
  listwise = paste0(sem_of("m"), " + x"),
  items = sem_of("o"),
  lost = sem_of("k"),
  mixed = "f =~ o1 + y2 + o3\ng =~ y4 + o5 + y6\ng ~ f"
)
case <- function(name, model, cluster, weighted, grouped = FALSE, equal = "", estimator = "MLR",
                 missing = "listwise", std_lv = FALSE, fixed_x = TRUE, parameterization = "delta", means = TRUE) {
  data.frame(name, model, text = models[[model]], cluster = if (cluster) "cluster" else "",
             weight = if (is.character(weighted)) weighted else if (weighted) "weight" else "", group = if (grouped) "half" else "", equal,
             estimator, missing, std_lv, fixed_x, parameterization, means)
}
metric <- "loadings"; scalar <- "loadings|intercepts"; items <- "loadings|thresholds"
cases <- rbind(
  case("clustered", "predicted", TRUE, FALSE),
  case("weighted", "predicted", FALSE, TRUE),
  case("both", "predicted", TRUE, TRUE),
  case("free_x", "predicted", TRUE, TRUE, fixed_x = FALSE),
  case("weighted_no_means", "plain", FALSE, TRUE, means = FALSE),
  case("weighted_no_means_held", "predicted", FALSE, TRUE, means = FALSE),
  case("weighted_no_means_groups", "predicted", FALSE, TRUE, TRUE, "loadings", means = FALSE),
  case("labels", "labels", TRUE, FALSE, std_lv = TRUE),
  case("configural", "plain", TRUE, FALSE, TRUE),
  case("metric", "plain", TRUE, FALSE, TRUE, metric),
  case("scalar", "plain", TRUE, TRUE, TRUE, scalar),
  case("weighted_groups", "predicted", FALSE, TRUE, TRUE, metric),
  case("gaps_clustered", "gaps", TRUE, FALSE, missing = "fiml"),
  case("gaps_weighted", "gaps", FALSE, TRUE, missing = "fiml"),
  # lavaan's robust indices are others where weights sum to other than the rows of a group
  case("gaps_both", "gaps", TRUE, "even", TRUE, metric, missing = "fiml"),
  case("gaps_listwise", "listwise", TRUE, TRUE),
  case("items_weighted", "items", FALSE, TRUE, estimator = "WLSMV"),
  case("items_weighted_groups", "items", FALSE, TRUE, TRUE, items, "WLSMV"),
  case("items_weighted_theta", "items", FALSE, TRUE, TRUE, items, "WLSMV", parameterization = "theta"),
  case("items_weighted_wlsm", "items", FALSE, TRUE, estimator = "WLSM"),
  case("lost_weighted", "lost", FALSE, TRUE, estimator = "WLSMV", missing = "pairwise"),
  case("mixed_weighted", "mixed", FALSE, TRUE, estimator = "WLSMV"),
  case("items_clustered", "items", TRUE, FALSE, estimator = "WLSMV"),
  case("items_both", "items", TRUE, TRUE, estimator = "WLSMV"),
  case("items_clustered_groups", "items", TRUE, FALSE, TRUE, metric, "WLSMV"),
  case("items_clustered_free", "items", TRUE, FALSE, TRUE, "", "WLSMV"),
  case("items_clustered_theta", "items", TRUE, FALSE, TRUE, items, "WLSMV", parameterization = "theta"),
  case("lost_clustered", "lost", TRUE, FALSE, estimator = "WLSMV", missing = "pairwise"),
  case("mixed_clustered", "mixed", TRUE, FALSE, estimator = "WLSMV")
)
cases$version <- as.character(packageVersion("lavaan"))

# lavaan 0.6-14 takes no notice of clusters in models of ordinal items. It takes a Γ, though: here its
# own scores of the statistics are summed within clusters before their cross-products are taken.
clustered_gamma <- function(fit, data) {
  d <- fit@Data
  lapply(seq_len(d@ngroups), function(g) {
    weighted <- length(d@weights) && !is.null(d@weights[[g]])
    names <- d@ov.names[[g]]
    at <- match(names, d@ov$name)
    found <- lavaan:::muthen1984(
      Data = d@X[[g]], ov.names = names, ov.types = d@ov$type[at], ov.levels = d@ov$nlev[at],
      ov.names.x = character(0), wt = if (weighted) d@weights[[g]])
    bread <- found$H %*% solve(rbind(cbind(found$A11, found$A12), cbind(found$A21, found$A22)))
    levels <- grepl("|", unlist(found$TH.NAMES), fixed = TRUE) # means count negatively
    bread <- c(ifelse(levels, 1, -1), rep(1, nrow(bread) - length(levels))) * bread
    scores <- ifelse(is.na(found$SC), 0, found$SC)
    stopifnot(max(abs(bread %*% crossprod(scores) %*% t(bread) - found$WLS.W)) < 1e-12)
    sums <- rowsum(scores, data$cluster[d@case.idx[[g]]])
    total <- if (weighted) sum(d@weights[[g]]) else nrow(scores)
    bread %*% crossprod(sums) %*% t(bread) * nrow(sums) / (nrow(sums) - 1) * total
  })
}

split_words <- function(text) if (nchar(text)) strsplit(text, "|", fixed = TRUE)[[1]] else ""
run <- function(row) {
  ordinal <- row$estimator != "MLR"
  args <- list(row$text, data, estimator = row$estimator, missing = row$missing,
               std.lv = row$std_lv, group.equal = split_words(row$equal), fixed.x = row$fixed_x,
               parameterization = row$parameterization, control = list(rel.tol = 1e-10))
  if (!ordinal) args$meanstructure <- row$means
  if (row$missing == "fiml") args <- c(args, em.h1.tol = 1e-9, em.h1.iter.max = 5000)
  if (nchar(row$group)) args$group <- row$group
  if (nchar(row$weight)) args$sampling.weights <- row$weight
  if (nchar(row$cluster) && !ordinal) args$cluster <- row$cluster
  if (ordinal) args$ordered <- grep("^[ok]", lavNames(row$text, "ov"), value = TRUE)
  fit <- suppressWarnings(do.call("sem", args))
  if (!lavInspect(fit, "converged")) { # asked for more than the numbers hold
    args$control <- NULL
    fit <- suppressWarnings(do.call("sem", args))
  }
  if (nchar(row$cluster) && ordinal) {
    v <- lavInspect(fit, "wls.v")
    gamma <- clustered_gamma(fit, data)
    args$NACOV <- if (nchar(row$group)) gamma else gamma[[1]]
    fit <- suppressWarnings(do.call("sem", c(args, list(WLS.V = v))))
  }
  fit
}
fits <- lapply(seq_len(nrow(cases)), function(i) run(cases[i, ]))
names(fits) <- cases$name
stopifnot(sapply(fits, lavInspect, "converged"))
write(cases, "cluster_cases.csv")

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
write(do.call(rbind, lapply(cases$name, function(n) table_of(n, fits[[n]]))), "cluster_params.csv")
write(do.call(rbind, lapply(cases$name, function(n) {
  m <- fitMeasures(fits[[n]])
  data.frame(name = n, measure = names(m), value = signif(as.numeric(m), 12))
})), "cluster_measures.csv")

# --- difference tests ---------------------------------------------------------------------------
difference <- function(name, one, other, ...) {
  test <- lavTestLRT(fits[[one]], fits[[other]], ...)
  data.frame(name, strict = one, loose = other, statistic = test[2, "Chisq diff"],
             df = test[2, "Df diff"])
}
# With a Γ of one's own lavaan has no difference test of 2000, so that it is made here from lavaan's
# derivatives and weights.
difference_2000 <- function(name, one, other) {
  strict <- fits[[one]]; loose <- fits[[other]]
  n <- unlist(lavInspect(loose, "nobs"))
  stack <- function(fit) do.call(rbind, lavInspect(fit, "delta"))
  outer <- stack(loose)
  inner <- stack(strict) %*% strict@Model@eq.constraints.K
  inner <- outer %*% solve(crossprod(outer), crossprod(outer, inner))
  block <- function(parts, by) lavaan::lav_matrix_bdiag(Map(`*`, lapply(parts, unclass), by))
  weight <- block(lavInspect(loose, "wls.v"), n)
  gamma <- block(lavInspect(loose, "gamma"), 1 / n)
  project <- function(d) d %*% solve(t(d) %*% weight %*% d, t(d))
  product <- weight %*% (project(outer) - project(inner)) %*% weight %*% gamma
  df <- fitMeasures(strict, "df") - fitMeasures(loose, "df")
  rate <- sqrt(df / sum(product * t(product)))
  gap <- fitMeasures(strict, "chisq") - fitMeasures(loose, "chisq")
  data.frame(name, strict = one, loose = other, df = as.numeric(df),
             statistic = as.numeric(gap * rate + df - rate * sum(diag(product))))
}
write(rbind(
  difference("clusters", "metric", "configural", method = "satorra.bentler.2001"),
  difference_2000("items", "items_clustered_groups", "items_clustered_free")
), "cluster_tests.csv")
