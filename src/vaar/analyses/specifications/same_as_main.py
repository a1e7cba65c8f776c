"""Specifications that change nothing here: they repeat the main analysis and are not counted."""

from __future__ import annotations

from vaar.analyses.alignment.align import Alignment
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.screening.adjustment import DESIGN
from vaar.analyses.base import Coded
from vaar.analyses.specifications.declared import Specification, Value
from vaar.sem.model.parameters import specify


def same_as_main(
    specification: Specification, data: Coded, main: AlignmentOptions, alignment: Alignment
) -> str:
    """Why a specification is the main analysis over again; empty where it is not, or is `main`."""
    whys = [
        _same(key, value, data, main, alignment) for key, value in specification.changes.items()
    ]
    return "; ".join(whys) if whys and all(whys) else ""


def _same(key: str, value: Value, data: Coded, main: AlignmentOptions, alignment: Alignment) -> str:
    if hasattr(main, key) and getattr(main, key) == value:
        return f"the main analysis has {key} so"
    if key == "adjust" and not _varies(data):
        return "neither order, options nor wording varies"
    if key == "missing" and main.missing != value and not _lacks(data):
        return "no score is missing"
    if key == "level" and alignment.measurement.level == value:
        return f"the main analysis reads its paths from the {value} model"
    fit = alignment.measurement.fit
    if key == "level" and fit is not None and len(fit.groups) == 1:
        return "a single group was fitted"
    if (key, value) in (("indicators", "parcels"), ("method", "none"), ("reliability", "none")):
        return "the main analysis has it so"
    return ""


def _varies(data: Coded) -> bool:
    factors = data.design_factors[[name for name in DESIGN if name in data.design_factors]]
    return bool((factors.nunique() > 1).any())


def _lacks(data: Coded) -> bool:
    observed = specify(data.study.structural_model).observed
    return bool(
        data.scores[[name for name in observed if name in data.scores]].isna().any(axis=None)
    )
