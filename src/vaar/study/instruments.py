"""Questionnaires: their response scales, items and subscales, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

Wording = Literal["parallel", "published", "balanced"]
ItemKind = Literal["scale", "text"]
Numbering = Literal["points", "positions"]

WORDING_NAMES: dict[Wording, str] = {
    "parallel": "parallel form",
    "published": "published text",
    "balanced": "balanced form",
}
"""Whose words the items of an instrument are, as it is told to readers."""

ORIGINAL = "original"
"""Name of the wording that an item's own text is."""


@dataclass(frozen=True)
class ResponseScale:
    """A numbered response scale.

    Attributes
    ----------
    labels : tuple of str
        The label of each point, lowest first; empty for a point that has none.
    first : int
        The number of the lowest point (usually 1).
    numbering : {'points', 'positions'}
        Whether a number belongs to its point, or to the place at which a point is listed: then the
        options of a choice change their numbers when they are listed from the other end.
    """

    labels: tuple[str, ...]
    first: int = 1
    numbering: Numbering = "points"

    @property
    def last(self) -> int:
        return self.first + len(self.labels) - 1

    @property
    def values(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def range(self) -> tuple[int, int]:
        """The numbers of the lowest and the highest point."""
        return self.first, self.last

    @property
    def labelled(self) -> tuple[tuple[int, str], ...]:
        """Number and label of every point that has one, lowest first."""
        return tuple((n, label) for n, label in zip(self.values, self.labels, strict=True) if label)

    @property
    def is_numeric_entry(self) -> bool:
        """Whether a number is asked for, with no more than the ends labelled."""
        return not any(self.labels[1:-1]) and len(self.labels) > 2

    def presented(self, direction: str) -> ResponseScale:
        """The scale with its labels at the numbers that they have when it is listed so.

        Parameters
        ----------
        direction : {'ascending', 'descending'}
        """
        if self.numbering == "points" or direction == "ascending":
            return self
        return replace(self, labels=self.labels[::-1])

    def mirrored(self, value: int) -> int:
        """The point as far from one end as a point is from the other."""
        return self.first + self.last - value


@dataclass(frozen=True)
class Item:
    """One statement, vignette, choice or open question.

    Attributes
    ----------
    keying : {-1, 1}
        −1 if agreement means less of the trait.
    paraphrases : tuple of (str, str)
        The text in other words, by the name of the paraphrase set.
    scale : ResponseScale or None
        Its own response scale; None where it has that of its instrument, or none.
    kind : {'scale', 'text'}
        Whether it is answered on a scale, or in words that are kept and not coded.
    facts : tuple of (str, str)
        What is known of the item, by name; kept for the analysis and never shown.
    reply_tokens : int or None
        Ceiling on the tokens of its reply; None for that of the study.
    """

    code: str
    text: str
    keying: Literal[-1, 1] = 1
    paraphrases: tuple[tuple[str, str], ...] = ()
    scale: ResponseScale | None = None
    kind: ItemKind = "scale"
    facts: tuple[tuple[str, str], ...] = ()
    reply_tokens: int | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The text in all its wordings, the original first."""
        return (self.text, *(text for _, text in self.paraphrases))

    def worded(self, wording: str) -> str:
        """The text in one wording; the original where the item has no such paraphrase."""
        return dict(self.paraphrases).get(wording, self.text)


@dataclass(frozen=True)
class Subscale:
    """A named set of items scored together. Subscales of one instrument may overlap or cross."""

    code: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Instrument:
    """One questionnaire.

    Attributes
    ----------
    code : str
        Short name; also the name of the whole scale's score.
    construct : str
        What it measures, in words.
    instructions : str
        What the respondent is told before its first item.
    wording : {'parallel', 'published', 'balanced'}
        Whether the items are vaar's own parallel form, the published text, or vaar's own form with
        keys of both signs.
    source : str
        Citation of the published instrument.
    scale : ResponseScale or None
        Of every item that has none of its own; None where each has, or is answered in words.
    """

    code: str
    title: str
    construct: str
    instructions: str
    wording: Wording
    source: str
    scale: ResponseScale | None
    items: tuple[Item, ...]
    subscales: tuple[Subscale, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def coded_items(self) -> tuple[Item, ...]:
        """Those that are answered on a scale."""
        return tuple(item for item in self.items if item.kind == "scale")

    def scale_of(self, item: Item) -> ResponseScale:
        """The scale on which an item is answered.

        Raises
        ------
        ValueError
            It is answered in words.
        """
        scale = item.scale or self.scale
        if item.kind == "text" or scale is None:
            raise ValueError(f"{item.code} is answered in words, on no scale")
        return scale

    @cached_property
    def score_scale(self) -> ResponseScale | None:
        """The scale of the instrument's scores; None where its items have none in common.

        Items have it in common if they run over the same numbers; of several it is the
        instrument's own, or else the first item's.
        """
        scales = [self.scale_of(item) for item in self.coded_items]
        if not scales or len({scale.range for scale in scales}) > 1:
            return None
        own = self.scale
        return own if own is not None and own.range == scales[0].range else scales[0]
