# Records lavaan's scaled tests where some items are never answered together, for
# tests/sem/fit_measures/test_incomplete_data.py. Run from this directory after make_lavaan.R, whose
# data it reads:
#   Rscript make_apart.R
# Needs R with lavaan; writes apart.csv here.
suppressMessages(library(lavaan))
hs <- read.csv("sem_data_hs.csv")
i <- seq_len(nrow(hs)) - 1
blank <- function(data, ...) {
  for (hole in list(...)) data[[hole[[1]]]][hole[[2]]] <- NA
  data
}
data <- list(
  never = blank(hs, list("x1", i %% 2 == 0), list("x2", i %% 2 == 1)),
  three = blank(hs, list("x1", i %% 3 != 0), list("x2", i %% 3 != 1), list("x3", i %% 3 != 2)),
  across = blank(hs, list("x1", i %% 2 == 0), list("x9", i %% 2 == 1)),
  blocks = blank(hs, list("x4", i %% 2 == 0), list("x5", i %% 2 == 0), list("x7", i %% 2 == 1)),
  school = blank(hs, list("x1", i %% 2 == 0 & hs$school == "Pasteur"),
                 list("x2", i %% 2 == 1 & hs$school == "Pasteur"))
)
hs3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
measures <- c("chisq", "df", "chisq.scaled", "chisq.scaling.factor", "baseline.chisq.scaled",
              "cfi.scaled", "tli.scaled", "rmsea.scaled")
out <- do.call(rbind, lapply(c("", "school"), function(group) do.call(rbind, lapply(names(data), function(name) {
  args <- list(hs3, data[[name]], missing = "fiml", estimator = "MLR",
               control = list(rel.tol = 1e-12, iter.max = 5000), em.h1.tol = 1e-9, em.h1.iter.max = 20000)
  if (nchar(group)) args$group <- group
  fit <- suppressWarnings(do.call("sem", args))
  if (!lavInspect(fit, "converged")) { # asked for more than the numbers hold
    args$control <- NULL
    fit <- suppressWarnings(do.call("sem", args))
  }
  if (!lavInspect(fit, "converged")) { message(name, " ", group, " does not converge"); return(NULL) }
  data.frame(data = name, group, measure = measures,
             value = signif(as.numeric(fitMeasures(fit, measures)), 10),
             version = as.character(packageVersion("lavaan")))
}))))
write.csv(out, "apart.csv", row.names = FALSE, quote = TRUE)
