from dataclasses import replace

import pytest

from vaar.cli import console
from vaar.cli.views.plan import _few_personas, show_plan_table
from vaar.pipeline.plan import plan
from vaar.sessions.runner.budget import Caps
from vaar.study.load import load_study
from vaar.study.model import Persona

MODELS = """models:
  - {name: one, base_url: 'http://127.0.0.1:1/v1', price: {input: 2, output: 8}}
  - name: two
    base_url: http://127.0.0.1:1/v1
    price: {input: 2, output: 8}
    thinking_tokens: 500
"""


@pytest.fixture
def show(tmp_path, capsys):
    def go(caps=None, text=MODELS, models=()):
        path = tmp_path / "models.yaml"
        path.write_text(text)
        show_plan_table(plan(models=[path, *models], sessions=20), caps)
        return " ".join(capsys.readouterr().err.split())

    return go


def test_a_total_thoughts_and_the_most_there_can_be(show):
    told = show()
    assert " all 40 " in told
    assert "One question in 10 is expected to be asked again" in told
    assert "Thoughts of two are counted" in told
    assert "USD at most." in told


def test_caps_are_set_against_it(show):
    assert "The caps allow about" in show(Caps(cost=0.5))
    assert "evenly over the models" in show(Caps(tokens=1_000))
    assert "The caps allow the whole of it." in show(Caps(cost=1e6))
    assert "caps" not in show()


def test_an_unknown_price_is_no_sum(show):
    told = show(text=MODELS + "  - {name: three, base_url: 'http://127.0.0.1:1/v1'}\n")
    assert told.count("unknown") >= 2 and "Price unknown" in told


def test_simulated_respondents_cost_nothing_and_need_no_words(show, capsys):
    show_plan_table(plan(models=["simulated/noisy"], sessions=20))
    told = " ".join(capsys.readouterr().err.split())
    assert "0" in told and "asked again" not in told
    assert console.notes is not None


@pytest.mark.parametrize(("sessions", "told"), [(599, True), (600, False)])
def test_paths_within_cells_of_a_conflict_take_150_sessions_each(sessions, told, capsys):
    show_plan_table(plan(models=["simulated/human-like"], sessions=sessions))
    said = " ".join(capsys.readouterr().err.split())
    words = "Paths within the cells of benefit × risk take 150 sessions a cell, 600 a group"
    assert (words in said) is told


@pytest.mark.parametrize(
    ("personas", "sessions", "told"),
    [
        (0, 100, ""),
        (12, 240, "With fewer than 20 personas results hold for these alone"),
        (12, 12, "With fewer than 20 personas"),
        (20, 20, ""),
        (20, 100, "Where they repeat, fewer than 30 carry no headline"),
        (30, 100, ""),
        (200, 15, "15 sessions of 15 personas"),
    ],
)
def test_few_personas_are_told_before_they_cost_anything(personas, sessions, told):
    people = tuple(Persona(f"p{n}") for n in range(personas))
    study = replace(load_study("privacy_prosocial"), personas=people)
    found = _few_personas(study, sessions)
    assert told in found
    assert bool(found) == bool(told)
