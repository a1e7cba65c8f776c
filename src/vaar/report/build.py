"""From the tables of a run to the nouns that the page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from vaar.errors import RunDirectoryError
from vaar.report import answer_tables, charts, measurement_tables, method_tables, vaar_tables
from vaar.report.answer import Changed, answer, changed_models, overlap, simulated_names
from vaar.report.charts import Figure
from vaar.report.examples import Examples, examples
from vaar.report.groups import Groups, collect
from vaar.report.inputs import ReportInputs
from vaar.report.vaar_tables import Excluded
from vaar.report.varied import Varied, varied
from vaar.study.model import Study
from vaar.tables.table import Table

_RUN_KEYS = ("respondents", "command", "options")
_FIT_KEYS = ("groups", "dropped", "level", "why", "measures", "outcome", "options", "bootstrap")


@dataclass(frozen=True)
class Answer:
    """The top of the page."""

    sentence: Markup
    overlap: Markup
    simulated: list[str]
    n_respondents: int
    people: tuple[str, ...]
    changed: tuple[Changed, ...]


@dataclass(frozen=True)
class Alignment:
    """VAAR: the leaderboard, those left out of it, the paths behind it."""

    leaderboard: Figure | None
    excluded: tuple[Excluded, ...]
    table: Table
    forests: tuple[Figure, ...]
    paths: Table
    by_n: Figure | None


@dataclass(frozen=True)
class Answers:
    """What the answers look like: profiles, reliability, what is missing, what was said."""

    figures: tuple[Figure, ...]
    profiles: Table
    subscales: Table
    reliability: Table
    missing: Table
    reasons: Table
    sessions: Table
    failures: Table
    examples: tuple[Examples, ...]


@dataclass(frozen=True)
class Measurement:
    """Whether the groups can be compared, and what was done to the data."""

    ladder: Table
    measures: Table
    screening: Table
    n_screening: int
    dropped: Table
    outcomes: Table
    lost_replicates: Table


@dataclass(frozen=True)
class Method:
    """Every choice behind the figures."""

    conditions: Table
    hypotheses: Table
    instruments: Table
    sources: Table
    asked_for: Table
    run_options: Table
    fit_options: Table
    covariates: Table
    versions: Table


@dataclass(frozen=True)
class Page:
    """Everything the template shows."""

    study: Study
    run: dict[str, Any]
    fit: dict[str, Any]
    answer: Answer
    alignment: Alignment
    answers: Answers
    varied: Varied | None
    measurement: Measurement
    method: Method


def build(inputs: ReportInputs) -> Page:
    """Arrange the tables of a run for the page.

    Raises
    ------
    RunDirectoryError
        ``run.json`` or ``fit.json`` lacks an entry that the page needs.
    """
    _require(inputs.run, _RUN_KEYS, "run.json")
    _require(inputs.fit, _FIT_KEYS, "fit.json")
    groups = collect(inputs)
    return Page(
        inputs.study,
        inputs.run,
        inputs.fit,
        _answer(inputs, groups),
        _alignment(inputs, groups),
        _answers(inputs, groups),
        varied(inputs, groups),
        _measurement(inputs, groups),
        _method(inputs),
    )


def _require(record: dict[str, Any], keys: tuple[str, ...], file: str) -> None:
    absent = [key for key in keys if key not in record]
    if absent:
        raise RunDirectoryError(
            f"{file} has no {', '.join(absent)}; it must hold {', '.join(keys)}. "
            "Run `vaar analyze` on the run directory to write it anew."
        )


def _answer(inputs: ReportInputs, groups: Groups) -> Answer:
    return Answer(
        answer(inputs.vaar, inputs.run, groups),
        overlap(inputs.vaar, groups),
        simulated_names(inputs.run),
        len(inputs.run["respondents"]),
        tuple(group.name for group in groups if not group.asked),
        changed_models(inputs.run),
    )


def _alignment(inputs: ReportInputs, groups: Groups) -> Alignment:
    estimated = set(vaar_tables.drawable(inputs.vaar)["group"])
    curves = inputs.vaar_by_n[inputs.vaar_by_n["group"].isin(estimated)]
    forests = (charts.forest(path, inputs.paths, groups) for path in inputs.paths["path"].unique())
    return Alignment(
        charts.leaderboard(inputs.vaar, groups),
        vaar_tables.not_estimable(inputs.vaar, groups),
        vaar_tables.vaar_table(inputs.vaar, groups),
        tuple(figure for figure in forests if figure),
        vaar_tables.path_table(inputs.paths, groups),
        charts.vaar_by_n(curves, groups),
    )


def _answers(inputs: ReportInputs, groups: Groups) -> Answers:
    study, profile = inputs.study, inputs.profile
    whole = answer_tables.whole_scales(profile, study)
    parts = answer_tables.subscales(profile, study)
    figures = (charts.profile(i.code, i.scale, whole, groups) for i in study.instruments)
    return Answers(
        tuple(figure for figure in figures if figure),
        answer_tables.profile_table("Scale means", whole, study, groups),
        answer_tables.profile_table("Subscale means", parts, study, groups),
        answer_tables.reliability_table(profile, groups),
        answer_tables.missing_table(profile, study, groups),
        answer_tables.reason_table(inputs.responses, groups),
        answer_tables.session_table(inputs.sessions, groups),
        answer_tables.failure_table(inputs.sessions, groups),
        examples(inputs.responses, groups),
    )


def _measurement(inputs: ReportInputs, groups: Groups) -> Measurement:
    return Measurement(
        measurement_tables.invariance_table(inputs.invariance),
        measurement_tables.measure_table(inputs.fit["measures"]),
        measurement_tables.screening_table(inputs.screening, groups),
        len(inputs.screening),
        measurement_tables.dropped_table(inputs.fit["dropped"], groups),
        measurement_tables.outcome_table(inputs.fit.get("group_outcome", {}), groups),
        measurement_tables.replicate_table(inputs.fit["bootstrap"]["failed"], groups),
    )


def _method(inputs: ReportInputs) -> Method:
    study = inputs.study
    resolved = inputs.fit["options"] | {"level read from": inputs.fit["level"]}
    return Method(
        method_tables.condition_table(study),
        method_tables.hypothesis_table(study),
        method_tables.instrument_table(study),
        method_tables.source_table(study),
        method_tables.option_table("What was asked for", inputs.run.get("identity", {})),
        method_tables.option_table("Options of the run", inputs.run["options"]),
        method_tables.option_table("Options of the analysis", resolved),
        method_tables.covariate_table(inputs.fit.get("covariates", ())),
        method_tables.version_table(inputs.run),
    )
