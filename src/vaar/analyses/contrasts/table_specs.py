"""The tables of the contrasts: every column, and what it means."""

from __future__ import annotations

from vaar.analyses.columns import GROUP, number_column, share_column
from vaar.analyses.contrasts.comparisons import Kind
from vaar.tables.column import ColumnSpec
from vaar.tables.spec import TableSpec

_PATH = ColumnSpec("path", "text", "", "outcome ~ predictor")


CONTRASTS = TableSpec(
    "contrasts",
    "a path × two groups; of more than 10,000 of one kind the surest",
    (
        ColumnSpec("kind", "text", "", "what the two differ in", allowed=tuple(map(str, Kind))),
        ColumnSpec("one", "text", "", "a group: see groups.csv"),
        ColumnSpec("other", "text", "", "another, or the people"),
        _PATH,
        number_column("std_one", "standardised path of the first"),
        number_column("std_other", "of the second"),
        number_column("difference", "the first less the second"),
        number_column("se", "its standard error; the groups are taken as independent"),
        number_column("df", "its degrees of freedom; blank: the normal distribution"),
        number_column("lower", "lower end of its 95 % interval"),
        number_column("upper", "its upper end"),
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
        number_column("std_estimate", "its standardised path, as estimated"),
        number_column("std_se", "its standard error"),
        share_column(
            "p_holm", "of no path, adjusted for all models and paths of the condition (Holm)"
        ),
        number_column("pooled", "its path in the light of all models; blank below five models"),
        number_column("pooled_sd", "posterior standard deviation"),
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
        number_column("mean", "mean path over models (random effects)"),
        number_column("lower", "lower end of its 95 % interval"),
        number_column("upper", "its upper end"),
        number_column("sd", "standard deviation of true paths between models (REML)"),
        number_column("sd_lower", "lower end of its 95 % profile interval"),
        number_column("sd_upper", "its upper end"),
    ),
)

ZERO_ORDER = TableSpec(
    "zero_order",
    "a group × path",
    (
        GROUP,
        _PATH,
        number_column("std_path", "standardised path, at equal other predictors"),
        number_column("path_lower", "lower end of its 95 % interval"),
        number_column("path_upper", "its upper end"),
        number_column("r", "zero-order correlation of the two latent variables"),
        number_column("r_se", "its standard error"),
        number_column("r_lower", "lower end of its 95 % interval (Fisher's z)"),
        number_column("r_upper", "its upper end"),
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
        number_column("published", "the published coefficient"),
        number_column("published_lower", "lower end of its 95 % interval"),
        number_column("published_upper", "its upper end"),
        number_column("own", "the group's, of the same specification"),
        number_column("own_lower", "lower end of its 95 % interval"),
        number_column("own_upper", "its upper end"),
        number_column("difference", "own less published; blank where the models differ"),
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
        number_column("std_path", "standardised path in people"),
        number_column("lower", "lower end of its 95 % interval"),
        number_column("upper", "its upper end"),
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
