"""The documents say what is so: their commands are commands, their Python runs."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from vaar.cli.main import app

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [
    *sorted(set(DOCS.glob("*.md")) - {DOCS / "cli.md"}),
    *sorted((DOCS / "measures").glob("*.md")),
    DOCS.parent / "README.md",
    DOCS.parent / "CONTRIBUTING.md",
]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VAAR = typer.main.get_command(app)


def blocks(page: Path, language: str) -> list[str]:
    return [text for named, text in BLOCK.findall(page.read_text()) if named == language]


def commands(page: Path) -> list[str]:
    """What is given to ``vaar`` in the blocks of a page, in order."""
    lines = "\n".join(blocks(page, "")).replace("\\\n", " ").splitlines()
    parts = (part for line in lines for part in re.split(r"\s#|&&?|\|", line)[:2])
    found = (re.fullmatch(r"(?:[A-Z_]+=\S+ )*vaar (.+)", part.strip()) for part in parts)
    return [match[1].strip() for match in found if match]


def parse(given: str) -> None:
    """Have the program read a command, without carrying it out."""
    words = [word for word in shlex.split(given) if word != "…" and word[0] != "["]
    command: Any = VAAR
    while members := getattr(command, "commands", {}):
        words = getattr(command, "named", list)(words)
        assert words and words[0] in members, f"no command: vaar {given}"
        command = members[words.pop(0)]
    command.make_context(command.name, words)


def cases() -> list[Any]:
    found = [(page.name, given) for page in PAGES for given in commands(page)]
    assert len(found) > 30
    return [pytest.param(given, id=f"{name}: {given}") for name, given in dict.fromkeys(found)]


@pytest.mark.parametrize("given", cases())
def test_a_command_that_is_written_down_is_one(given: str) -> None:
    parse(given)


def test_what_is_no_command_is_found() -> None:
    for wrong in ("rum --model simulated", "run --modle simulated", "run --sessions 0", "study"):
        with pytest.raises(Exception, match=r"no command|No such option|greater|range"):
            parse(wrong)


def test_the_page_of_commands_names_them_all() -> None:
    spec = importlib.util.spec_from_file_location("cli_page", DOCS / "_extensions/cli_page.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = module.page()
    assert set(options(VAAR)) - {"--help"} == set(
        re.findall(r"(?<![\w-])--[a-z-]+(?=[`, ].*\n: )", page)
    )
    assert "## vaar study check" in page and "`--sessions " in page


def options(command: Any) -> Iterator[str]:
    yield from (name for p in command.params if not p.hidden for name in p.opts if name[0] == "-")
    for member in getattr(command, "commands", {}).values():
        yield from options(member)


BEFORE = {
    "calibrate.md": "",
    "coding.md": """
from vaar.coding.answer import Answer
from vaar.study.model import ResponseScale
scale = ResponseScale(("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"))
""",
    "own-analysis.md": """
import vaar
quick = vaar.AnalysisOptions(replicates=0)
vaar.run(models=["simulated/human-like"], sessions=10, out="runs/one", options=quick)
import shutil
shutil.copytree("runs/one", "runs/two")
""",
    "compare.md": """
import shutil
import vaar
quick = vaar.AnalysisOptions(replicates=0)
vaar.run(models=["simulated/human-like"], sessions=10, out="runs/spring", options=quick)
shutil.copytree("runs/spring", "runs/autumn")
""",
    "running.md": """
import vaar
quick = vaar.AnalysisOptions(replicates=10)
vaar.run(models=["simulated/human-like"], sessions=60, out="runs/one", options=quick)
""",
    "scoring.md": """
import vaar
quick = vaar.AnalysisOptions(replicates=10)
vaar.run(models=["simulated/human-like"], sessions=60, out="r", options=quick)
stored = vaar.open_run("r")
responses, study = stored.responses, stored.study
""",
    "from-lavaan.md": f"""
