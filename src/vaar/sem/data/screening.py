"""What is wrong with the data of each group, and what is done about it before anything is fitted.

Every rule acts in one group alone: an item is masked there, or the group is dropped with its
reason, and all other groups are fitted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.missing_codes import missing_codes
from vaar.sem.data.outliers import without_absurd
from vaar.sem.model.parameters import ModelSpec

DUPLICATE = 0.995  # |r| above which two items say the same
STRAIGHT_LINING = 0.10  # share of rows with one answer throughout that is reported
CEILING = 0.95  # share of one answer to an item that is reported
SINGULAR = 1e-8  # smallest eigenvalue of the correlations that counts as positive
_FEWEST_ANSWERS = 4  # items needed before equal answers throughout mean anything


@dataclass(frozen=True)
class Finding:
    """One thing found in one group, or in all (``group`` empty), and what was done about it."""

    group: str
    item: str
    finding: str
    action: str
    detail: str


class Grouping(Protocol):
    """Rows in groups that have names."""

    @property
    def group(self) -> Ints: ...

    @property
    def names(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Screened:
    """Data fit to be analysed.

    Attributes
    ----------
    values : (N, p) array
        As read, absurd values made missing.
    rows : (N,) array
        Which rows are analysed.
    kept : tuple of int
        Groups that are analysed.
    present : (len(kept), p) array
        False where an item is masked.
    dropped : dict
        Reason by group name.
    """

    values: Floats
    rows: Bools
    kept: tuple[int, ...]
    present: Bools
    dropped: dict[str, str]
    findings: tuple[Finding, ...]

    def without(self, good: Bools, groups: Grouping, finding: str, reason: str) -> Screened:
        """The same data less the kept groups that are not good."""
        numbers = [g for g, fine in zip(self.kept, good, strict=True) if not fine]
        names = [groups.names[g] for g in numbers]
        found = tuple(Finding(name, "", finding, "group dropped", reason) for name in names)
        return replace(
            self,
            rows=self.rows & ~np.isin(groups.group, numbers),
            kept=tuple(g for g in self.kept if g not in numbers),
            present=self.present[good],
            dropped=self.dropped | dict.fromkeys(names, reason),
            findings=self.findings + found,
        )


def screen(
    values: Floats, group: Ints, names: tuple[str, ...], spec: ModelSpec, fiml: bool
) -> Screened:
    """Apply the rules to every group.

    Parameters
    ----------
    values : (N, p) array
        NaN where there is no answer.
    group : (N,) array
        Group of each row.
    fiml : bool
        Whether rows with missing answers are kept.
    """
    values, absurd = without_absurd(values)
    codes = missing_codes(values)
    rows = np.zeros(len(values), dtype=bool)
    kept, present, dropped, findings = [], [], {}, []
    for number, name in enumerate(names):
        inside = np.flatnonzero(group == number)
        one = _GroupScreen(spec, name, values[inside], fiml)
        for j in np.flatnonzero(absurd[inside].any(axis=0)):
            count = int(absurd[inside, j].sum())
            one.note(spec.observed[j], "absurd value", "read as missing", f"{count} values")
        for place, code in codes:
            one.note_code(spec.observed[place], code, int((values[inside, place] == code).sum()))
        reason = one.run()
        findings += one.findings
        if reason:
            dropped[name] = reason
            continue
        kept.append(number)
        present.append(one.present)
        rows[inside[one.usable()]] = True
    mask = np.array(present, dtype=bool).reshape(len(kept), values.shape[1])
    return Screened(values, rows, tuple(kept), mask, dropped, tuple(findings))


@dataclass(frozen=True)
class _Analysed:
    """What enters the analysis while some items of a group are present."""

    present: Bools
    usable: Bools
    rows: Floats

    @cached_property
    def correlation(self) -> Floats:
        """Of the present items."""
        return _correlation(self.rows[:, self.present])


@dataclass
class _GroupScreen:
    """The rules applied to one group."""

    spec: ModelSpec
    name: str
    values: Floats
    fiml: bool
    findings: list[Finding] = field(default_factory=list)
    _last: _Analysed | None = None

    def __post_init__(self) -> None:
        self.present = np.ones(self.values.shape[1], dtype=bool)
        self.missing = np.isnan(self.values)
        self.observed = self.spec.observed

    def note(self, item: str, finding: str, action: str, detail: str) -> None:
        self.findings.append(Finding(self.name, item, finding, action, detail))

    def run(self) -> str:
        """Screen, and return the reason to drop the group, empty where there is none."""
        if len(self.values) < 2:
            return self._drop("group of one", f"{len(self.values)} row")
        self._report_straight_lining()
        reason = self._mask_until_stable() or self._check_size() or self._check_rank()
        if not reason:
            self._report_ceilings()
            self._report_missing()
            self._report_apart()
        return reason

    def note_code(self, item: str, code: float, count: int) -> None:
        """Report a value that may stand for no answer."""
        if count:
            detail = f"{code:g}, {count} times: leave it empty if it means that there is no answer"
            self.note(item, "possible missing code", "kept", detail)

    def usable(self) -> Bools:
        """Which rows enter the analysis."""
        return self._analysed().usable

    def _analysed(self) -> _Analysed:
        """Found anew only where an item was masked since."""
        if self._last is None or (self._last.present != self.present).any():
            usable = self._find_usable()
            rows = self.values if usable.all() else self.values[usable]
            self._last = _Analysed(self.present.copy(), usable, rows)
        return self._last

    def _find_usable(self) -> Bools:
        if not self.missing.any():
            return np.ones(len(self.values), dtype=bool)
        gone = self.missing[:, self.present].all(axis=1)
        if not self.fiml:
            return np.asarray(~self.missing[:, self.present].any(axis=1) & ~gone)
        must = [name in self.spec.held for name in self.observed]
        needed = np.array(must, dtype=bool) & self.present
        return np.asarray(~gone & ~self.missing[:, needed].any(axis=1))

    def _drop(self, finding: str, detail: str, item: str = "") -> str:
        self.note(item, finding, "group dropped", detail)
        return f"{finding}: {f'{item}: ' if item else ''}{detail}"

    def _mask_until_stable(self) -> str:
        while True:
            before = self.present.copy()
            for rule in (self._never_answered, self._constant, self._duplicated):
                reason = self._mask(list(rule()))
                if reason:
                    return reason
            if (before == self.present).all():
                return ""

    def _mask(self, found: list[tuple[int, str, str]]) -> str:
        """Mask the items that one rule found; why the group goes, if it does."""
        for j, finding, detail in found:
            item = self.observed[j]
            self.present[j] = False
            if item not in self.spec.scale or item in self.spec.structural:
                return self._drop(finding, f"{detail}; it has a path of its own in the model", item)
            self.note(item, finding, "item masked", detail)
        return self._short_scales({self.observed[j] for j, _, _ in found}, found[:1])

    def _short_scales(self, masked: set[str], found: list[tuple[int, str, str]]) -> str:
        if not masked:
            return ""
        short: dict[str, str] = {}
        for latent, names in self.spec.indicators.items():
            left = sum(n not in self.observed or self._here(n) for n in names)
            if masked & set(names) and left < min(2, len(names)):
                short[latent] = f"{left} of {len(names)}"
        if not short:
            return ""
        constant = found[0][1] == "constant item"
        return self._drop(
            "constant scale" if constant else "scale too short",
            f"{', '.join(short.values())} indicators are left",
            ", ".join(short),
        )

    def _here(self, name: str) -> bool:
        return bool(self.present[self.observed.index(name)])

    def _never_answered(self) -> Iterator[tuple[int, str, str]]:
        for j in np.flatnonzero(self.present & self.missing.all(axis=0)):
            yield int(j), "missing item", "no answers in this group"

    def _constant(self) -> Iterator[tuple[int, str, str]]:
        rows = self._analysed().rows
        if not len(rows):
            return
        low, high = np.fmin.reduce(rows, axis=0), np.fmax.reduce(rows, axis=0)
        same = high - low <= 1e-12 * np.maximum(np.abs(low), np.abs(high))
        for j in np.flatnonzero(self.present & same):
            count = int((~np.isnan(rows[:, j])).sum())
            yield int(j), "constant item", f"all {count} answers are {low[j]:g}"

    def _duplicated(self) -> Iterator[tuple[int, str, str]]:
        analysed, at = self._analysed(), np.flatnonzero(self.present)
        if len(analysed.rows) < 3 or len(at) < 2:
            return
        correlation = analysed.correlation
        gone: set[int] = set()
        for second, first in np.argwhere(np.tril(np.abs(correlation) > DUPLICATE, -1)).tolist():
            if not {first, second} & gone:
                gone.add(second)
                other = self.observed[at[first]]
                r = correlation[first, second]
                yield int(at[second]), "duplicated item", f"correlates {r:.4f} with {other}"

    def _check_size(self) -> str:
        n, p = int(self.usable().sum()), int(self.present.sum())
        if n <= p:
            return self._drop("n below p", f"{n} rows for {p} variables")
        return ""

    def _check_rank(self) -> str:
        analysed = self._analysed()
        rows = analysed.rows[:, self.present]
        complete = rows[~np.isnan(rows).any(axis=1)]
        if len(complete) <= rows.shape[1]:
            return ""
        correlation = analysed.correlation
        if len(complete) < len(rows):
            correlation = _correlation(complete[:, np.ptp(complete, axis=0) > 0])
        smallest = float(np.linalg.eigvalsh(correlation)[0]) if correlation.size else 1.0
        if smallest < SINGULAR:
            return self._drop(
                "dependent items", f"smallest eigenvalue of the correlations is {smallest:.1e}"
            )
        return ""

    def _report_straight_lining(self) -> None:
        at = [j for j, name in enumerate(self.observed) if name in self.spec.scale]
        rows = self.values[:, at]
        if len(at) < _FEWEST_ANSWERS or not len(rows):
            return
        complete = rows[~np.isnan(rows).any(axis=1)]
        lined = (complete == complete[:, :1]).all(axis=1)
        share = float(lined.mean()) if len(complete) else 0.0
        if share > STRAIGHT_LINING:
            self.note("", "straight-lining", "kept", f"{share:.0%} of rows have one answer only")

    def _report_ceilings(self) -> None:
        ordered = np.sort(self._analysed().rows, axis=0)
        count = (~np.isnan(ordered)).sum(axis=0)
        middle = ordered[count // 2, np.arange(len(count))]  # what most rows hold is the median
        share = (ordered == middle).sum(axis=0) / np.maximum(count, 1)
        for j in np.flatnonzero(self.present & (share >= CEILING)):
            self.note(
                self.observed[j],
                "one answer prevails",
                "kept",
                f"{share[j]:.1%} of answers are {middle[j]:g}",
            )

    def _report_missing(self) -> None:
        lost = int((~self.usable()).sum())
        if lost:
            why = "all answers missing" if self.fiml else "a missing answer"
            self.note("", "missing answers", "rows left out", f"{lost} rows with {why}")

    def _report_apart(self) -> None:
        """Report pairs of items that no row has both answers to."""
        if not (self.fiml and self.missing.any()):
            return
        at = np.flatnonzero(self.present)
        seen = (~np.isnan(self._analysed().rows[:, at])).astype(float)
        for second, first in np.argwhere(np.tril(seen.T @ seen == 0, -1)):
            pair = f"{self.observed[at[first]]}, {self.observed[at[second]]}"
            detail = "no row has both answers, so that the data say nothing of their covariance"
            self.note(pair, "never answered together", "kept", detail)


def _correlation(rows: Floats) -> Floats:
    """Correlations from the rows where both are answered."""
    if not np.isnan(rows).any():
        centred = rows - rows.sum(axis=0) / len(rows)
        cov = centred.T @ centred
        scale = np.sqrt(np.diagonal(cov))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(cov / scale[:, None] / scale)
    seen = ~np.isnan(rows)
    filled = np.where(seen, rows, 0.0) - np.where(seen, np.nanmean(rows, axis=0), 0.0)
    weight = seen.astype(float)
    cross = filled.T @ filled
    square = (filled**2).T @ weight
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nan_to_num(cross / np.sqrt(square * square.T)))
