"""The program in this process: as a person starts it, without the seconds that a start takes."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from vaar.cli import console
from vaar.cli.main import main

COLUMNS = 100


def vaar(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a directory; what it says and how it ends.

    Warnings are errors, as in every test, and an exception that the program does not know is
    raised here.
    """
    given = ["vaar", *map(str, arguments)]
    said, told, code = StringIO(), StringIO(), 0
    with ExitStack() as around:
        for terminal in (console.out, console.notes, console.err):
            around.enter_context(patch.object(terminal, "_width", COLUMNS))
        around.enter_context(patch.object(sys, "argv", given))
        around.enter_context(redirect_stdout(said))
        around.enter_context(redirect_stderr(told))
        around.enter_context(chdir(cwd))
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    return subprocess.CompletedProcess(given, code, said.getvalue(), told.getvalue())
