# Records lavaan's baseline and what follows from it where observed predictors with free moments have
# missing answers, for tests/sem/fit_measures/test_incomplete_data.py. Run from this directory after
# make_lavaan.R, whose data it reads:
#   Rscript make_predictor_gaps.R
# Needs R with lavaan; writes predictor_gaps.csv here.
suppressMessages(library(lavaan))
hs <- read.csv("sem_data_hs.csv")
i <- seq_len(nrow(hs)) - 1
hs$ageyr[i %% 7 == 0] <- NA
hs$x9[i %% 5 == 1] <- NA
hs$x1[i %% 6 == 2] <- NA
hs$x5[i %% 4 == 3] <- NA
model <- "visual =~ x1 + x2 + x3\nx5 ~ visual + x9\nvisual ~ ageyr + x9"
measures <- c("chisq", "baseline.chisq", "baseline.df", "cfi", "tli", "baseline.chisq.scaled", "cfi.scaled")
out <- do.call(rbind, lapply(c("", "school"), function(group) do.call(rbind, lapply(c("ML", "MLR"), function(estimator) {
  args <- list(model, hs, missing = "fiml", estimator = estimator, fixed.x = FALSE,
               control = list(rel.tol = 1e-10), em.h1.tol = 1e-9, em.h1.iter.max = 20000)
  if (nchar(group)) args$group <- group
  found <- fitMeasures(do.call("sem", args))
  known <- intersect(measures, names(found))
  data.frame(group, estimator, measure = known, value = signif(as.numeric(found[known]), 10),
             version = as.character(packageVersion("lavaan")))
}))))
write.csv(out, "predictor_gaps.csv", row.names = FALSE, quote = TRUE)
