"""The declared list: every specification as one line, read, checked, told and hashed.

A line says what is done otherwise than in the main analysis: ``estimator=ML``, or several changes
with spaces between, ``indicators=items missing=listwise``. ``main`` changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vaar.errors import OptionError

MOST = 24
"""A longer list is a search, not a check."""

MAIN = "main"
PREDICTORS = "predictors"

DEFAULT = (
    MAIN,
    "estimator=ML",
    "missing=listwise",
    "level=configural",
    "level=metric",
    "adjust=none",
    "covariates=yes_saying",
    "reliability=corrected",
    "indicators=items",
    "indicators=items higher_order=predictors",
    "indicators=items method=keys",
    "estimator=WLSMV",
    "kappa=0.05",
    "kappa=0.2",
    "delta=0.05",
    "delta=0.15",
)
"""The package's list."""

_CHOICES = {
    "estimator": {"MLR": "MLR", "ML": "ML", "WLSMV": "WLSMV on items"},
    "missing": {"fiml": "incomplete sessions used", "listwise": "incomplete sessions left out"},
    "level": {
        "auto": "level as the ladder decides",
        "configural": "loadings free in every group",
        "metric": "equal loadings",
    },
    "adjust": {"design": "adjusted for the design", "none": "not adjusted for the design"},
    "indicators": {"parcels": "parcels", "items": "items in place of parcels"},
    "method": {"none": "no method factor", "keys": "a factor of yes-saying beside the content"},
    "reliability": {
        "none": "latent variables",
        "corrected": "composites corrected for unreliability",
    },
}
_NAMES = ("covariates", "higher_order")
_NUMBERS = ("kappa", "delta")
KEYS = (*_CHOICES, *_NAMES, *_NUMBERS)

Value = str | tuple[str, ...] | float


@dataclass(frozen=True)
class Specification:
    """What one specification does otherwise than the main analysis.

    Attributes
    ----------
    line : str
        As it is declared, its changes in the order of :data:`KEYS`.
    changes : mapping of str to str, tuple of str or float
        Only what differs.
    """

    line: str
    changes: dict[str, Value] = field(hash=False)

    @property
    def words(self) -> str:
        """The same for a reader."""
        return ", ".join(_told(key, value) for key, value in self.changes.items()) or (
            "as in the main analysis"
        )

    @property
    def on_items(self) -> bool:
        """Whether it fits items in place of parcels."""
        changes = self.changes
        return changes.get("indicators") == "items" or changes.get("estimator") == "WLSMV"

    @property
    def can_move_verdicts(self) -> bool:
        """Whether it touches verdicts: κ alone does not."""
        return set(self.changes) != {"kappa"}

    @property
    def can_move_rates(self) -> bool:
        """Whether it touches VAAR: δ alone does not."""
        return set(self.changes) != {"delta"}

    def names(self, key: str) -> tuple[str, ...]:
        """The names of ``covariates`` or ``higher_order``."""
        found = self.changes.get(key, ())
        return found if isinstance(found, tuple) else ()


def declared(lines: Iterable[str]) -> tuple[Specification, ...]:
    """Read a list.

    Raises
    ------
    OptionError
        A line cannot be read, two say the same, or there are none or more than :data:`MOST`.
    """
    found = [read(line) for line in lines]
    if not found:
        raise OptionError(f"no specification is declared; there must be 1 to {MOST}")
    if len(found) > MOST:
        raise OptionError(
            f"{len(found)} specifications are declared, and at most {MOST} are taken: a longer "
            "list is a search, not a check"
        )
    lines = [one.line for one in found]
    if twice := [line for line in lines if lines.count(line) > 1]:
        raise OptionError(f"the specification {twice[0]!r} is declared twice; leave one out")
    return tuple(found)


def read(line: str) -> Specification:
    """Read one line.

    Raises
    ------
    OptionError
        It names what there is not, or changes that exclude one another.
    """
    changes: dict[str, Value] = {}
    for part in line.split() if line.strip() != MAIN else ():
        key, equals, value = part.partition("=")
        if not equals or not value or key not in KEYS:
            raise OptionError(
                f"specification {line!r}: {part!r} is no change; a change is KEY=VALUE, the keys "
                f"are {', '.join(KEYS)}; {MAIN!r} alone changes nothing"
            )
        if key in changes:
            raise OptionError(f"specification {line!r} has {key} twice; leave one out")
        changes[key] = _read(line, key, value)
    ordered = {key: changes[key] for key in KEYS if key in changes}
    if why := _excluded(ordered):
        raise OptionError(f"specification {line!r}: {why}")
    told = " ".join(f"{key}={_plain(value)}" for key, value in ordered.items())
    return Specification(told or MAIN, ordered)


def digest(specifications: Sequence[Specification]) -> str:
    """SHA-256 of a list: of its lines, in their order."""
    lines = json.dumps([one.line for one in specifications], ensure_ascii=False)
    return hashlib.sha256(lines.encode()).hexdigest()


def _read(line: str, key: str, value: str) -> Value:
    if key in _CHOICES:
        if value not in _CHOICES[key]:
            raise OptionError(
                f"specification {line!r}: {key} is {value!r}; allowed is one of "
                f"{', '.join(_CHOICES[key])}"
            )
        return value
    if key in _NAMES:
        return tuple(dict.fromkeys(name for name in value.split("+") if name))
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    least = "above 0" if key == "kappa" else "0 or more"
    if not (math.isfinite(number) and (number > 0 or (key == "delta" and number == 0))):
        raise OptionError(
            f"specification {line!r}: {key} is {value!r}; it must be a number {least}"
        )
    return number


def _excluded(changes: dict[str, Value]) -> str:
    """Why changes cannot be had together; empty where they can."""
    items = changes.get("indicators") == "items"
    if changes.get("estimator") == "WLSMV" and changes.get("indicators") == "parcels":
        return "WLSMV is for ordinal items, so indicators=parcels excludes it"
    if (
        not items
        and changes.get("estimator") != "WLSMV"
        and (changes.get("method") == "keys" or "higher_order" in changes)
    ):
        return "a method factor and factors of a higher order need indicators=items"
    fitted = {"estimator", "missing", "level", "indicators", "method", "higher_order"}
    if changes.get("reliability") == "corrected" and fitted & set(changes):
        return "corrected composites go with adjust, covariates, kappa and delta only"
    if changes.get("estimator") == "WLSMV" and "covariates" in changes:
        return "WLSMV on single items takes no covariates"
    return ""


def _told(key: str, value: Value) -> str:
    if isinstance(value, tuple):
        names = ", ".join(value)
        if key == "covariates":
            return f"adjusted for {names.replace('_', '-')}"
        return f"factors of facets under {'the predictors' if names == PREDICTORS else names}"
    if isinstance(value, float):
        return f"{ {'kappa': 'κ', 'delta': 'δ'}[key] } = {value:g}"
    return _CHOICES[key][value]


def _plain(value: Value) -> str:
    if isinstance(value, tuple):
        return "+".join(value)
    return f"{value:g}" if isinstance(value, float) else value
