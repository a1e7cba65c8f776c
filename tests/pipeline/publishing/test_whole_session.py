from __future__ import annotations

from contextlib import closing
from pathlib import Path

import vaar
from support.scripted import first_session, tiny_study
from vaar.journal.journal import Journal
from vaar.pipeline.publishing.whole_session import whole_session


def test_the_first_completed_session_is_told_from_its_first_prompt(run: Path) -> None:
    with closing(Journal.existing(run / "journal.sqlite")) as journal:
        told = whole_session(vaar.open_run(run).study, journal)
    assert told is not None and told.title.startswith("Session 1 of simulated/noisy")
    assert [turn.speaker for turn in told.turns[:3]] == ["system", "turn 1", "reply"]
    asked = [turn.speaker for turn in told.turns if turn.speaker.startswith("turn")]
    assert [one for one in asked if "again" not in one] == [f"turn {k}" for k in range(1, 37)]
    replies = [turn for turn in told.turns if turn.speaker == "reply"]
    assert len(replies) == len(asked)
    assert all(reply.note.startswith("coded as ") for reply in replies)
    page = vaar.write_report(run).read_text("utf-8")
    assert "Session 1 of simulated/noisy, from beginning to end" in page


def test_a_run_without_a_completed_session_has_none(tmp_path: Path) -> None:
    study = tiny_study()
    with closing(Journal(tmp_path / "j.sqlite")) as journal:
        journal.plan([first_session(study)])
        assert whole_session(study, journal) is None
