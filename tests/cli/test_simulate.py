import asyncio
import re
import signal
import socket

import aiohttp
import pytest
from typer.testing import CliRunner

from vaar.cli import simulate
from vaar.cli.console import out
from vaar.errors import StudyError, VaarError
from vaar.respondents.simulated.choosers import CHOOSERS
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.study.load import load_study


@pytest.fixture
def announced(monkeypatch):
    """What was printed, as one text."""
    lines = []
    monkeypatch.setattr(out, "print", lambda *parts, **style: lines.extend(parts))
    return lambda: "\n".join(map(str, lines))


def test_serve_announces_itself_and_answers(announced):
    listed = []

    async def look():
        base_url = re.search(r"http://127\.0\.0\.1:\d+/v1", announced()).group()
        async with aiohttp.ClientSession() as client, client.get(base_url + "/models") as response:
            listed.append((await response.json())["object"])

    asyncio.run(simulate._serve("privacy_prosocial", "127.0.0.1", 0, look))
    assert listed == ["list"]
    text = announced()
    assert text.startswith("Simulated respondents answer, not models.")
    command = re.search(r"vaar run (.*) --base-url http://127\.0\.0\.1:\d+/v1", text).group(1)
    assert command.split() == [w for name in POPULATIONS for w in ("--model", f"openai/{name}")]
    assert "Other machines" not in text


def test_a_study_of_ones_own_is_in_the_command():
    text = simulate._announcement("my study.yaml", "http://127.0.0.1:1/v1")
    assert "vaar run 'my study.yaml' --model" in text


def test_an_open_address_is_pointed_out():
    assert "Other machines can reach" in simulate._announcement("s", "http://0.0.0.0:8000/v1")


def test_a_signal_ends_it(announced):
    async def wait():
        waiting = asyncio.create_task(simulate._wait_for_signal())
        await asyncio.sleep(0)  # from here on it listens
        signal.raise_signal(signal.SIGTERM)
        await waiting

    asyncio.run(simulate._serve("privacy_prosocial", "127.0.0.1", 0, wait))
    assert "Base URL" in announced()


def test_a_port_in_use():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(VaarError, match=f"port {port} of 127.0.0.1 is in use.*--port 0"):
            simulate.serve("privacy_prosocial", "127.0.0.1", port)


def test_an_address_of_another_machine():
    with pytest.raises(VaarError, match=r"cannot listen on 192\.0\.2\.1 port 0"):
        simulate.serve("privacy_prosocial", "192.0.2.1", 0)


def test_an_unknown_study():
    with pytest.raises(StudyError, match='no study "nowhere"'):
        simulate.serve("nowhere", "127.0.0.1", 0)


def test_populations_are_listed_with_their_true_paths():
    table = simulate.populations_table(load_study("privacy_prosocial_published"))
    name, _, privacy, prosocial = (list(column.cells) for column in table.columns)
    assert "no model is asked" in table.title
    assert name == [f"simulated/{kind}" for kind in (*POPULATIONS, *CHOOSERS)]
    assert dict(zip(name, zip(privacy, prosocial, strict=True), strict=True)) == {
        **{f"simulated/{chooser}": ("none", "none") for chooser in CHOOSERS},
        "simulated/human-like": ("-0.40", "+0.45"),
        "simulated/privacy-blind": ("+0.00", "+0.45"),
        "simulated/contrarian": ("+0.40", "-0.45"),
        "simulated/acquiescent": ("-0.15", "+0.70"),
        "simulated/noisy": ("-0.40", "+0.45"),
        "simulated/constant": ("not estimable", "not estimable"),
    }


def test_the_commands_are_there():
    shown = CliRunner().invoke(simulate.app, ["--help"]).output
    assert "serve" in shown and "populations" in shown
    listed = CliRunner().invoke(simulate.app, ["populations"])
    assert listed.exit_code == 0
