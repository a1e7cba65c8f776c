# Records what lavaan makes of labels on fixed parameters, equations among labels, equalities across
# groups with values or labels of single groups, and effects coding, for
# tests/sem/test_equalities_against_lavaan.py. Run from this directory after make_lavaan.R, whose
# data it reads:
#   Rscript make_equalities.R
# Needs R with lavaan; writes equalities_*.csv here.
suppressMessages(library(lavaan))

write <- function(x, name) write.csv(x, name, row.names = FALSE, quote = TRUE)
hs <- read.csv("sem_data_hs.csv")
hs$third <- paste0("g", (seq_len(nrow(hs)) - 1) %% 3 + 1)

one <- "f =~ x1 + x2 + x3 + x4"
hs3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
mixed <- "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; f + g + x9 ~ ageyr"
metric <- "loadings"; scalar <- "loadings|intercepts"
case <- function(name, text, group = "", equal = "", ident = "marker", means = "", estimator = "ML")
  data.frame(name, text = gsub("; ", "\n", text), group, equal, ident, means, estimator)
cases <- rbind(
  # one label on a fixed and on free parameters
  case("tau", "f =~ a*x1 + a*x2 + a*x3 + a*x4"),
  case("tau_mlr", "f =~ a*x1 + a*x2 + a*x3 + a*x4", estimator = "MLR"),
  case("written", "f =~ 1*x1 + a*x1 + a*x2 + x3 + x4"),
  case("later", "f =~ NA*x1 + a*x2 + a*x3 + 0.7*x3 + x4"),
  case("two_factors", "f =~ a*x1 + x2 + x3; g =~ b*x4 + a*x5 + x6"),
  case("residuals", "f =~ x1 + x2 + x3 + x4; x1 ~~ v*x1 + 0.5*x1; x2 ~~ v*x2; x3 ~~ v*x3"),
  case("covariances", "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; f ~~ r*g + 0.3*g; x1 ~~ r*x4"),
  case("paths", "y =~ x1 + x2 + x3; x7 ~ b*x8 + b*x9 + 0.2*x9; y ~ b*x7"),
  case("unlike", "f =~ a*x1 + x2 + x3; g =~ x4 + x5 + x6; x4 ~~ a*x4"),
  case("single", "f =~ x1; g =~ x2 + x3 + x4; x1 ~~ e*x1 + 0*x1; x2 ~~ e*x2"),
  case("std_lv", "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; f ~~ v*f; x1 ~~ v*x1", ident = "std_lv"),
  case("intercepts", paste0(one, "; x1 ~ i*1 + 0*1; x2 ~ i*1; f ~ 1")),
  case("mean", paste0(one, "; f ~ m*1; x1 ~ m*1")),
  case("groups_marker", "f =~ c(a, b)*x1 + x2 + c(a, b)*x3 + x4", "school"),
  case("groups_one", "f =~ x1 + c(a, a)*x2 + c(0.5, NA)*x2 + x3 + x4", "school"),
  case("groups_across", paste0(one, "; x1 ~~ c(v, v)*x1; x2 ~~ c(1, NA)*x2 + c(v, w)*x2"), "school"),
  case("groups_variance", paste0(hs3, "; visual ~~ c(v, v)*visual"), "school", metric, "std_lv"),
  case("groups_mean", paste0(one, "; f ~ c(0, NA)*1 + c(m, m)*1"), "school", scalar),
  # equations
  case("merged", "f =~ a*x1 + b*x2 + x3 + x4; a == b"),
  case("chain", "f =~ a*x1 + b*x2 + c*x3 + x4; a == b; b == c"),
  # a kind equal across groups, with the value or the label of a single group
  case("equal_fixed", "f =~ x1 + c(0.5, NA)*x2 + x3 + x4", "school", metric),
  case("equal_fixed_third", "f =~ x1 + c(NA, NA, 0.5)*x2 + x3 + x4", "third", metric),
  case("equal_label", "f =~ x1 + c(NA, a, NA)*x2 + x3 + x4", "third", metric),
  case("equal_labels", "f =~ x1 + c(a, b, b)*x2 + x3 + x4", "third", metric),
  case("equal_intercept", paste0(one, "; x2 ~ c(NA, 6, NA)*1"), "third", scalar),
  case("equal_mean", paste0(one, "; f ~ c(NA, 0.5, NA)*1"), "third", "loadings|intercepts|means"),
  case("equal_residual", paste0(one, "; x2 ~~ c(NA, 0.5, NA)*x2"), "third", "residuals"),
  case("equal_variance", paste0(one, "; f ~~ c(NA, 2, NA)*f"), "third", "loadings|lv.variances", "std_lv"),
  # covariances between a latent and an observed variable
  case("mixed_lv", mixed, "school", "loadings|lv.covariances"),
  case("mixed_residual", mixed, "school", "loadings|residual.covariances"),
  case("mixed_written", "f =~ x1 + x2 + x3; x9 ~~ f", "school", "lv.covariances"),
  # effects coding
  case("effects", one, ident = "effects"),
  case("effects_means", one, ident = "effects", means = "TRUE"),
  case("effects_second", paste0(hs3, "; g =~ visual + textual + speed"), ident = "effects"),
  case("effects_second_means", paste0(hs3, "; g =~ visual + textual + speed"), ident = "effects", means = "TRUE"),
  case("effects_second_groups", paste0(hs3, "; g =~ visual + textual + speed"), "school", ident = "effects"),
  case("effects_second_scalar", paste0(hs3, "; g =~ visual + textual + speed"), "school", scalar, "effects"),
  case("effects_mixed", "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; h =~ f + g + x7", ident = "effects", means = "TRUE"),
  case("effects_cross", "f =~ x1 + x2 + x3 + x4; g =~ x4 + x5 + x6", ident = "effects", means = "TRUE"),
  case("effects_equal", "f =~ a*x1 + a*x2 + x3 + x4", ident = "effects"),
  case("effects_tau", "f =~ a*x1 + a*x2 + a*x3 + a*x4", ident = "effects"),
  case("effects_fixed", "f =~ 0.5*x1 + x2 + x3 + x4", ident = "effects"),
  case("effects_intercept", paste0(one, "; x1 ~ 0*1"), ident = "effects"),
  case("effects_single", "f =~ x1; g =~ x4 + x5 + x6", ident = "effects", means = "TRUE"),
  case("effects_path", "f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; g ~ f", ident = "effects", means = "TRUE")
)
cases$version <- as.character(packageVersion("lavaan"))

