"""The options in force: the package's defaults, then the study's, those stored, those given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from vaar.analyses.alignment.options import AlignmentOptions, AnalysisOptions
from vaar.analyses.grouping_options import GROUPS_SECTION, GroupOptions
from vaar.analyses.options import described, made
from vaar.errors import OptionError

if TYPE_CHECKING:
    from vaar.analyses.base import Analysis

Settings = Mapping[str, Mapping[str, Any]]
"""Values of options by analysis; those of the grouping stand under ``groups``."""


def in_force(
    analyses: Mapping[str, Analysis], stored: Settings, given: Settings | None = None
) -> dict[str, Any]:
    """The options of the grouping and of every analysis.

    Parameters
    ----------
    stored : mapping
        Values that replace the package's defaults. Those of analyses that are not at hand, and
        those that other versions had, are passed over.
    given : mapping, optional
        Values that replace the stored ones.

    Returns
    -------
    dict
        Objects of the classes of options, by analysis.

    Raises
    ------
    OptionError
        A given analysis or option is not known, or a value is not allowed.
    """
    classes, given = option_classes(analyses), given or {}
    if unknown := [section for section in given if section not in classes]:
        raise OptionError(
            f"there are no options of {unknown[0]!r}; there are options of {', '.join(classes)}"
        )
    values = {
        section: _known(cls, stored.get(section, {})) | dict(given.get(section, {}))
        for section, cls in classes.items()
    }
    return {section: made(cls, values[section], section) for section, cls in classes.items()}


def layered(lower: Settings, upper: Settings) -> Settings:
    """Settings with those of the upper layer in place of the lower's."""
    names = dict.fromkeys([*lower, *upper])
    return {name: {**lower.get(name, {}), **upper.get(name, {})} for name in names}


def option_classes(analyses: Mapping[str, Analysis]) -> dict[str, Any]:
    """The class of options of the grouping, and of every analysis, by name."""
    return {GROUPS_SECTION: GroupOptions} | {n: one.options for n, one in analyses.items()}


def as_settings(options: AnalysisOptions | Settings | None) -> Settings:
    """Options as they may be given from Python, by analysis.

    An :class:`AnalysisOptions` gives every option of the grouping and of the alignment; a mapping
    gives those that it holds.
    """
    if options is None:
        return {}
    if not isinstance(options, AnalysisOptions):
        return options
    values = asdict(options)
    sections = {GROUPS_SECTION: GroupOptions, "alignment": AlignmentOptions}
    return {
        section: {field.name: values[field.name] for field in fields(cls)}
        for section, cls in sections.items()
    }


def from_flat(stored: Mapping[str, Any]) -> Settings:
    """Options as ``run.json`` holds them: by analysis, or all in one as earlier versions wrote."""
    if all(isinstance(value, Mapping) for value in stored.values()):
        return stored
    flat = {info.name for info in described(AnalysisOptions)}
    return as_settings(AnalysisOptions(**{n: v for n, v in stored.items() if n in flat}))


def _known(cls: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    names = {info.name for info in described(cls)}
    return {name: value for name, value in values.items() if name in names}
