"""The page of quality is not older than what it judges, and says what its files hold."""

import csv
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/quality.md"
MOST_SURVIVORS = 0.15


def load():
    path = ROOT / "benchmarks/quality/judged.py"
    spec = importlib.util.spec_from_file_location("judged", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


judged = load()


@pytest.mark.parametrize("part", judged.JUDGED)
def test_no_part_of_the_page_is_older_than_what_it_judges(part):
    told = "what docs/quality.md judges has changed since: run `make quality`, correct the page"
    assert judged.stamped(part, PAGE.read_text(encoding="utf-8")) == judged.digest(part), told


def test_the_hash_is_of_code_and_not_of_comments(tmp_path, monkeypatch):
    monkeypatch.setattr(judged, "ROOT", tmp_path)
    monkeypatch.setitem(judged.JUDGED, "it", ("it.py",))
    digests = []
    for text in ('"""Doc."""\nx = 1\n', "x = 1  # said\n", "x = 2\n"):
        (tmp_path / "it.py").write_text(text, encoding="utf-8")
        digests.append(judged.digest("it"))
    assert digests[0] == digests[1] != digests[2]


def test_few_mutants_survive_and_the_page_counts_them():
    with (ROOT / "docs/quality/mutants.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    page = PAGE.read_text(encoding="utf-8")
    assert {row["module"] for row in rows} == set(judged.MUTATED)
    survivors = sum(row["survived"] == "1" for row in rows)
    assert survivors <= MOST_SURVIVORS * len(rows)
    assert f"{survivors} of {len(rows)} survive" in page
    for module in judged.MUTATED:
        own = [row["survived"] == "1" for row in rows if row["module"] == module]
        line = f"| `{module.removeprefix('src/vaar/')}` | {len(own)} | {sum(own)} |"
        assert line in page
