# Fits the cases of agreement.py by lavaan:  Rscript agreement.R <directory> <tight|default>
# Reads cases.csv and <data>.csv there; writes lavaan_params.csv, lavaan_measures.csv and
# lavaan_failed.csv.
suppressMessages(library(lavaan))
args <- commandArgs(trailingOnly = TRUE)
setwd(args[1])
tight <- args[2] == "tight"
cases <- read.csv("cases.csv", colClasses = "character")
words <- function(text) if (nchar(text)) strsplit(text, "|", fixed = TRUE)[[1]] else ""
read_data <- function(name) {
  data <- read.csv(paste0(name, ".csv"))
  data$school <- as.character(data$school)
  data
}
run <- function(row, data) {
  call <- list(row$model, data, estimator = row$estimator, group = "school",
               std.lv = row$identification == "std_lv", group.equal = words(row$equal))
  if (row$identification == "effects") call$effect.coding <- c("loadings", "intercepts")
  if (row$estimator == "WLSMV") {
    call$ordered <- setdiff(names(data), "school")
    call$parameterization <- row$parameterization
  } else call$missing <- row$missing
  if (tight) {
    call$control <- list(rel.tol = 1e-12, iter.max = 5000, eval.max = 9000)
    if (row$missing == "fiml") call <- c(call, list(em.h1.tol = 1e-9, em.h1.iter.max = 5000))
  }
  fit <- do.call("sem", call)
  if (!lavInspect(fit, "converged") && tight) {
    call$control <- NULL
    fit <- do.call("sem", call)
  }
  if (!lavInspect(fit, "converged")) stop("not converged")
  fit
}
table_of <- function(name, fit) {
  raw <- parameterEstimates(fit, remove.system.eq = TRUE)
  standard <- standardizedSolution(fit, remove.eq = TRUE)
  data.frame(name, raw[, c("lhs", "op", "rhs")], group = lavInspect(fit, "group.label")[raw$group],
             est = raw$est, se = raw$se, std_all = standard$est.std, std_all_se = standard$se)
}
measures_of <- function(name, fit, earlier) {
  m <- fitMeasures(fit)
  out <- data.frame(name, measure = names(m), value = as.numeric(m))
  if (is.null(earlier)) return(out)
  test <- try(suppressWarnings(lavTestLRT(fit, earlier)), silent = TRUE)
  if (inherits(test, "try-error")) return(out)
  delta <- as.numeric(test[2, c("Chisq diff", "Df diff", "Pr(>Chisq)")])
  rbind(out, data.frame(name, measure = c("delta.chisq", "delta.df", "delta.pvalue"), value = delta))
}
save <- function(table, file) {
  new <- !file.exists(file)
  numbers <- sapply(table, is.numeric)
  table[numbers] <- lapply(table[numbers], function(x) sprintf("%.15g", x))
  write.table(table, file, sep = ",", row.names = FALSE, col.names = new, append = !new)
}
fits <- list(); last <- ""; data <- NULL
for (i in seq_len(nrow(cases))) {
  row <- cases[i, ]
  if (row$data != last) { fits <- list(); data <- read_data(row$data); last <- row$data }
  warned <- character()
  fit <- try(withCallingHandlers(run(row, data), warning = function(w) {
    warned <<- c(warned, gsub("\\s+", " ", conditionMessage(w))); invokeRestart("muffleWarning")
  }), silent = TRUE)
  if (inherits(fit, "try-error") || length(warned)) {
    text <- if (inherits(fit, "try-error")) as.character(fit) else warned
    save(data.frame(name = row$name, error = inherits(fit, "try-error"),
                    message = substr(gsub("\\s+", " ", paste(text, collapse = "; ")), 1, 300)),
         "lavaan_failed.csv")
  }
  if (inherits(fit, "try-error")) next
  fits[[row$name]] <- fit
  save(table_of(row$name, fit), "lavaan_params.csv")
  save(measures_of(row$name, fit, fits[[row$previous]]), "lavaan_measures.csv")
}
