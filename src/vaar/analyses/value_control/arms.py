"""The arms of the study: which condition does what to which value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vaar.study.model import Study

NONE, PROMPT, SHIFT, BOTH = "none", "prompt", "shift", "shift_prompt"
GATED, LOWERED, RANDOM = "gated", "lowered", "random"
ARMS = (NONE, PROMPT, SHIFT, BOTH, GATED, LOWERED, RANDOM)
"""In the order in which they are shown; all random directions of a value are one arm."""

DILEMMAS, STATED, NEUTRAL = "dilemmas", "stated", "neutral"
KINDS = (DILEMMAS, STATED, NEUTRAL)
"""Of questions: by the names of instruments, ``VALUE_dilemmas``, ``VALUE_stated``, ``neutral``."""

_RANDOM = re.compile(r"random_\d+")


@dataclass(frozen=True)
class Arm:
    """One condition as an arm of one value."""

    value: str
    arm: str
    condition: str


def values_of(study: Study) -> list[str]:
    """The values that a study has dilemmas of."""
    ending = f"_{DILEMMAS}"
    return [code.removesuffix(ending) for code in study.instrument if code.endswith(ending)]


def arms_of(study: Study) -> Iterator[Arm]:
    """Every arm of every value."""
    for value in values_of(study):
        for name in study.condition:
            if name == NONE:
                yield Arm(value, NONE, name)
            elif name.startswith(f"{value}_"):
                told = name.removeprefix(f"{value}_")
                arm = RANDOM if _RANDOM.fullmatch(told) else told
                if arm in ARMS:
                    yield Arm(value, arm, name)


def kind_of(instrument: str, value: str) -> str:
    """What a questionnaire is for a value; empty where it is nothing."""
    own = {f"{value}_{DILEMMAS}": DILEMMAS, f"{value}_{STATED}": STATED, NEUTRAL: NEUTRAL}
    return own.get(instrument, "")


def wrong_arms(study: Study) -> str:
    """Why a study has no control of values to be described; empty where it has."""
    values = values_of(study)
    if not values:
        return "the study has no dilemmas of a value (an instrument VALUE_dilemmas)"
    there = {(arm.value, arm.arm) for arm in arms_of(study)}
    shifted = [value for value in values if {(value, NONE), (value, SHIFT)} <= there]
    if not shifted:
        return f"the study has no conditions named none and {values[0]}_shift"
    for arm in arms_of(study):
        wrong = _wrong(study, arm)
        if wrong:
            return wrong
    return ""


def _wrong(study: Study, arm: Arm) -> str:
    shift = study.condition[arm.condition].shift
    if (shift is not None) != (arm.arm not in (NONE, PROMPT)):
        told = "shifts" if shift else "does not shift"
        return f"the condition {arm.condition} {told} activations, which its name denies"
    if shift is None:
        return ""
    if shift.value != arm.value:
        return f"the condition {arm.condition} shifts {shift.value}"
    own = (shift.gate, shift.lowers, bool(shift.random))
    if own != (arm.arm == GATED, arm.arm == LOWERED, arm.arm == RANDOM):
        return f"the shift of the condition {arm.condition} is not what its name says"
    return ""
