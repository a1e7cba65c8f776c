"""The house keeps its floors: no upward import, no cycle, and vaar.sem stands alone."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import vaar

ROOT = Path(vaar.__file__).parent
BELOW = {
    "vocabulary": set(),
    "errors": set(),
    "files": set(),
    "processes": set(),
    "sem": {"errors"},
    "study": {"errors", "files", "sem"},
    "respondents": {"vocabulary", "errors", "files", "study"},
    "coding": {"vocabulary", "errors", "study"},
    "sessions": {"errors", "study", "respondents", "coding"},
    "journal": {"errors", "files", "study", "respondents", "sessions"},
    "responses": {"errors", "files", "study", "coding", "sessions", "journal"},
    "scoring": {"errors", "study", "coding", "responses"},
    "tables": {"vocabulary", "errors", "files"},
    "report": {"vocabulary", "errors", "study", "tables"},
    "analyses": {
        *("vocabulary", "errors", "study", "coding", "responses", "scoring", "sem", "tables"),
        "report",
    },
    "comparison": {"errors", "study", "tables", "report", "analyses"},
    "calibration": {
        *("vocabulary", "errors", "study", "respondents", "sessions", "responses", "scoring"),
        *("sem", "tables", "analyses", "processes"),
    },
    "cluster": {"errors", "study", "respondents", "sessions", "journal"},
    "inspect_bridge": {
        *("errors", "study", "respondents", "coding", "sessions", "journal", "responses"),
        *("scoring",),
    },
    "pipeline": {
        *("vocabulary", "errors", "files", "study", "respondents", "coding", "sessions"),
        *("journal", "responses", "scoring", "tables", "analyses", "report", "sem", "cluster"),
        *("inspect_bridge", "calibration", "comparison", "processes"),
    },
}
BELOW["cli"] = set(BELOW)

WITHIN = {  # lowest first; a module imports from shelves to its left only
    "sem": "arrays names arguments model search data estimators solution fit_measures results "
    "limits job two_level fit resampling comparisons",
    "respondents": "price base wire http allowed_hosts key_safety local llama_cpp simulated "
    "inspect_models models_file resolve",
    "sessions": "design records seeds prompts administered questions shard protocol replay "
    "transcript plan workload runner",
    "journal": "lock format access damage database usage reply_count reader journal replace status "
    "merge salvage resume",
    "study": "instruments conditions people_summary model bundle structural_model schema source "
    "templates personas facts release_form explain checking items_table freeze dump load",
}
MOST_MODULES = 16
"""A folder with more is a flat list."""

WITHOUT_A_MODULE = 0.1
"""Share of test files that may be named for what they test together, not for one module."""


@cache
def modules():
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found.append((".".join(("vaar", *(p for p in parts if p != "__init__"))), path))
    return found


@cache
def nodes(path):
    return list(ast.walk(ast.parse(path.read_text())))


@cache
def imports(path):
    """Names of vaar modules that a file imports, wherever in the file."""
    return list(imported(path))


def imported(path):
    known = dict(modules())
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("vaar"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vaar"):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                deeper = f"{node.module}.{alias.name}"
                yield deeper if deeper in known else node.module


def floor(module):
    return module.split(".")[1] if "." in module else ""


def test_every_floor_is_known():
    assert {floor(module) for module, _ in modules()} - {""} == set(BELOW)


@pytest.mark.parametrize("name", BELOW)
def test_no_floor_imports_upward(name):
    allowed = BELOW[name] | {name}
    wrong = [
        f"{module} imports {imported}"
        for module, path in modules()
        if floor(module) == name
        for imported in imports(path)
        if floor(imported) not in allowed
    ]
    assert not wrong


def test_no_module_takes_part_in_a_cycle():
    known = dict(modules())
    graph = {
        module: {name for name in imports(path) if name in known and name != module}
        for module, path in known.items()
        if module != "vaar"  # its names load on first use
    }
    assert list(TopologicalSorter(graph).static_order())


def test_sem_loads_nothing_else_of_vaar():
    code = (
        "import sys, vaar.sem; "
        "print(*{n.split('.')[1] for n in sys.modules if n.startswith('vaar.')})"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert set(found) <= {"sem", "errors"}


def test_the_command_line_starts_without_what_only_an_analysis_needs():
    code = "import sys, vaar.cli.main; print(*{n.split('.')[0] for n in sys.modules})"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not set(found) & {"numpy", "scipy", "pandas", "altair", "aiohttp"}


@pytest.mark.parametrize("floors", [set(BELOW) - {"cli"}])
def test_only_the_command_line_prints_and_exits(floors):
    banned = {"print", "exit", "input", "eval", "exec"}
    calls = [
        f"{module}: {node.func.id}"
        for module, path in modules()
        if floor(module) in floors
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in banned
    ]
    assert not calls


def test_no_file_is_named_for_nothing():
    assert not [p for p in ROOT.rglob("*.py") if p.stem in {"utils", "helpers", "misc", "common"}]


@pytest.mark.parametrize("name", WITHIN)
def test_no_shelf_imports_from_a_higher_one(name):
    order = {shelf: rank for rank, shelf in enumerate(WITHIN[name].split())}

    def shelf(module):
        return module.split(".")[2] if module.count(".") > 1 else ""

    within = [(m, p) for m, p in modules() if floor(m) == name and shelf(m)]
    assert {shelf(module) for module, _ in within} == set(order)
    wrong = [
        f"{module} imports {imported}"
        for module, path in within
        for imported in imports(path)
        if floor(imported) == name and shelf(imported)
        if order[shelf(imported)] > order[shelf(module)]
    ]
    assert not wrong


def folders():
    return [path for path in ROOT.rglob("*") if (path / "__init__.py").is_file()]


def test_no_folder_is_a_flat_list():
    sizes = {folder: len(list(folder.glob("*.py"))) - 1 for folder in folders()}
    assert not {str(f): n for f, n in sizes.items() if n > MOST_MODULES}


def test_test_files_are_named_for_the_modules_they_test():
    tests = Path(__file__).parent
    files = [path.relative_to(tests) for path in tests.rglob("test_*.py") if path.parent != tests]
    strangers = [
        str(path)
        for path in files
        if not (ROOT / path.with_name(path.name.removeprefix("test_"))).is_file()
    ]
    assert len(strangers) <= WITHOUT_A_MODULE * len(files), strangers
