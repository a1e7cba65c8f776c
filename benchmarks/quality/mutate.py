"""Mutants of the small modules that decide: which changes of a rule does no test notice?

    python benchmarks/quality/mutate.py                 # all modules, into docs/quality/mutants.csv
    python benchmarks/quality/mutate.py --only verdict  # one of them

A mutant is a module with one operator, comparison, condition or number changed. It lives in a fork
of this process, into which the libraries that the tests need are loaded already, so that one takes
seconds and no file is touched. It is killed where a test fails, or takes far longer than it did.
Of modules with many mutants a share is judged, drawn with a seed that is the module's path.
"""

from __future__ import annotations

import argparse
import ast
import copy
import csv
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import ModuleType

import judged

ROOT = Path(__file__).parents[2]
STORE = ROOT / "docs/quality/mutants.csv"
PATIENCE = 3.0  # times as long as the tests take on the module as it is, and 10 s
Mutant = tuple[int, str, ast.Module]  # line, change, and the module with it
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help="modules whose path has this in it")
    options = parser.parse_args()
    _load_libraries()
    rows = stored()
    for source, tests in judged.MUTATED.items():
        if options.only in source:
            own = judge(ROOT / source, tests.split(), judged.SHARES.get(source, 1.0))
            rows = [row for row in rows if row["module"] != source] + own
            store(rows)
    survived = sum(row["survived"] == "1" for row in rows)
    print(f"{survived} of {len(rows)} survive: {100 * survived / len(rows):.1f} %")


def stored() -> list[dict[str, str]]:
    """Mutants of an earlier run, of modules that are still judged."""
    if not STORE.exists():
        return []
    with STORE.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["module"] in judged.MUTATED]


def store(rows: list[dict[str, str]]) -> None:
    """Keep the mutants, module by module."""
    STORE.parent.mkdir(parents=True, exist_ok=True)
    with STORE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["module", "line", "change", "survived"])
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["module"]))


def _load_libraries() -> None:
    """What every fork would load again."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    for name in ("pytest", "hypothesis", "numpy", "scipy.optimize", "scipy.stats", "pandas"):
        importlib.import_module(name)
    for name in ("pyarrow.parquet", "pydantic", "yaml", "typer.main", "aiohttp.web"):
        importlib.import_module(name)


def judge(path: Path, tests: list[str], share: float) -> list[dict[str, str]]:
    """Mutants of a module, a share of them drawn, and whether they survive these tests."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    began = time.monotonic()
    if fails(path, tree, tests, 600):
        raise SystemExit(f"the tests of {path} fail as it is")
    limit = 10 + PATIENCE * (time.monotonic() - began)
    rows: list[dict[str, str]] = []
    name = path.relative_to(ROOT).as_posix()
    for line, change, mutant in drawn(list(mutants(tree)), share, seed=name):
        survived = not fails(path, mutant, tests, limit)
        told = {"module": name, "line": str(line), "change": change}
        rows.append(told | {"survived": "1" if survived else "0"})
        if survived:
            print(f"{name}:{line}: {change}", flush=True)
    print(f"# {path.name}: {sum(r['survived'] == '1' for r in rows)} of {len(rows)}", flush=True)
    return rows


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Line, change and syntax tree of every mutant."""
    for place, node in enumerate(ast.walk(tree)):
        for variant in range(len(_changes(node))):
            mutant = copy.deepcopy(tree)
            target = next(n for k, n in enumerate(ast.walk(mutant)) if k == place)
            before = _written(target)
            _changes(target)[variant]()
            yield getattr(node, "lineno", 0), f"{before} → {_written(target)}", mutant


def drawn(mutants: list[Mutant], share: float, seed: str) -> list[Mutant]:
    """A share of the mutants, in their order; the same ones with the same seed."""
    places = Random(seed).sample(range(len(mutants)), len(mutants))
    kept = places[: round(share * len(mutants))]
    return [mutants[place] for place in sorted(kept)]


def _written(node: ast.AST) -> str:
    """What can be changed at a node, on one line."""
    shown = node.test if isinstance(node, ast.If | ast.IfExp) else node
    return " ".join(ast.unparse(shown).split())


def _changes(node: ast.AST) -> list:
    """What can be changed at a node, each a call that does it."""
    if isinstance(node, ast.Compare):
        return [
            lambda k=k, op=op: node.ops.__setitem__(k, SWAPPED[type(op)]())
            for k, op in enumerate(node.ops)
            if type(op) in SWAPPED
        ]
    if isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and type(node.op) in SWAPPED:
        swapped = SWAPPED[type(node.op)]()
        return [lambda: setattr(node, "op", swapped)]
    if isinstance(node, ast.If | ast.IfExp):
        negated = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        return [lambda: setattr(node, "test", ast.fix_missing_locations(negated))]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return [lambda: setattr(node, "value", _moved(node.value))]
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        return [lambda: setattr(node, "value", not node.value)]
    return []


def _moved(value: object) -> object:
    assert isinstance(value, int | float)
    return value + 1 if isinstance(value, int) else value * 1.1 + (value == 0)


def _named(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a syntax tree."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        self._path, self._tree = path, tree
        self._name = _named(path)

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> object:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._tree, str(self._path), "exec"), module.__dict__)


def fails(path: Path, tree: ast.Module, tests: list[str], limit: float) -> bool:
    """Whether a test fails on a module, in a fork that is ended after so many seconds."""
    assert _named(path) not in sys.modules, "a mutant would be overlooked"
    child = os.fork()
    if not child:
        _in_fork(path, tree, tests)
    until = time.monotonic() + limit
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _in_fork(path: Path, tree: ast.Module, tests: list[str]) -> None:
    code = 1
    try:
        import pytest

        os.chdir(ROOT)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        sys.meta_path.insert(0, _Mutated(path, tree))
        quiet = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0"]
        quiet += ["-W", "ignore:Module already imported"]
        code = int(pytest.main([*quiet, "-m", "not slow", *tests]))
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
