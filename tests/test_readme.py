"""The README's commands, pasted in their order into one directory, all work.

What stands for something of the reader's is put in: a name, a key, a directory. Runs are shorter
than pasted, most without an analysis; those of a provider on the network are only planned.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vaar.study.dump import dump_study
from vaar.study.load import load_study
from vaar.study.model import Persona, Study, Variation

ROOT = Path(__file__).parents[1]
HUMANS = ROOT / "tests/reference/sem_data_hs.csv"
BLOCKS = re.findall(
    r"^```(\w*)\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
)
COMMANDS = [
    re.split(r"\s+#", line)[0].strip()
    for language, block in BLOCKS
    if not language
    for line in block.splitlines()
    if line.strip()
]
SCRIPTS = [block for language, block in BLOCKS if language == "python"]

ALREADY = ("make ", ". .venv/bin/activate")
"""What has set up the place in which tests run."""

PORT = "--port 8000"
NETWORK = re.compile(r"vaar run .*--model (openai|anthropic|google|hf|inspect)/(?!.*--base-url)")
PUT_IN = {
    "openai/NAME --base-url": "openai/human-like --base-url",
    "inspect/PROVIDER/NAME": "inspect/mockllm/model",
    "--model PROVIDER/NAME": "--model mockllm/model --display none -T sessions=1",
    "study init DIR": "study init own",
    # earlier options need more of people
    "analyze DIR --human": "analyze DIR --by none --covariate none --human",
    "import people export.csv": "import people export.csv --out mine.csv",
    "DIR": "varied",
    "=…": "=sk-nobody",
    " …": "",
}
QUICK = {
    'out="runs/two")': 'out="runs/two", options=vaar.AnalysisOptions(replicates=20))',
    "AnalysisOptions(estimator": "AnalysisOptions(replicates=20, estimator",
}
ESTIMATED = "--sessions 60 --replicates 20 --set alignment.subsamples=1"
SHORT = {
    "vaar run": "--sessions 6 --ask-only",
    "vaar calibrate": "--sessions 60 --data-sets 2 --population null --workers 1",
    "vaar power": "--sessions 60 --data-sets 2 --most 60 --workers 1",
}


def as_pasted_by_a_reader(command: str, address: str) -> str:
    for written, meant in PUT_IN.items():
        command = command.replace(written, meant)
    command = command.replace("127.0.0.1:8000", address)
    if NETWORK.search(command) and "--plan" not in command:
        return f"{command} --plan"
    return f"{command} {SHORT.get(' '.join(command.split()[:2]), '')}".strip()


class Shell:
    """Bash in one directory, with the programs of this environment on the path."""

    def __init__(self, directory: Path) -> None:
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.directory = directory
        self.env = {**os.environ, "PATH": programs, "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "100"}

    @contextmanager
    def serving(self, command: str) -> Iterator[str]:
        """While a server goes on, at a port that it finds free: its address."""
        with subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=self.directory,
            env=self.env | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            try:
                told = next((line for line in server.stdout if "Base URL" in line), "")
                yield re.findall(r"http://([\d.]+:\d+)/v1", told)[0]
            finally:
                server.terminate()

    def run(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.directory,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=3_600,
        )
        said = f"$ {command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        nothing_to_estimate = "mockllm" in command and done.returncode == 3
        assert done.returncode == 0 or nothing_to_estimate, said
        return done.stdout


def people(study: Study) -> pd.DataFrame:
    """Simulated answers of 200 people: one trait an instrument, the third led by the others."""
    rng = np.random.default_rng(1)
    traits = rng.normal(size=(200, len(study.instruments)))
    traits[:, 2] += traits[:, 1] - traits[:, 0]
    answers = {}
    for trait, instrument in zip(traits.T, study.instruments, strict=True):
        for item in instrument.coded_items:
            values = instrument.scale_of(item).values
            latent = item.keying * trait + rng.normal(size=200)
            middle = values[0] + (len(values) - 1) / 2
            answers[item.code] = np.clip(np.rint(middle + latent), values[0], values[-1])
    return pd.DataFrame(answers, dtype=int)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """In a directory with what a reader has of his own: people, models, runs that vary."""
    study = load_study("privacy_prosocial")
    published = load_study("privacy_prosocial_published")
    people(published).to_csv(tmp_path / "people.csv", index=False)
    people(study).to_csv(tmp_path / "export.csv", index=False)
    (tmp_path / "models.yaml").write_text(
        "models:\n  - name: simulated/human-like\n  - name: simulated/contrarian\n"
    )
    varied = replace(
        published,
        variation=Variation(order="counterbalanced", persona_text="You are {age} years old."),
        personas=tuple(Persona(f"p{k}", (("age", str(20 + k)),)) for k in range(300)),
    )
    (tmp_path / "study.yaml").write_text(dump_study(varied), encoding="utf-8")
    shell = Shell(tmp_path)
    few = ESTIMATED.replace("60", "300")
    shell.run(f"vaar run study.yaml --model simulated/human-like {few} --out varied")
    for season in ("spring", "autumn"):
        shutil.copytree(tmp_path / "varied", tmp_path / "runs" / season)
    return shell


@pytest.mark.slow
def test_every_command_works_in_its_turn(shell: Shell) -> None:
    pasted = [c for c in COMMANDS if not c.startswith(ALREADY)]
    (serve,) = (c for c in pasted if c.endswith("&"))
    pasted.remove(serve)
    assert PORT in serve
    with shell.serving(serve.removesuffix("&").replace(PORT, "--port 0")) as address:
        shell.run(f"vaar run {ESTIMATED} && test -f {page_of_make_run()}")
        for command in pasted:
            shell.run(as_pasted_by_a_reader(command, address))
    assert (shell.directory / "own/study.yaml").exists()


def page_of_make_run() -> str:
    (page,) = re.findall(r"^`(runs/[\w/]+\.html)`", (ROOT / "README.md").read_text(), re.MULTILINE)
    return page


@pytest.mark.parametrize("target", [c.split()[1] for c in COMMANDS if c.startswith("make ")])
def test_what_is_made_can_be_made(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.slow
def test_the_python_runs_in_one_session(tmp_path: Path) -> None:
    assert len(SCRIPTS) == 2
    scripts = "\n".join(SCRIPTS)
    for written, shorter in QUICK.items():
        assert written in scripts
        scripts = scripts.replace(written, shorter)
    script = f"import pandas\ndata = pandas.read_csv({str(HUMANS)!r})\n" + scripts
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=3_600,
    )
    assert done.returncode == 0, done.stderr
