"""No text commands the terminal, wherever it is from."""

import json

import pytest

from support.command import vaar
from vaar.cli import console

HOSTILE = "a\x1b[31mred\x07\x9b2J\u202eevil\r\x00"
FORBIDDEN = "\x1b\x07\x9b\u202e\r\x00"


def harmless(text):
    return not any(mark in text for mark in FORBIDDEN)


def test_every_console_shows_what_cannot_be_seen(capsys):
    console.fail(HOSTILE)
    console.out.print(HOSTILE, markup=False)
    console.notes.print(HOSTILE, style="bold", markup=False)
    shown = capsys.readouterr()
    assert harmless(shown.out) and harmless(shown.err)
    assert "‹U+001B›[31mred" in shown.out and "‹U+001B›[31mred" in shown.err


def test_json_is_the_same_value_and_commands_nothing(capsys):
    told = {HOSTILE: [HOSTILE, "\ud800", "é漢"]}
    console.print_json(told)
    shown = capsys.readouterr().out
    assert harmless(shown) and "é漢" in shown
    assert json.loads(shown) == told


@pytest.mark.parametrize("command", ["status", "analyze"])
def test_the_name_of_a_directory_commands_nothing(tmp_path, command):
    done = vaar(command, f"{tmp_path}/{HOSTILE[:-1]}", cwd=tmp_path)
    assert done.returncode
    assert harmless(done.stdout + done.stderr)
