# Writes the data sets that ship with R packages, with the groups the catalogue of agreement.py
# divides them in:  Rscript agreement_data.R <directory>
# Those of psychTools and sem are left out where the package is not installed.
suppressMessages(library(lavaan))
setwd(commandArgs(trailingOnly = TRUE)[1])
put <- function(table, name, group) {
  table$school <- as.character(group)
  write.csv(table, paste0(name, ".csv"), row.names = FALSE, na = "")
}
halves <- function(n) rep_len(c("odd", "even"), n)
hs <- HolzingerSwineford1939[, c("school", "sex", "ageyr", paste0("x", 1:9))]
put(hs, "schools", hs$school)
put(PoliticalDemocracy, "politics", halves(nrow(PoliticalDemocracy)))
put(FacialBurns, "burns", ifelse(FacialBurns$Sex == 1, "men", "women"))
put(Demo.growth, "growth", halves(nrow(Demo.growth)))
put(Demo.twolevel, "clusters", paste0("c", Demo.twolevel$cluster %% 4))
put(setNames(iris[, 1:4], c("sl", "sw", "pl", "pw")), "iris", iris$Species)
installed <- function(package) nzchar(system.file(package = package))
if (installed("psychTools")) {
  data(bfi, sat.act, package = "psychTools")
  put(bfi[1:900, c(1:25, 28)], "bfi", ifelse(bfi$gender[1:900] == 1, "men", "women"))
  sat <- transform(sat.act, SATV = SATV / 100, SATQ = SATQ / 100)
  put(sat[, 2:6], "sat", ifelse(sat$gender == 1, "men", "women"))
}
if (installed("sem")) {
  data(CNES, package = "sem")
  put(data.frame(lapply(CNES, as.integer)), "cnes", halves(nrow(CNES)))
}
