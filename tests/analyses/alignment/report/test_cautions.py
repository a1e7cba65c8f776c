"""Cautions that stand at the top of the page: each where it belongs, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from support.made_up_run import MadeUp, made_up
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.tables.text import without_marks


def labels(run: MadeUp) -> list[str]:
    return [caution.label for caution in run.alignment().cautions]


def test_a_sound_run_needs_none(made: MadeUp) -> None:
    assert labels(made) == []


def test_few_sessions_and_what_they_cannot_promise(made: MadeUp) -> None:
    few = {"kind": "few_sessions", "text": "", "sessions": 60, "wanted": 100}
    run = made.but(record=made.record | {"notes": {"noisy": [few]}})
    assert labels(run) == ["few sessions"]
    text = without_marks(run.alignment().cautions[0].text)
    assert "The paths of noisy" in text and "rest on fewer than 100 sessions or people" in text
    assert "(60)" in text and "verdicts on a path were wrong" in text


def test_people_whose_columns_may_be_reversed_are_a_loud_warning() -> None:
    run = made_up(["human", "noisy"], [], [])
    people = run.paths["group"] == "human"
    against = run.paths.assign(verdict=run.paths["verdict"].mask(people, "against"))
    groups = run.groups_csv.assign(people=[True, False])
    vaar = run.vaar[run.vaar["group"] != "human"]
    turned = run.but(paths=against, groups_csv=groups, vaar=vaar)
    assert labels(turned).count("people against the hypothesis") == 2
    text = turned.alignment().cautions[0].text
    assert "keyed the other way round" in text and "the study expects" in text
    agreeing = run.paths.assign(verdict=run.paths["verdict"].mask(people, "as in people"))
    sound = run.but(paths=agreeing, groups_csv=groups, vaar=vaar)
    assert "people against the hypothesis" not in labels(sound)


def test_a_flagged_group_and_loadings_that_differ(made: MadeUp) -> None:
    flag = made.vaar["flag"].mask(made.vaar["group"] == "noisy", "CFI 0.46")
    run = made.but(vaar=made.vaar.assign(flag=flag))
    assert labels(run) == ["not to be relied on"]
    assert "CFI 0.46" in run.alignment().cautions[0].text
    unlike = made.invariance.assign(tenable=pd.array([None, False], dtype="boolean"))
    assert labels(made.but(invariance=unlike)) == ["not comparable"]


def test_an_option_that_cannot_be_heeded_is_told(made: MadeUp) -> None:
    options = replace(AlignmentOptions(), confidence="bootstrap", replicates=0)
    assert labels(made.but(options=options)) == ["option ignored"]
    assert labels(made.but(options=replace(options, replicates=10))) == []


def test_sessions_that_count_once_with_another_are_told(made: MadeUp) -> None:
    noted = {"noisy": [{"kind": "repeated", "text": "", "sessions": 1_200}]}
    run = made.but(record={**made.record, "notes": noted})
    assert labels(run) == ["the same session twice"]
    assert "noisy" in (text := run.alignment().cautions[0].text) and "(1\u202f200)" in text


def test_what_could_not_be_taken_out_is_told(made: MadeUp) -> None:
    noted = {"noisy": [{"kind": "not_adjusted", "text": "order varied in too many ways"}]}
    run = made.but(record={**made.record, "notes": noted})
    assert labels(run) == ["not adjusted"]
    assert "order varied in too many ways. It may make paths" in run.alignment().cautions[0].text
