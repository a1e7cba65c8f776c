# Records what lavaan says of covariance matrices in place of rows, for tests/sem/data/test_summary.py.
# Run from this directory after make_lavaan.R, whose data it reads:
#   Rscript make_summary.R
# Needs R with lavaan 0.6-14; writes summary_*.csv here. The correlations are those of Yu et al. (2020).
suppressMessages(library(lavaan))

write <- function(x, name) write.csv(x, name, row.names = FALSE, quote = TRUE)

schools <- read.csv("sem_data_hs.csv")
schools$school <- factor(schools$school, unique(schools$school))
by <- function(f) lapply(split(schools[paste0("x", 1:9)], schools$school), f)
cov_of <- by(cov); mean_of <- by(colMeans); n_of <- by(nrow)
names(n_of) <- names(cov_of)
yu <- getCov("1  .62 1  -.203 -.159 1  -.165 -.063 .487 1",
             names = c("risk", "concern", "intention", "behaviour"))

three <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
paths <- "intention ~ concern + risk\nbehaviour ~ concern + risk + intention"
mimic <- "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9\nvisual + speed ~ x5"
fits <- list(
  yu = sem(paths, sample.cov = yu, sample.nobs = 8345),
  yu_free = sem(paths, sample.cov = yu, sample.nobs = 8345, fixed.x = FALSE),
  one = sem(three, sample.cov = cov_of[[1]], sample.nobs = n_of[[1]]),
  means = sem(three, sample.cov = cov_of[[1]], sample.nobs = n_of[[1]], sample.mean = mean_of[[1]]),
  spread = sem(three, sample.cov = cov_of, sample.nobs = n_of, group.equal = "loadings"),
  scalar = sem(three, sample.cov = cov_of, sample.mean = mean_of, sample.nobs = n_of, std.lv = TRUE,
               group.equal = c("loadings", "intercepts")),
  mimic = sem(mimic, sample.cov = cov_of, sample.mean = mean_of, sample.nobs = n_of)
)
stopifnot(sapply(fits, lavInspect, "converged"))

numbered <- function(table) {
  if (is.null(table$group)) table$group <- 1
  table[!table$op %in% c("==", "<", ">"), ]
}
write(do.call(rbind, lapply(names(fits), function(name) {
  raw <- numbered(parameterEstimates(fits[[name]], remove.system.eq = TRUE, remove.eq = TRUE))
  standard <- numbered(standardizedSolution(fits[[name]], remove.eq = TRUE))
  data.frame(name, raw[, c("lhs", "op", "rhs", "group")], est = signif(raw$est, 10),
             se = signif(raw$se, 10), std_all = signif(standard$est.std, 10),
             std_all_se = signif(standard$se, 10))
})), "summary_params.csv")
write(do.call(rbind, lapply(names(fits), function(name) {
  m <- fitMeasures(fits[[name]])
  data.frame(name, measure = names(m), value = signif(as.numeric(m), 12))
})), "summary_measures.csv")
