"""What 5,000 sessions of 50 turns hold: memory of the process that asks, bytes of its journal.

    python benchmarks/session/memory.py                       # about two minutes

Memory is the peak of the whole process, interpreter and libraries included. The journal's bytes are
those of the closed file, less the raw text of the replies, by turn.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
from askers import VAAR, finish, start
from server import serving

MOST_MB = 150
MOST_BYTES = 150


def journal_bytes(path: Path) -> tuple[int, int, int]:
    """Bytes of a closed journal, bytes of raw text in it, and turns."""
    with sqlite3.connect(path) as database:
        turns, text = database.execute(
            "SELECT count(*), sum(length(CAST(text AS BLOB))) FROM turns"
        ).fetchone()
    return sum(file.stat().st_size for file in path.parent.glob(path.name + "*")), text, turns


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=5_000)
    parser.add_argument("--items", type=int, default=50, help="turns of a session")
    parser.add_argument("--concurrency", type=int, default=200, help="sessions side by side")
    given = parser.parse_args()
    with serving() as base_url, TemporaryDirectory() as directory:
        cost = finish(start(VAAR, base_url, Path(directory), **vars(given)))
        size, text, turns = journal_bytes(Path(directory) / "journal.sqlite")
    beyond = (size - text) / turns
    print(f"{turns:,} turns, {cost['turns'] / cost['wall']:,.0f} a second, ", end="")
    print(f"{1000 * cost['cpu'] / cost['turns']:.3f} ms CPU each\n")
    print(f"peak memory         {cost['peak_mb']:6.1f} MB     wanted: < {MOST_MB}: ", end="")
    print("yes" if cost["peak_mb"] < MOST_MB else "NO")
    print(f"journal beyond text {beyond:6.1f} bytes a turn  wanted: < {MOST_BYTES}: ", end="")
    print("yes" if beyond < MOST_BYTES else "NO")


if __name__ == "__main__":
    main()
