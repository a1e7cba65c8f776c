# Records the minima that lavaan 0.6-14 ends at within bounds="pos.var", for tests/sem/limits/test_search.py. Run from
# this directory: Rscript make_bounds_lowest.R. The data are simulated: four of 120 samples of 60 rows with weak
# factors, in which a search that begins at the free minimum ends at another place than the lowest.
suppressMessages(library(lavaan))
data <- read.csv("bounds_lowest_data.csv")
models <- c(one = "f =~ x1 + x2 + x3 + x4", two = "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6",
            path = "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; h =~ x7 + x8 + x9; h ~ f + g")
record <- function(name) {
  text <- models[[gsub("[0-9]", "", name)]]
  fit <- suppressWarnings(sem(gsub("; ", "\n", text), data[data$sample == name, ], bounds = "pos.var"))
  stopifnot(lavInspect(fit, "converged"))
  data.frame(sample = name, text, chisq = signif(fitMeasures(fit, "chisq")[[1]], 12))
}
write.csv(do.call(rbind, lapply(unique(data$sample), record)), "bounds_lowest.csv", row.names = FALSE)
