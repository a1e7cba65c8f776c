"""How the alignment was computed, with the options that were in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from vaar.analyses.alignment.collect import MANY_PERSONAS
from vaar.analyses.alignment.items import on_items
from vaar.analyses.alignment.options import SAMPLES, AlignmentOptions
from vaar.analyses.alignment.rate.divergence import CLIP
from vaar.analyses.alignment.rate.heterogeneity import FEWEST_CONTEXTS, LEAST_KAPPA
from vaar.analyses.alignment.rate.same_sign import KAPPA
from vaar.analyses.alignment.report.wording import sign
from vaar.analyses.alignment.screening.copies import FEWEST_PATTERNS, LEAST_DISTINCT
from vaar.analyses.alignment.screening.fit_gate import EXACT_FIT_LEVEL, LEAST_CFI, MOST_RMSEA
from vaar.analyses.alignment.screening.left_out import HEADLINE_PERSONAS
from vaar.report.groups import Groups
from vaar.report.section import Block, Box, Code, Definitions, Items, Prose
from vaar.study.model import Evidence, Study
from vaar.tables.html import name
from vaar.tables.numbers import coefficient, count, decimal
from vaar.tables.table import Table, number, tabulate, text

_ESTIMATORS = {
    "MLR": "maximum likelihood with robust standard errors (MLR)",
    "ML": "maximum likelihood with standard errors from the expected information (ML)",
    "WLSMV": "diagonally weighted least squares on single ordinal items in place of parcels, with "
    "robust standard errors and a test adjusted in mean and variance (WLSMV)",
}
_MISSING = {
    "fiml": "sessions that lack a score are used as far as they go (full-information likelihood)",
    "listwise": "sessions that lack a score are left out (listwise deletion)",
}
_ADJUST = {
    "design": "Order (of more than 12 orders the places of the questionnaires), direction of the "
    "options and wording, where they vary, are taken out of "
    "every score by a regression within each group",
    "none": "Order, direction of the options and wording are left as they are",
}
_SCREENED = (
    "Sessions of a group with the same seed and the same conversation count once, and a group most "
    "of whose sessions are another respondent's word for word is left out. "
    "Sessions that gave one answer to all items of both keys are left out; groups with fewer than "
    f"{FEWEST_PATTERNS} different patterns of answers, or with fewer than {LEAST_DISTINCT:.0%} of "
    "the sessions different, are not analysed. The model is fitted to each group alone too; a "
    f"group is in no ranking where CFI is below {LEAST_CFI:g} and exact fit is rejected at "
    f"{EXACT_FIT_LEVEL:g}, where the 90 % interval of RMSEA lies above {MOST_RMSEA:g}, where a "
    "standardised loading exceeds 1, or where searches from several starts disagree. Where "
    f"personas repeat, fewer than {HEADLINE_PERSONAS} of them carry no headline."
)
_LEVELS = {
    "auto": "The invariance ladder decided whether paths are read from the metric or the "
    "configural model.",
    "metric": "Paths were asked to be read from the metric model, whatever the ladder says.",
    "configural": "Paths were asked to be read from the configural model, whatever the ladder "
    "says.",
}
_CONFIDENCE = {
    "normal": Markup("Φ(<var>s</var>·<var>b</var> / <var>se</var>)"),
    "bootstrap": Markup(
        "(<var>r</var> + ½) / (<var>R</var> + 1), where <var>r</var> of <var>R</var> bootstrap "
        "replicates have <var>s</var>·<var>b</var> &gt; 0"
    ),
}
_LIMITS = (
    Markup(
        "<b>Not a replication.</b> The published abstract fixes the idea; questionnaires, "
        "estimator and the VAAR formula here are this package's own."
    ),
    Markup(
        "<b>κ is what is said of new contexts.</b> A stated κ is an assumption: with a larger one "
        "every VAAR lies nearer to .5. Only a study that varies ten contexts or more can tell."
    ),
    Markup(
        "<b>Coverage.</b> In simulations at 100 to 1,000 sessions with one to eight paths the "
        "95 % intervals hold the true rate in .91–.98 of cases, .95 on average, however sure "
        "people's direction is."
    ),
    Markup(
        "<b>Whose reference?</b> Signs from the literature come from other samples, countries and "
        "questions than this study's. A human data set answering the same questionnaires is the "
        "better reference."
    ),
    Markup(
        "<b>Consistency of meaning.</b> Inside one conversation a model may answer so as to agree "
        "with what it said before. Keys of both signs do not take that away."
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
_SOURCE = Markup(
    "Chen, Yu &amp; Hu (2026). Value–Action Alignment in Large Language Models under "
    "Privacy–Prosocial Conflict. Findings of the Association for Computational Linguistics: ACL "
    '2026, 41545–41564. <a href="https://arxiv.org/abs/2601.03546" rel="noreferrer">'
    "arXiv:2601.03546</a>."
)


def _missing(options: AlignmentOptions) -> str:
    if options.estimator == "WLSMV" and options.missing == "fiml":
        return "every pair of items rests on the sessions that answered both (pairwise)"
    return _MISSING[options.missing]


def method_blocks(
    record: Mapping[str, Any], options: AlignmentOptions, groups: Groups, study: Study
) -> Iterator[Block]:
    """The model, what it was adjusted for, the expected signs, the formulas, their limits."""
    yield Prose(
        "The structural model below was fitted to all groups jointly (multi-group structural "
        f"equation model) by {_ESTIMATORS[options.estimator]}; {_missing(options)}. "
        f"{_LEVELS[options.level]}"
    )
    ordinal = options.estimator == "WLSMV"
    yield Code(on_items(study.structural_model, study) if ordinal else study.structural_model)
    yield Prose(f"{_ADJUST[options.adjust]}{_varied(record)}. {_SCREENED}")
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
    yield Definitions(tuple(_formulas(options, record)))
    yield Box("Limits of these figures", (Items(_LIMITS),))
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


def _varied(record: Mapping[str, Any]) -> str:
    """What was taken out, of those that varied."""
    if record["estimator"] == "WLSMV":
        return " (not of ordinal items, which have no residuals)"
    taken = record.get("adjusted_for", {}).values()
    names = dict.fromkeys(name for own in taken for name in own)
    return f" (here {', '.join(names)})" if names else ""


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
        f"There, below {MANY_PERSONAS} personas, standard errors of the paths come from leaving "
        "out each persona in turn, with more of them from a bootstrap that draws whole personas, "
        "and intervals use t with one degree of freedom fewer than personas."
        if options.replicates
        else "As there are no bootstrap replicates, standard errors take sessions as independent."
    )
    yield Prose(
        Markup(
            "<b>Personas repeat</b> in {} groups ({}). Sessions of one persona are not "
            "independent. {} Subsamples take one whole persona after another."
        ).format(len(personas), told, source)
    )


def _people(paths: Mapping[str, Mapping[str, float | None]]) -> tuple[Markup, Markup]:
    """What people's paths are divided by in q, and what q is where they are published."""
    error = Markup("<var>se</var><sub>h</sub>")
    taus = {float(own["tau"] or 0) for own in paths.values()}
    if any(taus):
        error = Markup("√(<var>se</var><sub>h</sub>² + {:g}²)").format(max(taus))
    told = [
        Markup("{}: {} (SE {})").format(path, coefficient(own["std_estimate"]), coefficient(se))
        for path, own in paths.items()
        if (se := own["std_se"]) is not None
    ]
    if not told:
        return error, Markup("")
    published = Markup(
        "; Φ(<var>s</var>·<var>b</var><sub>h</sub> / √(<var>se</var><sub>h</sub>² + τ²)) where "
        "people's path is published, τ = {:g} between studies, drawn again in every replicate: {}"
    )
    return error, published.format(max(taus), Markup(", ").join(told))


