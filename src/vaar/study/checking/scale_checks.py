"""What the scales of an instrument and its items must be."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.errors import StudyError
from vaar.study.schema.instrument_file import ScaleEntry, items_of
from vaar.study.source.issues import listed, repeated
from vaar.study.source.located import LocatedInstrument
from vaar.study.source.yaml_lines import Place


def wrong_scales(located: LocatedInstrument) -> Iterator[StudyError]:
    """Labels that stand for two points, items without a scale, scales without an item."""
    entry, items = located.entry, items_of(located.entry)
    if entry.scale is not None:
        yield from _labels(located, entry.scale, ("scale",))
    for i, item in enumerate(items):
        if item.kind == "text" and item.scale is not None:
            yield located.problem(
                f'the item "{item.code}" is answered in words and has a scale; leave out one of '
                '"kind: text" and "scale"',
                *("items", i),
            )
        elif item.scale is not None:
            yield from _labels(located, item.scale, ("items", i, "scale"))
    without = [item.code for item in items if item.kind == "scale" and item.scale is None]
    if entry.scale is None and without:
        yield located.problem(
            f'the instrument has no "scale", and neither have {listed(without)}; give it one, or '
            "each of its items",
            *("instrument",),
        )
    if entry.scale is not None and not without:
        yield located.problem(
            "no item is answered on the scale of the instrument: each has its own, or is answered "
            "in words; leave the instrument's out",
            *("scale",),
        )
    for i, part in enumerate(entry.subscales):
        words = [code for code in part.items if code in _texts(located)]
        if words:
            yield located.problem(
                f'subscale "{part.code}" names {listed(words)}, answered in words; leave it out',
                *("subscales", i, "items"),
            )


def _texts(located: LocatedInstrument) -> set[str]:
    return {item.code for item in items_of(located.entry) if item.kind == "text"}


def _labels(located: LocatedInstrument, scale: ScaleEntry, place: Place) -> Iterator[StudyError]:
    labels, key = (scale.labels, "labels") if scale.labels else (scale.ends or [], "ends")
    for i in repeated([label.casefold() for label in labels]):
        yield located.problem(
            f'the label "{labels[i]}" stands for two points; give every point one of its own',
            *(*place, key, i),
        )
