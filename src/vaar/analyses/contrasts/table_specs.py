"""The tables of the contrasts: every column, and what it means."""

from __future__ import annotations

from vaar.analyses.columns import GROUP, share_column
from vaar.analyses.contrasts.comparisons import Kind
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

_PATH = ColumnSpec("path", "text", "", "outcome ~ predictor")


def _number(name: str, meaning: str) -> ColumnSpec:
    return ColumnSpec(name, "number", "", meaning)


CONTRASTS = TableSpec(
    "contrasts",
    "a path × two groups",
    (
        ColumnSpec("kind", "text", "", "what the two differ in", allowed=tuple(map(str, Kind))),
        ColumnSpec("one", "text", "", "a group: see groups.csv"),
        ColumnSpec("other", "text", "", "another, or the people"),
        _PATH,
        _number("std_one", "standardised path of the first"),
        _number("std_other", "of the second"),
        _number("difference", "the first less the second"),
        _number("se", "its standard error; the groups are taken as independent"),
        _number("df", "its degrees of freedom; blank: the normal distribution"),
        _number("lower", "lower end of its 95 % interval"),
        _number("upper", "its upper end"),
        share_column("p", "of the Wald test that there is no difference"),
        share_column("p_holm", "adjusted for all contrasts of the same kind (Holm)"),
    ),
)

MODELS = TableSpec(
    "models_together",
    "a real model × path, under a condition that at least two real models had",
    (
        GROUP,
        _PATH,
        ColumnSpec("models", "count", "models", "under the same condition and levels", least=2),
        _number("std_estimate", "its standardised path, as estimated"),
        _number("std_se", "its standard error"),
        share_column(
            "p_holm", "of no path, adjusted for all models and paths of the condition (Holm)"
        ),
        _number("pooled", "its path in the light of all models; blank below five models"),
        _number("pooled_sd", "posterior standard deviation"),
        share_column("pooled_positive", "posterior probability that it is positive"),
        ColumnSpec("claim", "text", "", "sign that is claimed", allowed=("+", "-", "none")),
        ColumnSpec("rank_lower", "count", "", "best rank of s·b it may have; 1 is the highest"),
        ColumnSpec("rank_upper", "count", "", "worst"),
    ),
)

BETWEEN_MODELS = TableSpec(
    "between_models",
    "a path × condition that at least two real models had",
    (
        ColumnSpec("condition", "text", "", "of the study"),
        ColumnSpec("levels", "text", "", "factors that split the groups, as JSON"),
        _PATH,
        ColumnSpec("models", "count", "models", "real models with an estimate", least=2),
        _number("mean", "mean path over models (random effects)"),
        _number("lower", "lower end of its 95 % interval"),
        _number("upper", "its upper end"),
        _number("sd", "standard deviation of true paths between models (REML)"),
        _number("sd_lower", "lower end of its 95 % profile interval"),
        _number("sd_upper", "its upper end"),
    ),
)

ZERO_ORDER = TableSpec(
    "zero_order",
    "a group × path",
    (
        GROUP,
        _PATH,
        _number("std_path", "standardised path, at equal other predictors"),
        _number("path_lower", "lower end of its 95 % interval"),
        _number("path_upper", "its upper end"),
        _number("r", "zero-order correlation of the two latent variables"),
        _number("r_se", "its standard error"),
        _number("r_lower", "lower end of its 95 % interval (Fisher's z)"),
        _number("r_upper", "its upper end"),
        ColumnSpec("signs", "text", "", "of path and r", allowed=("same", "different", "")),
    ),
)

REFERENCES = TableSpec(
    "published",
    "a group × published coefficient of one of its paths",
    (
        GROUP,
        _PATH,
        ColumnSpec("specification", "text", "", "of both", allowed=("zero-order", "path")),
        ColumnSpec("adjusted_for", "text", "", "what else was in the published model"),
        _number("published", "the published coefficient"),
        _number("published_lower", "lower end of its 95 % interval"),
        _number("published_upper", "its upper end"),
        _number("own", "the group's, of the same specification"),
        _number("own_lower", "lower end of its 95 % interval"),
        _number("own_upper", "its upper end"),
        _number("difference", "own less published; blank where the models differ"),
        share_column("p", "of the Wald test that there is no difference"),
        ColumnSpec("source", "text", "", "the publication"),
    ),
)

PEOPLE = TableSpec(
    "people_paths",
    "a path in the human reference",
    (
        _PATH,
        ColumnSpec("n", "count", "people", "whose answers were fitted", least=0),
        ColumnSpec("expected_sign", "count", "", "−1 or 1, of the study's hypothesis"),
        _number("std_path", "standardised path in people"),
        _number("lower", "lower end of its 95 % interval"),
        _number("upper", "its upper end"),
        ColumnSpec("finding", "text", "", "as expected, against, undecided or not estimable"),
    ),
)

CEILING = TableSpec(
    "people_ceiling",
    "a way to split the people in halves at random",
    (
        ColumnSpec("split", "count", "", "its number, from 1", least=1),
        ColumnSpec("n", "count", "people", "in the half that is rated", least=1),
        share_column("vaar", "of one half, the other half being the reference"),
    ),
)

TABLES = (CONTRASTS, MODELS, BETWEEN_MODELS, ZERO_ORDER, REFERENCES, PEOPLE, CEILING)
