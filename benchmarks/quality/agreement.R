# Fits the cases of agreement.py by lavaan:  Rscript agreement.R <directory> <tight|default>
# Reads cases.csv and <data>.csv there; writes lavaan_params.csv, lavaan_measures.csv,
# lavaan_indices.csv, lavaan_releases.csv, lavaan_scores.csv and lavaan_failed.csv.
suppressMessages(library(lavaan))
args <- commandArgs(trailingOnly = TRUE)
setwd(args[1])
tight <- args[2] == "tight"
cases <- read.csv("cases.csv", colClasses = "character")
words <- function(text) if (nchar(text)) strsplit(text, "|", fixed = TRUE)[[1]] else ""
read_data <- function(name) {
  data <- read.csv(paste0(name, ".csv"), na.strings = c("", "NA"))
  data$school <- as.character(data$school)
  data
}
numbers_of <- function(data) data[sapply(data, is.numeric)]
moments_of <- function(row, data) {
  parts <- if (nchar(row$group)) split(numbers_of(data), data$school) else list(numbers_of(data))
  out <- list(sample.cov = lapply(parts, if (row$moments == "cor") cor else cov),
              sample.nobs = lapply(parts, nrow))
  if (nchar(row$group)) return(c(out, list(sample.mean = lapply(parts, colMeans))))
  lapply(out, `[[`, 1)
}
levelled <- function(row) grepl("level:", row$model)
# of two levels, every group has its blocks
text_of <- function(row) {
  if (!levelled(row) || row$group == "") return(row$model)
  paste0("group: 1\n", row$model, "\ngroup: 2\n", row$model)
}
ordinal <- function(row) row$ordered != ""
run <- function(row, data) {
  rows <- if (nchar(row$moments)) moments_of(row, data) else list(data = data)
  call <- c(list(text_of(row)), rows)
  call <- c(call, list(estimator = row$estimator, missing = row$missing,
               std.lv = row$identification == "std_lv", group.equal = words(row$equal),
               group.partial = words(row$partial), fixed.x = row$fixed_x == "True"))
  if (nchar(row$group) && !nchar(row$moments)) call$group <- row$group
  if (nchar(row$cluster)) call$cluster <- row$cluster
  if (nchar(row$weight)) call$sampling.weights <- row$weight
  if (nchar(row$bounds)) call$bounds <- row$bounds
  if (row$meanstructure != "") call$meanstructure <- row$meanstructure == "True"
  if (row$identification == "effects") call$effect.coding <- c("loadings", "intercepts")
  if (ordinal(row)) {
    call$ordered <- if (row$ordered == "all") setdiff(names(data), "school") else words(row$ordered)
    call$parameterization <- row$parameterization
    call$conditional.x <- FALSE
  }
  if (tight) {
    call$control <- list(rel.tol = 1e-12, iter.max = 5000, eval.max = 9000)
    if (row$missing == "fiml") call <- c(call, list(em.h1.tol = 1e-9, em.h1.iter.max = 5000))
  }
  fit <- do.call("sem", call)
  for (tolerance in c(1e-10, NA)) if (!lavInspect(fit, "converged") && tight) {
    call$control <- if (!is.na(tolerance)) list(rel.tol = tolerance)
    fit <- do.call("sem", call)
  }
  if (!lavInspect(fit, "converged")) stop("not converged")
  fit
}
numbered <- function(table) {
  if (is.null(table$group)) table$group <- ifelse(table$op == ":=", 0, 1)
  table[!table$op %in% c("==", "<", ">"), ]
}
table_of <- function(name, fit) {
  raw <- numbered(parameterEstimates(fit, remove.system.eq = TRUE, remove.eq = TRUE))
  standard <- standardizedSolution(fit, remove.eq = TRUE)
  standard <- standard[!standard$op %in% c("==", "<", ">"), ]
  level <- if (is.null(raw$level)) "" else raw$level
  data.frame(name, raw[, c("lhs", "op", "rhs", "group")], level,
             est = raw$est, se = raw$se, std_all = standard$est.std, std_all_se = standard$se)
}
difference <- function(stem, ...) {
  test <- suppressWarnings(lavTestLRT(...))
  data.frame(measure = paste(stem, c("chisq", "df", "pvalue"), sep = "."),
             value = as.numeric(test[2, c("Chisq diff", "Df diff", "Pr(>Chisq)")]))
}
measures_of <- function(name, row, fit, earlier) {
  m <- fitMeasures(fit)
  out <- data.frame(measure = names(m), value = as.numeric(m))
  add <- function(...) {
    test <- try(difference(...), silent = TRUE)
    if (!inherits(test, "try-error")) out <<- rbind(out, test)
  }
  if (!is.null(earlier)) add("delta", fit, earlier)
  if (!is.null(earlier) && row$estimator == "MLR")
    add("delta2010", fit, earlier, method = "satorra.bentler.2010")
  data.frame(name, out)
}
indices_of <- function(name, fit) {
  m <- numbered(suppressWarnings(modindices(fit)))
  data.frame(name, m[, c("lhs", "op", "rhs", "group", "mi", "epc")])
}
releases_of <- function(name, fit) {
  u <- suppressWarnings(lavTestScore(fit))$uni
  table <- parTable(fit)
  at <- match(u$rhs, table$plabel)
  data.frame(name, table[at, c("lhs", "op", "rhs", "group")], mi = u$X2)[!is.na(at), ]
}
scores_of <- function(name, fit, method) {
  s <- lavPredict(fit, method = method)
  if (!is.list(s)) s <- list(s)
  do.call(rbind, lapply(seq_along(s), function(g) {
    rows <- seq_len(min(30, nrow(s[[g]])))
    data.frame(name, method = tolower(method), group = g, row = rows,
               latent = rep(colnames(s[[g]]), each = length(rows)),
               score = as.numeric(s[[g]][rows, , drop = FALSE]))
  }))
}
save <- function(table, file) {
  if (is.null(table) || inherits(table, "try-error") || !nrow(table)) return()
  new <- !file.exists(file)
  numbers <- sapply(table, is.numeric)
  table[numbers] <- lapply(table[numbers], function(x) sprintf("%.15g", x))
  write.table(table, file, sep = ",", row.names = FALSE, col.names = new, append = !new)
}
note <- function(name, failed, text) {
  text <- substr(gsub("\\s+", " ", paste(text, collapse = "; ")), 1, 300)
  save(data.frame(name, error = failed, message = text), "lavaan_failed.csv")
}
fits <- list(); last <- ""; data <- NULL
for (i in seq_len(nrow(cases))) {
  row <- cases[i, ]
  if (row$data != last) { fits <- list(); data <- read_data(row$data); last <- row$data }
  warned <- character()
  fit <- try(withCallingHandlers(run(row, data), warning = function(w) {
    warned <<- c(warned, conditionMessage(w)); invokeRestart("muffleWarning")
  }), silent = TRUE)
  failed <- inherits(fit, "try-error")
  if (failed) warned <- as.character(fit)
  if (length(warned)) note(row$name, failed, warned)
  if (failed) next
  fits[[row$name]] <- fit
  save(table_of(row$name, fit), "lavaan_params.csv")
  save(measures_of(row$name, row, fit, fits[[row$previous]]), "lavaan_measures.csv")
  if (!levelled(row)) save(try(indices_of(row$name, fit), silent = TRUE), "lavaan_indices.csv")
  if (ordinal(row)) { # lavaan has no release tests here; its scores of several groups are not used
    if (row$group == "")
      save(try(scores_of(row$name, fit, "regression"), silent = TRUE), "lavaan_scores.csv")
    next
  }
  if (levelled(row)) next
  save(try(releases_of(row$name, fit), silent = TRUE), "lavaan_releases.csv")
  if (length(lavNames(fit, "lv")) && !levelled(row) && !nchar(row$moments)) for (method in c("regression", "Bartlett"))
    save(try(scores_of(row$name, fit, method), silent = TRUE), "lavaan_scores.csv")
}
