"""What the package declares of itself is so."""

import re
import tomllib
from pathlib import Path

import pytest

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
