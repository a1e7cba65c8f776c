"""What each part of docs/quality.md judges, and whether the page is as old as that.

python benchmarks/quality/judged.py            # which parts are older than what they judge
python benchmarks/quality/judged.py mutants    # stamp a part that has just been made anew
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/quality.md"
_TEXT = "src/vaar/coding/text"
_OF_TEXT = "clean contradiction echoes evidence labels numbers places read sentences tokens verdict"
_TESTS_OF_TEXT = "tests/coding/text tests/coding/test_reply.py tests/coding/test_refusal.py"
MUTATED = {
    "src/vaar/sem/comparisons/tenable.py": "tests/sem/comparisons/test_tenable.py",
    "src/vaar/analyses/alignment/collect.py": "tests/analyses/alignment/test_collect.py",
    "src/vaar/respondents/http/adaptive_concurrency.py": (
        "tests/respondents/http/test_adaptive_concurrency.py"
    ),
    **{f"{_TEXT}/{name}.py": _TESTS_OF_TEXT for name in _OF_TEXT.split()},
}
"""Modules that are changed to see whether their tests notice, and those tests, quickest first."""

SHARES = {module: 0.14 for module in MUTATED if module.startswith(_TEXT)}
"""Of the mutants of a module, where not all of them are judged."""

JUDGED: dict[str, tuple[str, ...]] = {
    "mutants": tuple(MUTATED),
    "simulation": ("src/vaar/sem/estimators", "src/vaar/sem/solution", "src/vaar/sem/search"),
    "speed": ("src/vaar/sem/estimators", "src/vaar/sem/search"),
}
_STAMP = r"<!-- {part} as of (\S+), judging (\w+) -->"


def digest(part: str) -> str:
    """Hash of the code that a part judges; comments, docstrings and layout do not enter it."""
    found = hashlib.sha256()
    for name in JUDGED[part]:
        place = ROOT / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found.update(path.relative_to(ROOT).as_posix().encode())
            found.update(_code(path).encode())
    return found.hexdigest()[:16]


def _code(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_docstring(one)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def _is_docstring(node: ast.AST) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
        return False
    return isinstance(node.value.value, str)


def stamped(part: str, page: str) -> str:
    """The hash that the page holds of what a part judged."""
    found = re.search(_STAMP.format(part=part), page)
    return found[2] if found else ""


def outdated() -> list[str]:
    """Parts of the page that are older than what they judge."""
    page = PAGE.read_text(encoding="utf-8")
    return [part for part in JUDGED if stamped(part, page) != digest(part)]


def stamp(part: str) -> None:
    """Enter today's date, and what a part judges now."""
    page = PAGE.read_text(encoding="utf-8")
    line = f"<!-- {part} as of {date.today()}, judging {digest(part)} -->"
    PAGE.write_text(re.sub(_STAMP.format(part=part), line, page), encoding="utf-8")


if __name__ == "__main__":
    for one in sys.argv[1:]:
        stamp(one)
    if old := outdated():
        sys.exit(
            f"docs/quality.md: older than what they judge: {', '.join(old)}; see `make quality`"
        )
