"""A study small enough to read at a glance, in one file, and a way to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vaar.errors import StudyError
from vaar.study.load import load_study

SMALL = """\
study: small
title: A small study
description: Two questionnaires.
instruments:
  - instrument: worry
    title: Worry
    construct: Worry about something
    wording: parallel
    source: Nobody (2000).
    instructions: Say how much you agree.
    scale:
      first: 1
      labels: [Disagree, Neither, Agree]
    items:
      - {code: worry_1, text: I worry.}
      - {code: worry_2, text: I am calm., keying: "-"}
    subscales:
      - {code: worry_open, title: Open worry, items: [worry_1]}
  - instrument: deeds
    title: Deeds
    construct: What is done
    wording: published
    source: Nobody (2001).
    instructions: Say how often.
    scale:
      labels: [Never, Often]
    items:
      - {code: deeds_1, text: I act.}
conditions:
  - name: carried
    history: carried
    presentation: item
    framing: You answer a survey.
  - name: turned
    history: isolated
    presentation: block
    order: [deeds, worry]
    framing: You answer a survey.
model: |
  # structure
  deeds ~ worry
hypotheses:
  - path: deeds ~ worry
    sign: "-"
    weight: 2
    evidence:
      - {source: Nobody (2002)., finding: Those who worry act less.}
"""


@pytest.fixture
def small() -> str:
    return SMALL


@pytest.fixture
def study_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the small study with replacements, each of which must change it."""

    def write(*replacements: tuple[str, str]) -> Path:
        text = SMALL
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "study.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def problems(study_file: Callable[..., Path]) -> Callable[..., list[str]]:
    """Return the lines of the message for the small study spoilt by replacements."""

    def load(*replacements: tuple[str, str]) -> list[str]:
        path = study_file(*replacements)
        with pytest.raises(StudyError) as caught:
            load_study(path)
        return str(caught.value).replace(f"{path}:", "").splitlines()

    return load
