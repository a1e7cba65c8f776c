"""What the package declares of itself is so."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BOUND = re.compile(r"(?P<name>[\w-]+)>=(?P<version>[\w.]+)")


def pins(file):
    lines = (ROOT / file).read_text().splitlines()
    return {name.lower(): version for name, version in (line.split("==") for line in lines)}


@pytest.mark.parametrize("dependency", PROJECT["dependencies"])
def test_the_lowest_version_declared_is_the_one_tested(dependency):
    bound = BOUND.fullmatch(dependency)
    assert bound, "a dependency has one lower bound and no upper one"
    assert pins("constraints-lowest.txt")[bound["name"].lower()] == bound["version"]


@pytest.mark.parametrize(
    "requirement",
    [
        *PROJECT["dependencies"],
        *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
    ],
)
def test_what_is_declared_is_pinned_for_the_tests(requirement):
    name = re.split(r"[><=\[]", requirement)[0].lower()
    known = {pin.replace("_", "-") for pin in pins("constraints.txt")}
    assert name == "vaar" or name.replace("_", "-") in known


def test_the_citation_is_of_this_version():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "type"} <= set(cited)
    assert (cited["version"], cited["license"]) == (PROJECT["version"], PROJECT["license"])
    assert [one["name"] for one in cited["authors"]] == [one["name"] for one in PROJECT["authors"]]
    assert cited["keywords"] == PROJECT["keywords"]


def test_what_is_said_to_be_tested_is_tested():
    named = re.findall(r"`(tests/[\w/.]+)`", (ROOT / "SECURITY.md").read_text())
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")), ids=lambda path: path.stem
)
def test_issue_forms_have_the_shape_of_forms(path):
    form = yaml.safe_load(path.read_text())
    assert {"name", "description", "body"} <= set(form)
    fields = [entry for entry in form["body"] if entry["type"] != "markdown"]
    assert len({entry["id"] for entry in fields}) == len(fields) > 0
    assert all(entry["attributes"]["label"] for entry in fields)
    assert {entry["type"] for entry in fields} <= {"input", "textarea"}
