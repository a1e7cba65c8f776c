from __future__ import annotations

from support.made_up_run import MadeUp
from support.outline import outline
from vaar.report.fragment import fragment
from vaar.report.section import Caution, Prose, Section


def test_a_fragment_says_what_was_found_with_picture_and_table(made: MadeUp) -> None:
    html = fragment("Run", (made.profiles(), made.alignment()), (), "a")
    said = outline(html)
    assert "Of 6 models, 5 could be estimated" in said.text
    assert len(said.named("svg")) == 1 and len(said.named("table")) == 2
    assert said.text.index("Of 6 models") < said.text.index("6 groups answered")


def test_cautions_come_first_and_once() -> None:
    caution = Caution("simulated", "No model was asked.")
    section = Section("one", "One", "Lead.", (), cautions=(caution,), first=(Prose("x"),))
    html = fragment("Run", (section,), (caution,), "a")
    assert html.count("No model was asked.") == 1
    assert html.index("SIMULATED") < html.index("Lead.")


def test_two_fragments_share_no_id(made: MadeUp) -> None:
    both = [fragment("Run", (made.alignment(),), (), key) for key in ("a", "b")]
    ids = [[a["id"] for _, a in outline(html).elements if "id" in a] for html in both]
    assert ids[0] and not set(ids[0]) & set(ids[1])


def test_nothing_outside_is_styled_and_hostile_text_is_dead(hostile: MadeUp) -> None:
    html = fragment("<b>", (hostile.alignment(),), (), "a")
    style = html.split("<style>")[1].split("</style>")[0]
    assert all(rule.strip().startswith(".vaar ") for rule in style.split("}") if rule.strip())
    assert "<script" not in html and "\u202e" not in html and "<h3>&lt;b&gt;</h3>" in html
