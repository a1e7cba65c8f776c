"""`inspect eval vaar/privacy_prosocial`, then `vaar import`, from outside."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from support.inspect_mock import bridged_study, write_study
from vaar.cli.main import app

ROOT = Path(__file__).parents[3]

# Inspect's mock counts tokens with a table that it fetches from the network: count letters here
INSPECT = """
from inspect_ai.model import ModelAPI
async def letters(self, text):
    return len(text)
ModelAPI.count_text_tokens = letters
from inspect_ai._cli.main import main
main()
"""


@pytest.fixture(scope="module")
def entry_point(tmp_path_factory):
    """A directory on the path that declares what `pip install -e .` makes of pyproject.toml."""
    base = tmp_path_factory.mktemp("installed")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["inspect_ai"]
    info = base / "vaar-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: vaar\nVersion: {project['version']}\n"
    )
    origin = {"url": ROOT.as_uri(), "dir_info": {"editable": True}}
    (info / "direct_url.json").write_text(json.dumps(origin))
    lines = [f"{name} = {target}" for name, target in points.items()]
    (info / "entry_points.txt").write_text("[inspect_ai]\n" + "\n".join(lines) + "\n")
    return base


@pytest.fixture(scope="module")
def run(entry_point, tmp_path_factory):
    cwd = tmp_path_factory.mktemp("cwd")
    found = os.pathsep.join([str(entry_point), *filter(None, [os.environ.get("PYTHONPATH")])])

    def call(*command):
        return subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": found, "COLUMNS": "100", "INSPECT_DISPLAY": "none"},
            timeout=600,
        )

    vars(call)["cwd"] = cwd
    return call


def vaar(run, *arguments):
    return run("-W", "error", "-m", "vaar.cli.main", *arguments)


@pytest.fixture(scope="module")
def log(run):
    study = write_study(bridged_study(), run.cwd)
    arguments = ["-T", f"study={study}", "-T", "sessions=2", "-T", "condition=carried,apart"]
    done = run(
        *("-c", INSPECT, "eval", "vaar/privacy_prosocial", "--model", "mockllm/model"),
        *("--log-dir", "logs", *arguments),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = (run.cwd / "logs").glob("*.eval")
    return path


@pytest.mark.slow
def test_the_task_is_found_and_its_log_becomes_a_run(run, log):
    done = vaar(run, "import", str(log), "--out", "run")
    assert done.returncode == 0, done.stderr
    assert "4 sessions of inspect/mockllm/model: 4 complete, 0 failed, 0 pending" in done.stdout
    assert "Simulated: inspect/mockllm/model" in done.stderr
    assert "vaar analyze run" in done.stderr
    shown = vaar(run, "status", "run")
    assert shown.returncode == 0, shown.stderr
    assert "Asked in full" in shown.stdout + shown.stderr


@pytest.mark.slow
def test_what_cannot_be_imported_is_one_screen_and_exit_code_1(run, log):
    done = vaar(run, "import", str(log), str(log), "--out", "twice")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "there twice" in done.stderr
    assert "Traceback" not in done.stderr
    assert CliRunner().invoke(app, ["import", str(log)]).exit_code == 2
