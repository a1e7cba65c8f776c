"""Tables of people's answers as programs export them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

import numpy as np

from vaar.study.model import Study

QUALTRICS = ("StartDate", "Status", "Finished", "RecordedDate", "ResponseId")


def items_of(study: Study):
    return [
        (instrument, item) for instrument in study.instruments for item in instrument.coded_items
    ]


def answers(study: Study, people: int, seed: int = 1) -> list[list[int]]:
    """Answers that hang together within a questionnaire."""
    rng = np.random.default_rng(seed)
    traits = {one.code: rng.normal(size=people) for one in study.instruments}
    columns = []
    for instrument, item in items_of(study):
        scale, trait = instrument.scale_of(item), item.keying * traits[instrument.code]
        middle = (scale.first + scale.last) / 2
        drawn = np.round(middle + trait + rng.normal(scale=0.5, size=people))
        columns.append(np.clip(drawn, scale.first, scale.last).astype(int))
    return np.array(columns).T.tolist()


def table(rows: Sequence[Sequence[object]], separator: str = ",") -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue()


def plain(study: Study, rows: Sequence[Sequence[object]], separator: str = ",") -> str:
    return table([[item.code for _, item in items_of(study)], *rows], separator)


def labelled(study: Study, row: Sequence[int]) -> list[str]:
    """A row's answers as the labels of their scales."""
    scales = [instrument.scale_of(item) for instrument, item in items_of(study)]
    return [s.labels[point - s.first] for s, point in zip(scales, row, strict=True)]


def qualtrics(
    study: Study, rows: Sequence[Sequence[object]], heads: Sequence[Sequence[str]]
) -> str:
    """A Qualtrics export: three rows of headings, then a row a person behind `heads`."""
    items = items_of(study)
    names = [*QUALTRICS, *(f"Q{n}" for n in range(len(items)))]
    texts = ["Start Date", "Response Type", "Finished", "Recorded Date", "Response ID"]
    texts += [f"{part.instructions} - {item.text}" for part, item in items]
    ids = [json.dumps({"ImportId": name}) for name in names]
    body = [[*head, *row] for head, row in zip(heads, rows, strict=True)]
    return table([names, texts, ids, *body])
