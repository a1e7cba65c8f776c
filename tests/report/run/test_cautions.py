from __future__ import annotations

from markupsafe import Markup

from vaar.report.run.cautions import changed_models, changed_servers, simulated
from vaar.tables.text import without_marks


def test_only_respondents_of_which_several_models_answered_have_changed() -> None:
    reported = {"a": {"m-1": 5}, "b": {"m-1": 5, "<m>": 1}}
    (caution,) = changed_models(reported)
    said = Markup(caution.text).striptags()
    assert caution.label == "model changed"
    assert said.startswith("b answered as 2 models: m-1 (5 replies), <m> (1 replies).")
    assert not list(changed_models({}))


def test_some_or_all_are_simulated_or_nobody() -> None:
    (some,) = simulated(["a"], 2)
    assert some.text.startswith("1 of 2 respondents are simulated")
    (every,) = simulated(["a", "<b>"], 2)
    assert every.text.startswith("Every respondent") and "&lt;b&gt;" in every.text
    assert "No language model and no person was asked" in every.text
    (beside,) = simulated(["a"], 1, people=True)
    assert "No language model was asked" in beside.text and "no person" not in beside.text
    assert "People's answers come from the file that was given." in without_marks(beside.text)
    assert not list(simulated([], 2))


def test_a_change_of_provider_is_a_caution() -> None:
    (caution,) = changed_servers({"provider": {"m": {"One": 5, "<Two>": 1}}})
    assert caution.label == "provider changed"
    assert (
        Markup(caution.text)
        .striptags()
        .startswith("The provider that served m changed: One (5 replies), <Two> (1 replies).")
    )
