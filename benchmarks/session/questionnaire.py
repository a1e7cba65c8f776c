"""A study of as many items as a benchmark wants, one a turn, the whole history carried."""

from __future__ import annotations

import json
from pathlib import Path

LABELS = ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"]
INSTRUCTIONS = "Say how far you disagree or agree with each of the following statements."
FRAMING = "You take part in a survey. Reply with just the number of your answer."
STATEMENT = "Statement {n:03d}: most services on my telephone know more of me than I told them."


def write_study(directory: Path, items: int) -> Path:
    """Write a study with two instruments of together `items` items; its one file's path."""
    half = items // 2
    study = {
        "study": "benchmark",
        "title": "Benchmark",
        "description": "As many turns as are wanted.",
        "instruments": [_instrument("first", 1, half), _instrument("second", half + 1, items)],
        "conditions": [
            {"name": "carried", "history": "carried", "presentation": "item", "framing": FRAMING}
        ],
        "model": "second ~ first\n",
        "hypotheses": [
            {"path": "second ~ first", "sign": "+", "evidence": [{"source": "-", "finding": "-"}]}
        ],
    }
    path = directory / "study.yaml"
    path.write_text(json.dumps(study))
    return path


def _instrument(code: str, start: int, end: int) -> dict[str, object]:
    return {
        "instrument": code,
        "title": code,
        "construct": code,
        "wording": "parallel",
        "source": "Written for this benchmark.",
        "instructions": INSTRUCTIONS,
        "scale": {"labels": LABELS},
        "items": [
            {"code": f"{code}_{n}", "text": STATEMENT.format(n=n)} for n in range(start, end + 1)
        ],
    }


def conversation(items: int) -> list[str]:
    """The same questions, word for word as `vaar` puts them, for askers that know no studies."""
    scale = "\n".join(f"{value} = {label}" for value, label in enumerate(LABELS, start=1))
    opening = f"{INSTRUCTIONS}\n\n{scale}\n\n"
    return [
        (opening if n in (1, items // 2 + 1) else "")
        + f"{STATEMENT.format(n=n)}\n\nAnswer with one number from 1 to 5."
        for n in range(1, items + 1)
    ]
