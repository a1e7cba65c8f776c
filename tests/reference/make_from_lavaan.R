# Runs the R code of docs/from-lavaan.md and records what it gives, for tests/sem/test_from_lavaan.py. Run from this directory:
#   Rscript make_from_lavaan.R
# Needs R with lavaan 0.6-14; writes from_lavaan.csv here.
suppressMessages(library(lavaan))
data <- read.csv("sem_data_hs.csv"); answers <- read.csv("sem_data_gaps.csv")
sessions <- read.csv("cluster_data.csv"); levels <- read.csv("two_level_data.csv")
page <- readLines("../../docs/from-lavaan.md")
starts <- grep("^```r$", page)
record <- do.call(rbind, lapply(seq_along(starts)[-1], function(i) {
  end <- starts[i] + which(page[-seq_len(starts[i])] == "```")[1]
  got <- suppressWarnings(as.numeric(eval(parse(text = page[(starts[i] + 1):(end - 1)]), new.env())))
  data.frame(block = i, value = signif(got, 10))
}))
write.csv(record, "from_lavaan.csv", row.names = FALSE)