import numpy as np
import pandas as pd
data, answers, sessions, levels = (
    pd.read_csv({str(Path(__file__).parent / "reference")!r} + "/" + name)
    for name in ("sem_data_hs.csv", "sem_data_gaps.csv", "cluster_data.csv", "two_level_data.csv")
)
""",
    "sem.md": """
import numpy as np
import pandas as pd
import vaar.sem as sem
rng = np.random.default_rng(1)
factors = rng.normal(size=(600, 3))
factors[:, 2] += factors[:, 1] - factors[:, 0]
columns = [*"pppp", *"sss", *"aaaa"]
items = [f"{name}{columns[: place + 1].count(name)}" for place, name in enumerate(columns)]
latent = factors[:, ["psa".index(name) for name in columns]] + rng.normal(size=(600, 11))
data = pd.DataFrame(np.clip(np.rint(latent + 3), 1, 5), columns=items)
data["model"] = np.repeat(["x", "y", "z"], 200)
data["persona"], data["school"] = np.arange(600) // 2, np.arange(600) // 20
data["w"] = rng.uniform(0.5, 2.0, 600)
data["x"], data["z"] = rng.normal(size=600), rng.normal(size=300)[data["persona"]]
within, between = rng.normal(size=600), rng.normal(size=300)[data["persona"]]
for name in ("y1", "y2", "y3"):
    part = 0.5 * rng.normal(size=300)[data["persona"]] + 0.5 * rng.normal(size=600)
    data[name] = data["x"] + data["z"] + within + between + part
labelled = "p =~ p1 + p2 + p3 + p4\\na =~ a1 + a2 + a3 + a4\\na ~ c(b1, b2, b3)*p"
labelled = sem.fit(labelled, data, group="model", std_lv=True)
fit0, fit1 = (
    sem.fit("p =~ p1 + p2 + p3 + p4", data, group="model", group_equal=equal, std_lv=True)
    for equal in ([], ["loadings"])
)
loose, strict = (
    sem.fit(
        "p =~ p1 + p2 + p3 + p4", data, group="model", group_equal=equal, std_lv=True,
        estimator="WLSMV", ordered=True, parameterization="theta",
    )
    for equal in (["thresholds"], ["thresholds", "loadings"])
)
(cov_a, means_a), (cov_b, means_b) = (
    (part[items].cov(), part[items].mean()) for part in (data[:210], data[210:390])
)
samples = [np.arange(600)]
""",
    "scale-out.md": """
import numpy as np
import pandas as pd
import vaar.sem as sem
rng = np.random.default_rng(1)
data = pd.DataFrame(rng.normal(size=(100, 1)) + rng.normal(size=(100, 3)), columns=["a", "b", "c"])
data["persona"] = np.arange(100) // 2
fit = sem.fit("f =~ a + b + c", data)
""",
}
"""What a page's examples presuppose: simulated answers, for the most part."""

QUICK = {"replicates=1000": "replicates=4", "10_000": "4", "Pool(8)": "Pool(2)"}


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in PAGES if p.parent == DOCS and blocks(p, "python")])
def test_the_python_of_a_page_runs_and_gives_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(BEFORE[page.name], names)
    for block in blocks(page, "python"):
        before = dict(names)
        carry_out(block, names)
        names |= before  # a block may go on from earlier ones, not from the one above alone


def carry_out(block: str, names: dict[str, Any]) -> None:
    """Run a block statement by statement; where a comment says what comes out, compare."""
    for written, shorter in QUICK.items():
        block = block.replace(written, shorter)
    for statement in ast.parse(block).body:
        written = ast.get_source_segment(block, statement) or ""
        if not isinstance(statement, ast.Expr):
            exec(compile(ast.Module([statement], []), "a page", "exec"), names)
            continue
        found = eval(written, names)
        said = block.splitlines()[statement.lineno - 1].partition("# ")[2]
        if promised := re.match(r"Answer\(.*?\)|True\b|False\b", said):
            assert found == eval(promised[0], names), written
