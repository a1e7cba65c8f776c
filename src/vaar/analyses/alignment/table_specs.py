"""The tables of the alignment analysis: every column, and what it means."""

from __future__ import annotations

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.analyses.columns import GROUP, share_column
from vaar.tables.column import ColumnKind, ColumnSpec
from vaar.tables.spec import TableSpec
from vaar.vocabulary import Estimability

_REASON = ColumnSpec("reason", "text", "", "why there is no number, or what qualifies it")


def _numbers(*described: tuple[str, str], kind: ColumnKind = "number") -> tuple[ColumnSpec, ...]:
    return tuple(ColumnSpec(name, kind, "", meaning) for name, meaning in described)


def _status(*allowed: Estimability) -> ColumnSpec:
    words = tuple(str(status) for status in allowed)
    return ColumnSpec("status", "text", "", "whether there is a number", allowed=words)


VAAR = TableSpec(
    "vaar",
    "a group",
    (
        GROUP,
        ColumnSpec("definition", "count", "", "which definition of VAAR: see the documentation"),
        share_column("vaar", "the Value–Action Alignment Rate, free of median bias"),
        *_numbers(("vaar_lower", "lower end of its 95 % interval by test inversion")),
        *_numbers(("vaar_upper", "its upper end")),
        share_column("vaar_uncorrected", "the rate at the estimates of the paths"),
        *_numbers(("kappa", "κ: standard deviation of a path over contexts")),
        *_numbers(("kappa_lower", "lower end of its 95 % interval; blank where κ is stated")),
        *_numbers(("kappa_upper", "its upper end")),
        *_numbers(("vaar_at_kappa_lower", "the rate at the lower end")),
        *_numbers(("vaar_at_kappa_upper", "the rate at the upper end")),
        *_numbers(
            ("n_as_in_people", "paths of this verdict"),
            ("n_against", "paths of this verdict"),
            ("n_negligible", "paths of this verdict"),
            ("n_undecided", "paths of this verdict"),
            kind="count",
        ),
        ColumnSpec("rank_lower", "count", "", "best rank that all data together allow", least=1),
        ColumnSpec("rank_upper", "count", "", "worst such rank", least=1),
        ColumnSpec("ranked", "count", "groups", "those ranked together; blank: not ranked"),
        ColumnSpec("flag", "text", "", "why the group is in no ranking and no headline"),
        share_column("vaar_divergence", "the rate of the first definition, which grows with N"),
        ColumnSpec("log_loss", "number", "nats", "mean cross-entropy of confidence and q"),
        share_column("sign_agreement", "estimable paths whose estimate has the expected sign"),
        ColumnSpec("n_paths", "count", "paths", "hypothesised paths", least=1),
        ColumnSpec("n_not_estimable", "count", "paths", "those without an estimate", least=0),
        ColumnSpec("n_sessions", "count", "sessions", "before any is left out", least=0),
        _status(*Estimability),
        _REASON,
        ColumnSpec("equal_n", "count", "sessions", "drawn from every group for what follows"),
        *_numbers(("vaar_equal_n", "median uncorrected rate of subsamples of that many sessions")),
        *_numbers(("equal_n_spread_lower", "lower end of the middle 95 % of the subsamples")),
        *_numbers(("equal_n_spread_upper", "its upper end: a spread, no interval")),
    ),
)

PATHS = TableSpec(
    "paths",
    "a group × path",
    (
        GROUP,
        ColumnSpec("path", "text", "", "outcome ~ predictor"),
        ColumnSpec("expected_sign", "count", "", "−1 or 1, of the study's hypothesis"),
        *_numbers(("estimate", "unstandardised"), ("se", "its standard error")),
        *_numbers(("std_estimate", "standardised"), ("std_se", "its standard error")),
        *_numbers(("df", "degrees of freedom of its intervals; blank: the normal distribution")),
        ColumnSpec(
            "verdict", "text", "", "what the data say", allowed=tuple(str(v) for v in Verdict)
        ),
        share_column("confidence", "within this context: that the path has the expected sign"),
        share_column("p_context", "p: that it has the expected sign in a new context"),
        share_column("reference_probability", "q: that people's path has the expected sign"),
        share_column("p_same_sign", "A: that model and people have the same sign"),
        ColumnSpec("kl", "number", "nats", "divergence of the confidence from q"),
        _status(Estimability.ESTIMATED, Estimability.NOT_ESTIMABLE),
        _REASON,
    ),
)

VAAR_BY_N = TableSpec(
    "vaar_by_n",
    "a group × sample size",
    (
        GROUP,
        ColumnSpec("n", "count", "sessions", "drawn from every group", least=1),
        *_numbers(("vaar", "median uncorrected rate of samples drawn with replacement")),
        *_numbers(("vaar_lower", "lower end of the middle 95 % of the samples")),
        *_numbers(("vaar_upper", "its upper end")),
    ),
)

INVARIANCE = TableSpec(
    "invariance",
    "an invariance level, the least restricted first",
    (
        ColumnSpec("level", "text", "", "configural, metric or scalar"),
        *_numbers(("chisq", "test statistic of the model")),
        *_numbers(("df", "degrees of freedom"), kind="count"),
        *_numbers(("pvalue", "of the test"), ("cfi", "comparative fit index")),
        *_numbers(("tli", "Tucker–Lewis index")),
        *_numbers(("rmsea", "root mean square error of approximation")),
        *_numbers(("srmr", "standardised root mean square residual")),
        *_numbers(("aic", "Akaike's criterion"), ("bic", "Bayesian criterion")),
        *_numbers(("delta_chisq", "difference test against the level before")),
        *_numbers(("delta_df", "its degrees of freedom"), kind="count"),
        *_numbers(("delta_pvalue", "its p-value")),
        *_numbers(("delta_cfi", "change of the CFI from the level before")),
        *_numbers(("delta_rmsea", "change of the RMSEA"), ("delta_srmr", "change of the SRMR")),
        ColumnSpec("tenable", "flag", "", "ΔCFI ≥ −.010 and ΔRMSEA ≤ .015, here and before"),
        ColumnSpec("outcome", "text", "", "how the fit ended"),
        ColumnSpec("variant", "text", "", "which χ², CFI, TLI and RMSEA these are"),
        ColumnSpec("chosen", "flag", "", "whether the paths are read from this level"),
    ),
)

SCREENING = TableSpec(
    "screening",
    "one finding in the data",
    (
        ColumnSpec("group", "text", "", "the group; empty: in all"),
        ColumnSpec("item", "text", "", "the variable, where it is one"),
        ColumnSpec("finding", "text", "", "what was found"),
        ColumnSpec("action", "text", "", "what was done about it"),
        ColumnSpec("detail", "text", "", "how much"),
    ),
)
