from __future__ import annotations

import numpy as np

from support.made_up_run import MadeUp, made_up
from vaar.report.run.said import OPEN, examples, said
from vaar.report.section import Conversation, Fold, Panels, Turn


def quoted(made: MadeUp, group: str) -> list[tuple[str, ...]]:
    found = {g.name: table for g, table in examples(made.responses, made.groups)}
    return [tuple(cell.text for cell in row.cells) for row in found[group].rows]


def test_first_coded_of_each_instrument_and_each_kind_of_missing(made: MadeUp) -> None:
    assert quoted(made, "noisy") == [
        ("privacy_00", "4", "4"),
        ("psa_00", "I would say 3 - sometimes.", "4"),
        ("aods_00", "4", "4"),
        ("aods_01", "I cannot say. 4", "missing: refused"),
        ("aods_02", "(no text)", "missing: provider error"),
    ]


def test_long_replies_are_cut() -> None:
    run = made_up(["a"], [], [], said=["x" * 4000])
    reply = quoted(run, "a")[0][1]
    assert reply.startswith("x" * 300 + " …") and len(reply) < 340


def test_a_kind_of_missing_is_shown_once(made: MadeUp) -> None:
    everything_refused = made.responses.assign(reason="refused", value=np.nan)
    for _, table in examples(everything_refused, made.groups):
        assert len(table.rows) == 1


def test_replies_of_many_groups_are_folded() -> None:
    for n, open_ in ((OPEN, True), (OPEN + 1, False)):
        run = made_up([f"m-{k}" for k in range(n)], [], [])
        (panels,) = said(run.responses, run.groups).blocks
        assert isinstance(panels, Panels)
        folds = [block for block in panels.blocks if isinstance(block, Fold)]
        assert len(folds) == n and {fold.open for fold in folds} == {open_}


def test_nothing_said_is_said(made: MadeUp) -> None:
    (block,) = said(made.responses.iloc[:0], made.groups).blocks
    assert "No replies" in str(block)


def test_a_whole_session_is_folded_below(made: MadeUp) -> None:
    talk = Conversation("Session 1", (Turn("reply", "4"),))
    assert said(made.responses, made.groups, talk).blocks[-1] == Fold("Session 1", (talk,))
