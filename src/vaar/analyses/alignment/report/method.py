"""How the alignment was computed, with the options that were in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.report.wording import sign
from vaar.analyses.alignment.vaar import CLIP
from vaar.report.groups import Groups
from vaar.report.section import Block, Box, Code, Definitions, Items, Prose
from vaar.study.model import Evidence, Study
from vaar.tables.html import name
from vaar.tables.numbers import count, decimal
from vaar.tables.table import Table, number, tabulate, text

_ESTIMATORS = {
    "MLR": "maximum likelihood with robust standard errors (MLR)",
    "ML": "maximum likelihood with standard errors from the expected information (ML)",
}
_MISSING = {
    "fiml": "sessions that lack a score are used as far as they go (full-information likelihood)",
    "listwise": "sessions that lack a score are left out (listwise deletion)",
}
_LEVELS = {
    "auto": "The invariance ladder decided whether paths are read from the metric or the "
    "configural model.",
    "metric": "Paths were asked to be read from the metric model, whatever the ladder says.",
    "configural": "Paths were asked to be read from the configural model, whatever the ladder "
    "says.",
}
_CONFIDENCE = {
    "normal": Markup("Φ((<var>s</var>·<var>b</var> − δ) / <var>se</var>)"),
    "bootstrap": Markup(
        "(<var>r</var> + ½) / (<var>R</var> + 1), where <var>r</var> of <var>R</var> bootstrap "
        "replicates have <var>s</var>·<var>b</var> &gt; δ"
    ),
}
_LIMITS = (
    Markup(
        "<b>Not a replication.</b> The published abstract fixes the idea; questionnaires, "
        "estimator and the VAAR formula here are this package's own."
    ),
    Markup(
        "<b>VAAR grows with N.</b> With enough sessions any path that is not exactly zero is "
        "decided. Compare at equal N, and read the paths' sizes."
    ),
    Markup(
        "<b>Whose reference?</b> Signs from the literature come from other samples, countries and "
        "questions than this study's. A human data set answering the same questionnaires is the "
        "better reference."
    ),
    Markup(
        "<b>Agreement with everything.</b> Where all items of a questionnaire point the same way, "
        "a respondent that agrees with whatever it is asked cannot be told from one that holds "
        "strong views; acquiescence pushes every path towards plus."
    ),
    Markup(
        "<b>Parcels and scores.</b> Where the model uses parcels or scale scores instead of items, "
        "misfit inside a parcel cannot be seen."
    ),
    Markup(
        "<b>What varies.</b> Differences between sessions of one model come from sampling (and "
        "personas, where used). They are not differences between people, and paths among them need "
        "not mean what paths among people mean."
    ),
)
_BLIND = Markup(
    "<b>Blind to size.</b> VAAR asks for the sign. A path of .05 and one of .50, both certain, "
    "count alike."
)
_SOURCE = Markup(
    "Chen, Yu &amp; Hu (2026). Value–Action Alignment in Large Language Models under "
    "Privacy–Prosocial Conflict. Findings of the Association for Computational Linguistics: ACL "
    '2026, 41545–41564. <a href="https://arxiv.org/abs/2601.03546" rel="noreferrer">'
    "arXiv:2601.03546</a>."
)


def method_blocks(
    record: Mapping[str, Any], options: AlignmentOptions, groups: Groups, study: Study
) -> Iterator[Block]:
    """The model, what it was adjusted for, the expected signs, the formulas, their limits."""
    yield Prose(
        "The structural model below was fitted to all groups jointly (multi-group structural "
        f"equation model) by {_ESTIMATORS[options.estimator]}; {_MISSING[options.missing]}. "
        f"{_LEVELS[options.level]}"
    )
    yield Code(study.structural_model)
    yield from _groups(groups)
    if record["covariates"]:
        yield Prose(
            "Every latent variable, and every observed one that the model explains, is regressed "
            "on the covariates below in every group, so that paths are those at equal covariates. "
            "A covariate acts on the latent variable, not on single indicators."
        )
        yield covariate_table(record["covariates"])
    yield from _personas(record["bootstrap"].get("personas", {}), options)
    yield hypothesis_table(study)
    yield Prose(
        Markup(
            "For group <var>g</var> and path <var>k</var>, with standardised estimate "
            "<var>b</var>, standard error <var>se</var> and expected sign <var>s</var> = ±1:"
        )
    )
    yield Definitions(tuple(_formulas(options)))
    limits = (*_LIMITS, *(() if options.smallest_effect else (_BLIND,)))
    yield Box("Limits of these figures", (Items(limits),))
    yield Prose(_SOURCE)


def covariate_table(covariates: Sequence[Mapping[str, Any]]) -> Table:
    """What the paths are adjusted for, and how it was turned into numbers."""
    columns = [
        text("Covariate", "name"),
        text("coding", "coding"),
        number("sessions and people without it, left out of the fit", "n_missing", count),
    ]
    records = [dict(one) | {"coding": _coding(one)} for one in covariates]
    return tabulate("Covariates", columns, records)


def hypothesis_table(study: Study) -> Table:
    """The expected signs, a row for each finding behind one."""
    records = [
        {
            "path": hypothesis.path,
            "sign": sign(hypothesis.sign),
            "weight": hypothesis.weight,
            "finding": evidence.finding,
            "source": evidence.source,
        }
        for hypothesis in study.hypotheses
        for evidence in hypothesis.evidence or (Evidence(source="", finding="none given"),)
    ]
    columns = [
        text("Path", "path"),
        text("expected sign", "sign"),
        number("weight", "weight", decimal),
        text("evidence and cautions", "finding"),
        text("source", "source"),
    ]
    return tabulate(
        "Paths, their expected signs, and the evidence",
        columns,
        records,
        nothing="The study expects no signs.",
    )


def _groups(groups: Groups) -> Iterator[Block]:
    factors = list(dict.fromkeys(level for group in groups for level in group.levels))
    if factors:
        yield Prose(
            Markup(
                "Groups are respondents split by {}; people, where there are any, stay one group."
            ).format(Markup(", ").join(map(name, factors)))
        )


def _personas(personas: Mapping[str, int], options: AlignmentOptions) -> Iterator[Block]:
    if not personas:
        return
    told = Markup(", ").join(
        Markup("{}: {} personas").format(name(group), count(n)) for group, n in personas.items()
    )
    source = (
        "There standard errors of the paths, and with them the directional confidence, come from a "
        "bootstrap that draws whole personas; those of a replicate or subsample are stretched by "
        "the same ratio."
        if options.replicates
        else "As there are no bootstrap replicates, standard errors take sessions as independent."
    )
    yield Prose(
        Markup(
            "<b>Personas repeat</b> in {} groups ({}). Sessions of one persona are not "
            "independent. {} Subsamples take one whole persona after another."
        ).format(len(personas), told, source)
    )


def _formulas(options: AlignmentOptions) -> Iterator[tuple[str, str]]:
    yield (
        "Directional confidence",
        Markup(
            "<var>p</var> = P(<var>s</var>·<var>b</var> &gt; δ): {}. The smallest effect of "
            "interest δ is {:g}"
        ).format(_CONFIDENCE[options.confidence], options.smallest_effect),
    )
    yield (
        "Reference confidence",
        Markup(
            "<var>q</var> = 1 for a sign taken from the literature; "
            "Φ(|<var>b</var><sub>h</sub>| / <var>se</var><sub>h</sub>) where human data are fitted"
        ),
    )
    yield (
        "Cross-entropy",
        Markup(
            "CE = −[<var>q</var> ln <var>p</var> + (1 − <var>q</var>) ln(1 − <var>p</var>)], with "
            "<var>p</var> kept within [ε, 1 − ε], ε = {:g}; KL = CE − H(<var>q</var>), where "
            "H(<var>q</var>) is the entropy of <var>q</var>"
        ).format(CLIP),
    )
    yield (
        "VAAR",
        Markup(
            "VAAR<sub><var>g</var></sub> = exp(−Σ<sub><var>k</var></sub> <var>w<sub>k</sub></var> "
            "KL<sub><var>gk</var></sub>), with weights <var>w</var> that sum to 1. With "
            "<var>q</var> = 1 it is the weighted geometric mean of the directional confidences"
        ),
    )
    yield (
        "Log-loss",
        Markup("Σ<sub><var>k</var></sub> <var>w<sub>k</sub></var> CE<sub><var>gk</var></sub>"),
    )
    yield (
        "A path that is not estimable",
        "counts as p = ½ and is flagged; a group with none that is estimable has no VAAR",
    )
    yield ("Intervals", _intervals(options))
    yield (
        "Equal N",
        "every group subsampled to the sessions of the smallest, "
        f"{count(options.subsamples)} times; median and percentiles of the VAAR",
    )


def _intervals(options: AlignmentOptions) -> str:
    if not options.replicates:
        return "none: this analysis had no bootstrap replicates"
    return (
        f"percentiles of a bootstrap over sessions: {count(options.replicates)} replicates; one "
        "that could not be fitted again is left out and counted"
    )


def _coding(covariate: Mapping[str, Any]) -> str:
    if not covariate["reference"]:
        return "an amount, centred and scaled over all sessions"
    return f"{', '.join(covariate['levels'])}: each against {covariate['reference']}"
