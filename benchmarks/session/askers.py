"""The three that ask, each in a process of its own, and how the benchmarks start them."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

VAAR, INSPECT, OPENAI = "ask_vaar.py", "ask_inspect.py", "ask_openai.py"
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def start(script: str, base_url: str, directory: Path, **options: float) -> subprocess.Popen[str]:
    """Start an asker; it writes to `directory` and, at its end, its costs to standard output."""
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / script), base_url, str(directory), *words],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | _ONE_THREAD,
    )


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for an asker and give what it measured."""
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{process.args[1]} ended with exit code {process.returncode}")
    return json.loads(said.splitlines()[-1])


def asked(script: str, base_url: str, **options: float) -> dict[str, Any]:
    """Run an asker from start to end, its files thrown away."""
    with TemporaryDirectory() as directory:
        return finish(start(script, base_url, Path(directory), **options))


def arguments(about: str) -> argparse.Namespace:
    """The command line of an asker."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("url", help="base URL of the server")
    parser.add_argument("directory", type=Path, help="where journals and logs are written")
    parser.add_argument("--sessions", type=int, default=250)
    parser.add_argument("--items", type=int, default=40, help="turns of a session")
    parser.add_argument("--concurrency", type=int, default=50, help="sessions side by side")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one call")
    return parser.parse_args()
