# One timed task of lavaan in a process of its own: its answer is a line of JSON.
#   Rscript sem_lavaan.R <task> <data.csv> <estimator> <replicates> <model file> [ceq.simple]
suppressMessages(library(lavaan))
args <- commandArgs(trailingOnly = TRUE)
task <- args[1]
data <- read.csv(args[2])
estimator <- args[3]
replicates <- as.integer(args[4])
model <- paste(readLines(args[5]), collapse = "\n")
items <- setdiff(names(data), "group")
levels <- list("", "loadings", c("loadings", "intercepts"),
               c("loadings", "intercepts", "residuals"))
fit_model <- function(model, data, equal, columns = items) {
  call <- list(model, data, group = "group", estimator = estimator, group.equal = equal)
  if (estimator == "WLSMV") call$ordered <- columns
  if ("ceq.simple" %in% args) call$ceq.simple <- TRUE
  suppressWarnings(do.call("sem", call))
}
measures_of <- function(fit) {
  parameterEstimates(fit)
  fitMeasures(fit)
}
if (task == "two-level") {
  fit_levels <- function(model) {
    groups <- length(unique(data$group))
    if (groups > 1) model <- paste0("group: ", seq_len(groups), "\n", model, collapse = "\n")
    call <- list(model, data, cluster = "cluster", estimator = estimator)
    if (groups > 1) call$group <- "group"
    suppressWarnings(do.call("sem", call))
  }
  complete <- function(fit) {
    parameterEstimates(fit)
    standardizedSolution(fit)
    fitMeasures(fit)
  }
  three <- "f =~ y1 + y2 + y3"
  small <- paste("level: 1", three, "level: 2", three, sep = "\n")
  for (i in 1:3) invisible(complete(fit_levels(small)))
  read_clock <- function(name, begun) {
    spent <- proc.time() - begun
    out <- list(sum(spent[c("user.self", "sys.self")]), spent[["elapsed"]])
    setNames(out, paste0(name, c("_cpu", "_wall")))
  }
  begun <- proc.time()
  fit <- fit_levels(model)
  spent <- read_clock("fit", begun)
  measures <- complete(fit)
  spent <- c(spent, read_clock("complete", begun))
  spent <- c(spent, chisq = measures[["chisq"]], df = measures[["df"]])
  status <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
  spent$peak_mb <- as.numeric(gsub("[^0-9]", "", status)) / 1024
  cat("{", paste(sprintf('"%s": %.15g', names(spent), unlist(spent)), collapse = ", "), "}\n")
  quit()
}
tiny <- data[data$group %in% unique(data$group)[1:2], c("group", items[1:4])]
for (i in 1:3) invisible(measures_of(fit_model(
  paste("privacy =~", paste(items[1:4], collapse = " + ")), tiny, "loadings", items[1:4])))
begun <- proc.time()
read_clock <- function(name, scale = 1) {
  spent <- proc.time() - begun
  out <- list(sum(spent[c("user.self", "sys.self")]) * scale, spent[["elapsed"]] * scale)
  setNames(out, paste0(name, c("_cpu", "_wall")))
}
if (task == "fit") {
  fit <- fit_model(model, data, "loadings")
  spent <- read_clock("fit")
  measures <- measures_of(fit)
  spent <- c(spent, read_clock("complete"), chisq = measures[["chisq"]], df = measures[["df"]])
} else if (task == "ladder") {
  fits <- lapply(levels, function(equal) fit_model(model, data, equal))
  measures <- lapply(fits, measures_of)[[4]]
  for (fit in fits) standardizedSolution(fit)
  for (i in 2:4) lavTestLRT(fits[[i]], fits[[i - 1]])
  value <- if (estimator == "ML") "chisq" else "chisq.scaled"
  spent <- c(read_clock("complete"), chisq = measures[[value]], df = measures[["df"]])
} else {
  fit <- fit_model(model, data, "loadings")
  begun <- proc.time()
  invisible(suppressWarnings(bootstrapLavaan(fit, R = replicates)))
  spent <- c(read_clock("complete", 1000 / replicates), replicates = replicates)
}
status <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
spent$peak_mb <- as.numeric(gsub("[^0-9]", "", status)) / 1024
cat("{", paste(sprintf('"%s": %.15g', names(spent), unlist(spent)), collapse = ", "), "}\n")
