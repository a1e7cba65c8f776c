"""A Ray cluster on this machine, a head and two nodes that work, and a server process to ask."""

import json
import logging
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import vaar
from vaar.cluster.connect import require_ray

NODE: dict[str, Any] = {
    "num_cpus": 1,
    "object_store_memory": 80 * 2**20,
    "include_dashboard": False,
}
SERVER = Path(__file__).parents[1] / "support/tallying_server.py"


KEY = "sk-of-nobody-7f3a9c"

LATENCY = 0.03
"""Seconds that the server takes to answer."""


@pytest.fixture(scope="package")
def cluster():
    """Its nodes, and so the workers on them, have a key in their environment."""
    require_ray()
    import ray
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as started:
        started.setenv("OPENAI_API_KEY", KEY)
        made = Cluster(initialize_head=True, head_node_args=NODE | {"num_cpus": 0})
        for _ in range(2):
            made.add_node(**NODE)
    try:
        ray.init(address=made.address, log_to_driver=False, logging_level=logging.ERROR)
        yield made
    finally:
        ray.shutdown()
        made.shutdown()


class Server:
    def __init__(self, process: subprocess.Popen) -> None:
        self.base_url = process.stdout.readline().strip()

    def asked(self) -> dict[str, Any]:
        return json.loads(self._call("GET", "asked"))

    def hold(self) -> None:
        """Leave calls unanswered until it goes on."""
        self._call("PUT", "hold")

    def go_on(self) -> None:
        self._call("PUT", "go")

    def _call(self, method: str, path: str) -> bytes:
        address = f"{self.base_url.removesuffix('/v1')}/{path}"
        with urllib.request.urlopen(urllib.request.Request(address, method=method)) as reply:
            return reply.read()


@pytest.fixture
def server():
    with subprocess.Popen(
        [sys.executable, SERVER, str(LATENCY)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(vaar.__file__).parents[1])},
    ) as process:
        yield Server(process)
        process.terminate()


@pytest.fixture
def key() -> str:
    return KEY
