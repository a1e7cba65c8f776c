"""Words that the tables and charts of the alignment share."""

from __future__ import annotations

from vaar.report.groups import Group, label_of


def sign(value: float) -> str:
    """An expected sign in symbol and word."""
    return "+ positive" if value > 0 else "− negative"


def without_condition(group: Group) -> str:
    """The label of a group whose condition goes without saying: its respondent and its levels."""
    levels = ", ".join(f"{name}: {level}" for name, level in group.levels.items())
    name = f"{group.respondent} [{levels}]" if levels else group.respondent
    return label_of(name or group.name, group.simulated)
