# Records what lavaan says of models of two levels in which a variable is a predictor at one level and has
# another role at the other, for tests/sem/two_level/test_references.py. Run from this directory:
#   Rscript make_two_level_roles.R
# Needs R with lavaan 0.6-14; reads two_level_data.csv (see make_two_level.R), writes two_level_roles.csv.
suppressMessages(library(lavaan))

data <- read.csv("two_level_data.csv")
models <- list(
  within = c("y1 ~ x3 + x1", "x3 ~~ y1\ny1 ~~ w1"),
  crossed = c("y1 ~ x3 + x1", "x3 ~~ y1\ny1 ~ w1"),
  shared = c("y1 ~ x3 + y4", "y1 ~ x3\ny4 ~~ y1"),
  between = c("y1 ~~ x3 + y4\nx3 ~~ y4", "y1 ~ x3 + y4 + w1"),
  outcome = c("y1 ~ x3 + y4", "y1 ~ x3\ny4 ~~ x3")
)
record <- function(name, fixed_x) {
  text <- paste0("level: 1\n", models[[name]][1], "\nlevel: 2\n", models[[name]][2])
  for (tol in c(1e-11, 1e-10, 1e-9)) {
    fit <- suppressWarnings(sem(text, data, cluster = "cluster", fixed.x = fixed_x, control = list(rel.tol = tol)))
    if (lavInspect(fit, "converged")) break
  }
  stopifnot(lavInspect(fit, "converged"))
  m <- fitMeasures(fit, c("chisq", "df", "npar", "logl", "baseline.chisq", "baseline.df", "cfi"))
  data.frame(name, text, fixed_x, measure = names(m), value = signif(as.numeric(m), 12))
}
# With predictors of level 2 held, lavaan 0.6-14 counts one parameter more in the baseline of "between".
held <- setdiff(names(models), "between")
made <- do.call(rbind, c(lapply(held, record, TRUE), lapply(names(models), record, FALSE)))
write.csv(made, "two_level_roles.csv", row.names = FALSE, quote = TRUE)
