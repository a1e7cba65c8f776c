# Records bounds of parameters, lower(…), upper(…) and bounds=, for tests/sem. Run from this directory after
# make_constraints.R and make_two_level.R, whose data it reads:
#   Rscript make_bounds.R
# Needs R with lavaan 0.6-14; writes bounds_*.csv here. Where there are equalities, lavaan 0.6-14 takes no notice of
# bounds (nor of bounds= at level 2): there the inequality v > 0 stands for lower(0), of whose record the standard errors are not to be used.
suppressMessages(library(lavaan))

write <- function(x, name) write.csv(x, name, row.names = FALSE, quote = TRUE)
hs <- read.csv("sem_data_hs.csv")
few <- read.csv("constraints_data.csv")
few$g <- ifelse(few$n == 60, "b", "a")
gaps <- few[few$n == 40, ]
gaps$x3[seq(1, 40, 7)] <- NA
gaps$x1[c(2, 11, 23)] <- NA
levels <- read.csv("two_level_data.csv")
# a second-order factor whose first part has a negative disturbance
for (seed in 1:500) {
  set.seed(seed)
  g <- rnorm(50)
  second <- data.frame(lapply(1:9, function(i) round(.8 * (c(.98, .6, .5)[(i + 2) %/% 3] * g + .3 * rnorm(50)) + .6 * rnorm(50), 4)))
  names(second) <- paste0("y", 1:9)
  above <- "a =~ y1 + y2 + y3; b =~ y4 + y5 + y6; c =~ y7 + y8 + y9; s =~ a + b + c"
  fit <- suppressWarnings(sem(gsub(";", "\n", above), second))
  if (lavInspect(fit, "converged") && coef(fit)["a~~a"] < -.02 && all(eigen(lavInspect(fit, "theta"))$values > 0)) break
}
write(second, "bounds_data.csv")
# 30 rows whose free minimum has a negative variance of a latent variable, and whose minimum within bounds is elsewhere
set.seed(1015)
g1 <- rnorm(30)
g2 <- .5 * g1 + sqrt(.75) * rnorm(30)
loading <- c(.95, .5, .4, .9, .6, .3)
far <- as.data.frame(round(sapply(1:6, function(i) loading[i] * (if (i < 4) g1 else g2) + sqrt(1 - loading[i]^2) * rnorm(30)), 4))
names(far) <- paste0("y", 1:6)
write(far, "bounds_far.csv")
data_of <- list(hs = hs, two = few[few$n != 30, ], gaps = gaps, likert = read.csv("sem_data_likert.csv"), second = second, far = far, levels = levels)
for (n in c(30, 40, 60)) data_of[[as.character(n)]] <- few[few$n == n, ]

one <- "f =~ x1 + x2 + x3 + x4"
zero <- paste0(one, "; x1 ~~ lower(0)*x1")
two_levels <- "level: 1; f =~ y1 + upper(0.5)*y2 + y3; level: 2; f =~ y1 + y2 + y3"
case <- function(name, text, data, bounds = "", group = "", equal = "", estimator = "ML", std = FALSE, cluster = "",
                 missing = "listwise", said = text)
  data.frame(name, text, data, bounds, group, equal, estimator, std, cluster, missing, said)
cases <- rbind(
  case("at_30", zero, "30"), case("at_40", zero, "40"), case("at_60", zero, "60"),
  case("positive", one, "40", "pos.var"), case("positive_std", one, "60", "pos.ov.var", std = TRUE),
  case("above", paste0(one, "; x1 ~~ lower(0.1)*x1"), "40"), case("mlr", zero, "40", estimator = "MLR"),
  case("fiml", zero, "gaps", missing = "fiml"), case("groups", zero, "two", group = "g"),
  case("apart", paste0(one, "; x1 ~~ lower(0, -1)*x1"), "two", group = "g", estimator = "MLR"),
  case("written_wins", paste0(one, "; x1 ~~ lower(-1)*x1"), "two", "pos.var", group = "g"),
  case("upper", "f =~ x1 + upper(0.5)*x2 + x3 + x4", "hs"),
  case("both", "f =~ x1 + upper(0.5)*x2 + x3 + x4; f ~~ lower(1)*f", "hs", "pos.ov.var"),
  case("idle", "f =~ x1 + upper(5)*x2 + lower(-2)*x3 + x4", "hs", "pos.var"),
  case("latent", above, "second", "pos.lv.var"),
  case("far", "f =~ y1 + y2 + y3; h =~ y4 + y5 + y6", "far", "pos.var"),
  case("levels", two_levels, "levels", cluster = "cluster"),
  case("ordinal", "f =~ x1 + upper(0.9)*x2 + x3 + x4", "likert", estimator = "WLSMV"),
  case("equal", one, "two", "pos.var", "g", "loadings|residuals",
       said = paste0(one, "; x1 ~~ c(v, v)*x1; v > 0")),
  case("labelled", paste0(one, "; x1 ~~ v*x1 + lower(0)*x1"), "two", group = "g",
       said = paste0(one, "; x1 ~~ c(v, v)*x1; v > 0"))
)
fitted <- function(row) {
  args <- list(gsub("; ", "\n", row$said), data_of[[row$data]], estimator = row$estimator, std.lv = row$std, missing = row$missing)
  plain <- row$said == row$text
  if (nchar(row$bounds) && plain) args$bounds <- row$bounds
  if (row$estimator == "WLSMV") args$ordered <- TRUE
  if (nchar(row$group)) args$group <- row$group
  if (nchar(row$equal)) args$group.equal <- strsplit(row$equal, "|", fixed = TRUE)[[1]]
  if (nchar(row$cluster)) args$cluster <- row$cluster
  suppressWarnings(do.call("sem", args))
}
record <- function(row) {
  fit <- fitted(row)
  cat(row$name, lavInspect(fit, "converged"), "\n")
  stopifnot(lavInspect(fit, "converged"))
  raw <- parameterEstimates(fit, remove.system.eq = TRUE, remove.eq = TRUE, remove.ineq = TRUE)
  raw <- raw[!raw$op %in% c("==", "<", ">"), ]
  if (is.null(raw$group)) raw$group <- 1
  if (is.null(raw$level)) raw$level <- 1
  m <- fitMeasures(fit)
  m <- m[intersect(c("chisq", "df", "npar", "logl", "bic", "cfi", "srmr", "rmsea", "chisq.scaled", "chisq.scaling.factor"), names(m))]
  list(params = data.frame(name = row$name, raw[, c("lhs", "op", "rhs", "group", "level")], est = signif(raw$est, 10),
                           se = signif(ifelse(is.na(raw$se), 0, raw$se), 10)),
       measures = data.frame(name = row$name, measure = names(m), value = signif(as.numeric(m), 12)))
}
made <- lapply(seq_len(nrow(cases)), function(i) record(cases[i, ]))
write(cases, "bounds_cases.csv")
write(do.call(rbind, lapply(made, `[[`, "params")), "bounds_params.csv")
write(do.call(rbind, lapply(made, `[[`, "measures")), "bounds_measures.csv")
