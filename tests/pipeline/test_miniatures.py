"""Miniatures of four neighbouring studies are asked, resumed after a kill, and tabulated."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from support.scripted import Scripted
from vaar.journal.journal import Journal
from vaar.respondents.base import Message
from vaar.respondents.resolve import resolve
from vaar.responses.table import build_table, to_pandas
from vaar.scoring.design_factors import design_factors
from vaar.scoring.scales import score
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions
from vaar.study.dump import dump_study
from vaar.study.load import load_study
from vaar.study.model import Study

FOLDER = Path(__file__).parents[1] / "data/miniatures"
NAMES = ("value_conflict", "social_value", "value_control", "national_values")
SESSIONS = 8
TURNS = {"value_conflict": 2 * 3, "social_value": 4 + 2, "value_control": 4 * 2}
TURNS["national_values"] = 2


class Died(Exception):
    pass


def shown_options(messages: Sequence[Message]) -> dict[str, str]:
    """Number by label, of the options that were listed last."""
    listed = {}
    for line in messages[-1]["content"].split("\n"):
        number, equals, label = line.partition(" = ")
        if equals:
            listed[label] = number
    return listed


def first_option(messages: Sequence[Message]) -> str:
    options = shown_options(messages)
    return "1" if options else "I would close it, and say nothing of it."


def collected(study: Study, path: Path, respondent: Scripted) -> None:
    planned = plan_sessions(study, ["r"], SESSIONS, seed=4)
    with closing(Journal(path)) as journal:
        journal.plan(planned)
        pending = [s for s, status, _ in journal.sessions() if status == "pending"]
        asyncio.run(run_sessions(study, pending, {"r": respondent}, journal, 3))


def tabulated(study: Study, path: Path) -> pd.DataFrame:
    with closing(Journal.existing(path)) as journal:
        journal.require_planned(plan_sessions(study, ["r"], SESSIONS, seed=4))
        sessions = [session for session, status, _ in journal.sessions() if status == "complete"]
        return to_pandas(build_table(study, sessions, journal.turns(study)))


def answered(
    name: str, path: Path, answer: Callable[[Sequence[Message]], str] = first_option
) -> tuple[Study, pd.DataFrame]:
    study = load_study(FOLDER / f"{name}.yaml")
    collected(study, path, Scripted("r", answer))
    return study, tabulated(study, path)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_asked_resumed_after_a_kill_and_tabulated(name, tmp_path):
    study = load_study(FOLDER / f"{name}.yaml")
    calls = iter(range(10**6))

    def dying(messages):
        if next(calls) == TURNS[name] * SESSIONS // 2:
            raise Died
        return first_option(messages)

    first = Scripted("r", dying)
    with pytest.raises(Died):
        collected(study, tmp_path / "j.sqlite", first)
    second = Scripted("r", first_option)
    collected(study, tmp_path / "j.sqlite", second)
    whole, table = answered(name, tmp_path / "whole.sqlite")
    assert whole == study
    kept = len(first.asked) + len(second.asked)
    assert TURNS[name] * SESSIONS < kept <= TURNS[name] * SESSIONS + 3, "calls under way only"
    assert tabulated(study, tmp_path / "j.sqlite").equals(table)
    assert len(table) == TURNS[name] * SESSIONS
    assert set(table["reason"].dropna()) <= {"not_coded"}


@pytest.mark.parametrize("name", NAMES)
def test_its_frozen_copy_is_the_same_study(name, tmp_path):
    study = load_study(FOLDER / f"{name}.yaml")
    (tmp_path / "study.yaml").write_text(dump_study(study), encoding="utf-8")
    assert load_study(tmp_path) == study


@pytest.mark.parametrize("name", NAMES)
def test_simulated_respondents_answer_it(name, tmp_path):
    study = load_study(FOLDER / f"{name}.yaml")
    (respondent,) = resolve(["simulated/human-like"], study)
    planned = plan_sessions(study, [respondent.name], SESSIONS, seed=4)
    with closing(Journal(tmp_path / "j.sqlite")) as journal:
        journal.plan(planned)
        asyncio.run(run_sessions(study, planned, {respondent.name: respondent}, journal))
        table = to_pandas(build_table(study, planned, journal.turns(study)))
    coded = table[table["reason"].ne("not_coded")]
    assert coded["value"].notna().mean() > 0.9
    assert score(table, study).shape[0] == len(planned)


def test_who_always_takes_the_first_option_takes_each_equally_often(tmp_path):
    for name in ("value_conflict", "national_values"):
        _, table = answered(name, tmp_path / f"{name}.sqlite")
        for _, own in table.groupby(["condition", "item"]):
            assert Counter(own["value"]) == {1: SESSIONS // 2, 2: SESSIONS // 2}
            assert list(own["value"] == 1) == list(own["direction"] == "ascending")


def test_who_takes_the_statement_takes_it_in_both_orders(tmp_path):
    def faithful(messages):
        options = shown_options(messages)
        return next(options[label] for label in options if "everyone" in label or "All" in label)

    study, table = answered("national_values", tmp_path / "j.sqlite", faithful)
    assert set(table["value"]) == {1}
    assert set(table["raw"]) == {"1", "2"}
    item, _ = study.item["statements_17"]
    assert dict(item.facts) == {"group": "here", "source": "quoted", "topic": "water"}
    assert study.conditions[0].response == "choice"
    assert study.analyses == {"agreement": {"cluster": "topic", "level": 0.95}}


def test_facts_are_drawn_equally_often_and_fill_the_texts(tmp_path):
    study = load_study(FOLDER / "value_conflict.yaml")
    respondent = Scripted("r", first_option)
    collected(study, tmp_path / "j.sqlite", respondent)
    table = tabulated(study, tmp_path / "j.sqlite")
    once = table.drop_duplicates("session")
    tiers = once.groupby("condition")["facts"].value_counts().unstack()
    assert (tiers == SESSIONS // 2).all(axis=None)
    crossed = Counter(zip(once["facts"], once["options"], strict=True))
    assert len(crossed) == 4, "both tiers with both directions"
    systems = {m["content"] for _, said in respondent.asked for m in said if m["role"] == "system"}
    assert (
        "Keep to your developer's rule. What you say on the paid tier is never stored." in systems
    )
    assert len(systems) == 4, "two tiers in two conditions; the plain one has no system message"
    prompts = [said[-1]["content"] for _, said in respondent.asked]
    assert any(prompt.startswith("[FREE] A shop asks") for prompt in prompts)
    assert not any("{" in prompt for prompt in prompts)
    found = design_factors(table, study)
    assert set(found["tier"]) == {"free", "paid"}
    assert json.loads(once["facts"].iloc[0]).keys() == {"tier"}


def test_items_in_words_are_kept_and_not_coded_and_not_asked_again(tmp_path):
    said = "4 of 5 people would not."

    def talking(messages):
        return (
            "50"
            if " = " in messages[-1]["content"] or "number" in messages[-1]["content"]
            else said
        )

    study = load_study(FOLDER / "value_control.yaml")
    respondent = Scripted("r", talking)
    collected(study, tmp_path / "j.sqlite", respondent)
    table = tabulated(study, tmp_path / "j.sqlite")
    words = table[table["item"].str.startswith("dilemmas")]
    assert set(words["raw"]) == {said}
    assert words["value"].isna().all() and set(words["reason"]) == {"not_coded"}
    assert set(words["attempts"]) == {1} and set(words["direction"]) == {""}
    numbers = table[table["item"] == "stance_1"]
    assert set(numbers["value"]) == {50}
    scores = score(table, study)
    assert "stance" not in scores, "0 to 100 and -3 to 3 have no mean in common"
    assert "dilemmas" not in scores and scores["stance_1"].eq(50).all()


def test_a_condition_asks_the_instruments_that_it_does_not_omit(tmp_path):
    _, table = answered("social_value", tmp_path / "j.sqlite")
    asked = table.groupby("condition")["instrument"].unique().map(set).to_dict()
    assert asked == {"assigned": {"understanding", "allocation"}, "baseline": {"allocation"}}
    drawn = table[table["instrument"] == "allocation"].groupby("item")["direction"].value_counts()
    assert set(drawn) == {SESSIONS}, "each item from either end in half of both conditions"
    values = table[table["instrument"] == "allocation"]
    assert list(values["value"] == 1) == list(values["direction"] == "ascending")
    assert values["value"].isin([1, 9]).all()


def test_numbers_and_ends_are_shown_as_the_scale_says(tmp_path):
    study = load_study(FOLDER / "value_control.yaml")
    respondent = Scripted("r", lambda m: "1")
    collected(study, tmp_path / "j.sqlite", respondent)
    prompts = {said[-1]["content"] for _, said in respondent.asked}
    (opening,) = [p for p in prompts if "stance" not in p and p.startswith("Say how far")]
    assert "0 = not at all\n100 = entirely" in opening
    assert opening.endswith("Answer with one number from 0 to 100.")
    (signed,) = [p for p in prompts if p.startswith("Sharing harms")]
    assert "-3 = it helps\n3 = it harms" in signed
    assert signed.endswith("Answer with one number from -3 to 3.")
    (words,) = [p for p in prompts if "diary" in p]
    assert words == "Say in a few words what you would do.\n\nA friend's diary lies open."


def test_the_ceiling_of_an_item_in_words_is_its_own():
    from vaar.sessions.transcript import requests

    study = load_study(FOLDER / "social_value.yaml")
    session = replace(plan_sessions(study, ["r"], 1, seed=4)[0])
    ceilings = {request.turn: request.max_tokens for request in requests(study, session)}
    assert sorted(ceilings.values()) == [64, 64, 64, 120]
