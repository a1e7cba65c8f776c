"""Records to one self-contained study file, and to the hash that names the study."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import yaml

from vaar.study.freeze import thaw_study
from vaar.study.model import Study

WIDTH = 100
LONG_TEXT = 72  # beyond this a text gets lines of its own


class _StudyDumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else ">" if len(text) > LONG_TEXT else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_StudyDumper.add_representer(str, _text)


def dump_study(study: Study) -> str:
    """Return a study as the text of one self-contained study file.

    `vaar.study.load.load_study` reads it back to an equal study.
    """
    return yaml.dump(
        thaw_study(study), Dumper=_StudyDumper, sort_keys=False, allow_unicode=True, width=WIDTH
    )


def study_hash(study: Study) -> str:
    """Return the SHA-256 of a study as 64 hexadecimal digits.

    Two studies have one hash if and only if they ask the same in the same way and expect the same;
    comments, layout, the words in which hypotheses are told, and how the study is split into files
    do not enter it.
    """
    untold = tuple(replace(hypothesis, words="") for hypothesis in study.hypotheses)
    canonical = json.dumps(
        thaw_study(replace(study, hypotheses=untold)), sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
