"""The alignment: one structural model over all groups, its paths, and the rate they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, ClassVar

import pandas as pd

from vaar.analyses.alignment import notes
from vaar.analyses.alignment.align import Alignment, align
from vaar.analyses.alignment.conclude import DEFINITION
from vaar.analyses.alignment.covariates import Covariate
from vaar.analyses.alignment.headlines import headlines
from vaar.analyses.alignment.history import HISTORY, history_table, sharing_nothing
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.report.section import alignment_section
from vaar.analyses.alignment.screening.fit_gate import GroupFit
from vaar.analyses.alignment.screening.prepare import prepare
from vaar.analyses.alignment.table_specs import INVARIANCE, PATHS, SCREENING, VAAR, VAAR_BY_N
from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.headlines import Headline
from vaar.analyses.notes import Note
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.sem import Fit
from vaar.study.model import Study
from vaar.tables.spec import TableSpec
from vaar.vocabulary import Estimability


class AlignmentAnalysis:
    """The multi-group structural equation model, its paths, and the VAAR."""

    name: ClassVar[str] = "alignment"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = AlignmentOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (
        *(VAAR, PATHS, VAAR_BY_N, INVARIANCE, SCREENING, HISTORY),
    )

    def applies(self, study: Study) -> str:
        """It takes a structural model and hypotheses on its paths."""
        if not study.structural_model.strip():
            return "the study has no structural model"
        return "" if study.hypotheses else "the study has no hypotheses"

    def run(
        self,
        data: Coded,
        options: AlignmentOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Fit, read the paths, weigh them; ``kept["alignment"]`` is the :class:`Alignment`.

        Raises
        ------
        DataError
            The human reference cannot carry the model; or a covariate does not vary, makes the
            groups, or is not known of people.
        """
        ready = prepare(data, options, data.study.structural_model)
        work.on_stage("fitting the multi-group model and bootstrapping the VAAR")
        screened = replace(ready.screened, notes=_with_those_of_the_run(ready.screened.notes, data))
        found = align(
            ready.scores,
            data.study,
            options,
            work.map_chunks,
            ready.columns,
            data.groups,
            screened,
        )
        nothing = bool((found.vaar["status"] == Estimability.NOT_ESTIMABLE).all())
        return Outcome(
            self.name,
            Status.NOT_ESTIMABLE if nothing else Status.DONE,
            "no group could be estimated" if nothing else "",
            options,
            _tables(found, data),
            _record(found, options, ready.covariates) | {"adjusted_for": ready.adjusted_for},
            {"alignment": found},
        )

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """The answer and the rates first, then the paths and what they rest on."""
        if "level" not in outcome.record:
            return None  # results of an earlier version that lost their record
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return alignment_section(tables, outcome.record, outcome.options, groups, study)

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """The VAAR of every group, and its paths."""
        return headlines(VAAR.of(outcome.tables), PATHS.of(outcome.tables), groups)


def _with_those_of_the_run(said: Mapping[str, list[Note]], data: Coded) -> dict[str, list[Note]]:
    """What must be said of groups, with what their answers alone do not tell."""
    found = {group: list(own) for group, own in said.items()}
    for group, n in data.repeated.items():
        found.setdefault(group, []).append(notes.repeated(n))
    for group in sharing_nothing(data):
        found.setdefault(group, []).append(notes.nothing_shared())
    return found


def _tables(found: Alignment, data: Coded) -> dict[str, pd.DataFrame]:
    return {
        "invariance": found.measurement.ladder,
        "paths": found.paths,
        "vaar": found.vaar,
        "vaar_by_n": found.vaar_by_n,
        "screening": found.measurement.screening,
        "history": history_table(data.study, data.groups, found.paths, sharing_nothing(data)),
    }


def _record(
    found: Alignment, options: AlignmentOptions, covariates: tuple[Covariate, ...]
) -> dict[str, Any]:
    measurement = found.measurement
    return {
        "estimator": options.estimator,
        "missing": options.missing,
        "level": measurement.level,
        "why": measurement.why,
        "dropped": dict(measurement.dropped),
        **_fitted(measurement.fit),
        "definition": DEFINITION,
        "kappa": {
            "estimated": found.conclusions.kappa.estimated,
            "contexts": found.conclusions.kappa.contexts,
        },
        "bootstrap": {
            "replicates": options.replicates,
            "failed": found.replicates_failed,
            "personas": found.personas,
        },
        "group_fits": {group: _fit_of(own) for group, own in found.group_fits.items()},
        "item_fits": {
            group: {name: _number(value) for name, value in asdict(own).items()}
            for group, own in found.item_fits.items()
        },
        "notes": {
            group: [note.to_json() for note in own]
            for group, own in found.collected.notes.items()
            if own
        },
        "covariates": [asdict(covariate) for covariate in covariates],
        **({"published": _published(found)} if found.collected.published else {}),
    }


def _published(found: Alignment) -> dict[str, dict[str, float | None]]:
    """People's published paths, by path."""
    told = found.collected.published
    if told is None:
        return {}
    paths = list(dict.fromkeys(found.paths["path"]))
    return {
        path: {"std_estimate": _number(b), "std_se": _number(se), "tau": told.between_studies}
        for path, b, se in zip(paths, told.estimate.tolist(), told.se.tolist(), strict=True)
    }


def _fitted(fit: Fit | None) -> dict[str, Any]:
    if fit is None:
        return {"groups": [], "outcome": "nothing was fitted", "group_outcome": {}, "measures": {}}
    return {
        "groups": list(fit.groups),
        "outcome": str(fit.outcome),
        "group_outcome": {group: str(o) for group, o in fit.group_outcome.items()},
        "measures": {name: _number(value) for name, value in fit.measures.items()},
    }


def _fit_of(own: GroupFit) -> dict[str, Any]:
    """How the model fits a group alone, as JSON holds it."""
    values = {n: _number(v) if isinstance(v, float) else v for n, v in asdict(own).items()}
    return values | {"flaws": list(own.flaws)}


def _number(value: float) -> float | None:
    return float(value) if pd.notna(value) else None
