"""docs/study-files.md: its example is a study, and it leaves no key out."""

import re
from pathlib import Path

import pytest

from vaar.study.load import load_study
from vaar.study.schema.entry import json_schema
from vaar.study.schema.study_file import StudyFile

PAGE = (Path(__file__).parents[2] / "docs" / "study-files.md").read_text(encoding="utf-8")
SCHEMA = json_schema(StudyFile)


def test_example_is_a_study(tmp_path):
    examples = re.findall(r"^`(\w+\.yaml)`:\n\n```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    for name, text in examples:
        (tmp_path / name).write_text(text, encoding="utf-8")
    study = load_study(tmp_path)
    assert (len(examples), study.n_items) == (3, 3)


@pytest.mark.parametrize("entry", [SCHEMA, *SCHEMA["$defs"].values()], ids=lambda e: e["title"])
def test_every_key_is_explained(entry):
    for key in entry["properties"]:
        assert re.search(rf"`(\w+: )?{key}(`|: )", PAGE), key


def test_defaults_are_the_documented_ones():
    limits = re.findall(r"`limits: (\w+)` .*`(\d+)` \|$", PAGE, re.MULTILINE)
    assert {key: int(value) for key, value in limits} == (
        StudyFile.model_fields["limits"].default.model_dump()
    )
