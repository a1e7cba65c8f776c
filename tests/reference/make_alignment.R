# Records the alignment of groups by a program of its own, written from Asparouhov & Muthén (2014), equations (3) to (9): the
# loss summed over pairs, minimised by nlminb from 100 random starts, on lavaan's estimates of each group. Run from this directory:
#   Rscript make_alignment.R
# Needs R with lavaan; writes alignment_*.csv here. The data are simulated.
suppressMessages(library(lavaan))
set.seed(9)
groups <- 5; items <- 5; n <- c(120, 90, 150, 100, 80)
mean <- c(0, .5, -.4, .8, .2); sd <- c(1, 1.2, .8, 1.1, .9)
lambda <- matrix(c(1, .8, .9, .7, .6), groups, items, byrow = TRUE); nu <- matrix(c(3, 2.5, 3.5, 3, 2), groups, items, byrow = TRUE)
lambda[2, 3] <- .5; lambda[4, 1] <- .6; nu[3, 2] <- 3.3; nu[5, 4] <- 2.2; nu[2, 5] <- 2.7
data <- do.call(rbind, lapply(seq_len(groups), function(g) {
  f <- mean[g] + sd[g] * rnorm(n[g])
  y <- sapply(seq_len(items), function(j) nu[g, j] + lambda[g, j] * f + .6 * rnorm(n[g]))
  data.frame(round(y, 3), group = paste0("g", g))
}))
names(data)[seq_len(items)] <- paste0("y", seq_len(items))
write.csv(data, "alignment_data.csv", row.names = FALSE, quote = FALSE)

model <- paste("f =~", paste0("y", seq_len(items), collapse = " + "))
raw <- lapply(paste0("g", seq_len(groups)), function(g) {
  est <- lavInspect(cfa(model, data[data$group == g, ], std.lv = TRUE, meanstructure = TRUE), "est")
  list(l = as.numeric(est$lambda), n = as.numeric(est$nu))
})
l <- t(sapply(raw, `[[`, "l")); v <- t(sapply(raw, `[[`, "n"))
f <- function(x) sqrt(sqrt(x^2 + .01))
loss <- function(alpha, psi) {
  total <- 0
  for (a in 1:(groups - 1)) for (b in (a + 1):groups) for (j in seq_len(items)) {
    la <- l[a, j] / sqrt(psi[a]); lb <- l[b, j] / sqrt(psi[b])
    total <- total + sqrt(n[a] * n[b]) * (f(la - lb) + f(v[a, j] - alpha[a] * la - (v[b, j] - alpha[b] * lb)))
  }
  total
}
record <- do.call(rbind, lapply(c("fixed", "free"), function(method) {
  read <- function(x) {
    s <- c(x[1:(groups - 1)], -sum(x[1:(groups - 1)]))  # variances of product 1
    list(psi = exp(2 * s), alpha = if (method == "fixed") c(0, x[groups:(2 * groups - 2)]) else x[groups:(2 * groups - 1)])
  }
  value <- function(x) { p <- read(x); loss(p$alpha, p$psi) }
  count <- if (method == "fixed") 2 * groups - 2 else 2 * groups - 1
  best <- NULL
  for (start in 1:100) {
    set.seed(start)
    found <- nlminb(.4 * rnorm(count), value, control = list(rel.tol = 1e-14, iter.max = 3000, eval.max = 6000))
    if (is.null(best) || found$objective < best$objective) best <- found
  }
  p <- read(best$par)
  data.frame(method, group = paste0("g", seq_len(groups)), mean = p$alpha / sqrt(p$psi[1]), variance = p$psi / p$psi[1], loss = best$objective)
}))
write.csv(cbind(record[1:2], signif(record[3:5], 10)), "alignment_aligned.csv", row.names = FALSE, quote = FALSE)