def _formulas(options: AlignmentOptions, record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kappa = record.get("kappa", {})
    samples = options.samples(len(record["groups"]))
    fewer = f": fewer than {SAMPLES}, as there are many groups" if _fewer(options, samples) else ""
    yield ("Verdict", _verdict(options))
    yield (
        "In a new context",
        Markup(
            "<var>p</var> = Φ(<var>s</var>·β / κ), the probability that a path has the expected "
            "sign in another framing, wording or order. {}"
        ).format(_kappa(options, kappa)),
    )
    yield (
        "In people",
        Markup(
            "<var>q</var> = 1 for a sign taken from the literature; "
            "Φ(<var>s</var>·<var>b</var><sub>h</sub> / {}) where human data are fitted{}"
        ).format(*_people(record.get("published", {}))),
    )
    yield (
        "VAAR",
        Markup(
            "exp(Σ<sub><var>k</var></sub> <var>w<sub>k</sub></var> ln "
            "<var>A<sub>gk</sub></var>), <var>A</var> = <var>qp</var> + (1 − <var>q</var>)(1 − "
            "<var>p</var>) the probability of the same sign in model and people, weights "
            "<var>w</var> that sum to 1. A group of which a path is not estimable has none"
        ),
    )
    yield ("Estimate and interval", _intervals(options))
    yield (
        "Confidence within this context",
        Markup("that a path has the expected sign here: {}").format(
            _CONFIDENCE[options.confidence]
        ),
    )
    yield (
        "First definition",
        Markup(
            "exp(−Σ<sub><var>k</var></sub> <var>w<sub>k</sub></var> KL<sub><var>gk</var></sub>), "
            "the divergence of that confidence, kept within [ε, 1 − ε], from <var>q</var>; "
            "ε = {:g}. It grows with the number of sessions"
        ).format(CLIP),
    )
    yield (
        "Equal N and the curve against N",
        f"{count(samples)} samples at each size, without and with replacement{fewer}",
    )


def _fewer(options: AlignmentOptions, samples: int) -> bool:
    return not options.subsamples and samples < SAMPLES


def _verdict(options: AlignmentOptions) -> Markup:
    if not options.delta:
        return Markup(
            "as in people or against where the 95 % interval excludes 0, else undecided; as δ is "
            "0, no path is negligible"
        )
    return Markup(
        "negligible where the 90 % interval lies inside (−δ, δ), δ = {:g}; else as in people or "
        "against where the 95 % interval excludes 0; else undecided"
    ).format(options.delta)


def _kappa(options: AlignmentOptions, kappa: Mapping[str, Any]) -> str:
    if options.kappa:
        return f"κ = {options.kappa:g}, as was asked for"
    if kappa.get("estimated"):
        return (
            f"κ is estimated (REML) from {count(kappa['contexts'])} contexts of a model, pooled "
            f"over paths and models, and never below {LEAST_KAPPA:g}"
        )
    return (
        f"κ = {KAPPA:g} is stated, not estimated: that takes {FEWEST_CONTEXTS} contexts of a model"
    )


def _intervals(options: AlignmentOptions) -> Markup:
    if not options.replicates:
        return Markup(
            "the rate at the estimates, uncorrected and without interval: this analysis had no "
            "bootstrap replicates"
        )
    return Markup(
        "inversion of a test (Davison &amp; Hinkley 1997, section 5.4) with the errors of a "
        "bootstrap over sessions, {} replicates: true paths are tried along the line on which the "
        "rate changes fastest, beginning where the paths lie once they are drawn towards each "
        "other as their errors allow. The bounds are the rates from which .975 and .025 of "
        "estimates would be lower than the one found; the estimate is that from which half would. "
        "One that could not be fitted again is left out and counted"
    ).format(count(options.replicates))


def _coding(covariate: Mapping[str, Any]) -> str:
    if not covariate["reference"]:
        return "an amount, centred and scaled over all sessions"
    return f"{', '.join(covariate['levels'])}: each against {covariate['reference']}"