split_words <- function(text) if (nchar(text)) strsplit(text, "|", fixed = TRUE)[[1]] else ""
tight <- list(rel.tol = 1e-12, iter.max = 5000, eval.max = 9000)
run <- function(row) {
  args <- list(row$text, hs, estimator = row$estimator, std.lv = row$ident == "std_lv",
               group.equal = split_words(row$equal), effect.coding = row$ident == "effects")
  if (nchar(row$group)) args$group <- row$group
  if (nchar(row$means)) args$meanstructure <- TRUE
  fit <- suppressWarnings(do.call("sem", c(args, list(control = tight))))
  if (!lavInspect(fit, "converged")) fit <- suppressWarnings(do.call("sem", args))
  fit
}
fits <- lapply(seq_len(nrow(cases)), function(i) run(cases[i, ]))
names(fits) <- cases$name
stopifnot(sapply(fits, lavInspect, "converged"))
for (m in c("chisq", "df", "npar", "logl", "cfi")) cases[[m]] <-
  sapply(fits, function(fit) signif(as.numeric(fitMeasures(fit, m)), 12))
write(cases, "equalities_cases.csv")
write(do.call(rbind, lapply(cases$name, function(name) {
  table <- parameterEstimates(fits[[name]], remove.system.eq = TRUE, remove.eq = TRUE)
  if (is.null(table$group)) table$group <- 1
  table <- table[!table$op %in% c("==", ":="), ]
  data.frame(name, table[, c("lhs", "op", "rhs", "group")], est = signif(table$est, 10),
             se = signif(table$se, 10))
})), "equalities_params.csv")
