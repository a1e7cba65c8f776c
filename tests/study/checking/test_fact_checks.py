"""Facts, and the texts that name them, in a study spoilt in one place."""

import pytest

FACTS = (
    "variation:\n  facts:\n    - {fact: tier, levels: [free, paid], texts: {use: [kept, lost]}}\n"
)
WITH_FACTS = ("model: |\n", f"{FACTS}model: |\n")


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (("fact: tier", "fact: worry"), 'a fact is named "worry", as is an instrument'),
        (("fact: tier", "fact: persona"), 'a fact is named "persona"'),
        (("[free, paid]", "[free, free]"), 'the level "free" stands here twice'),
        (("use: [kept, lost]", "use: [kept]"), '"use" has 1 texts, and "tier" has 2 levels'),
        (("use: [kept, lost]", "tier: [kept, lost]"), 'the name "tier" stands for two things'),
        (
            ("text: I act.", 'text: "I act {tear}."'),
            'names {tear} (did you mean "tier"?)',
        ),
        (("Say how often.", "Say how often}."), "has a brace that belongs to no {name}"),
        (("    framing: You", "    system: On {teir}, you"), "names {teir}"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(problems, spoilt, said):
    (told,) = problems(WITH_FACTS, spoilt)
    line, message = told.split(": ", 1)
    assert line.isdecimal() and said in message


def test_without_facts_a_template_has_nothing_to_name(problems):
    (told,) = problems(("    framing: You", "    system: On {tier}, you"))
    assert "which is no fact of this study; there are none" in told


def test_without_facts_braces_are_braces(study_file):
    from vaar.study.load import load_study

    study = load_study(study_file(("text: I act.", 'text: "I act {so}."')))
    assert study.item["deeds_1"][0].text == "I act {so}."


def test_a_template_may_name_what_every_item_of_a_fresh_conversation_has(problems, study_file):
    from vaar.study.load import load_study

    fresh = ("name: carried\n    history: carried", "name: carried\n    history: fresh")
    named = ("item\n    framing: You", "item\n    system: On {rule}, you")
    first, second, third = (
        (f"text: {text}", f"facts: {{rule: a}}, text: {text}")
        for text in ("I worry.", "I am calm.", "I act.")
    )
    study = load_study(study_file(fresh, named, first, second, third))
    assert study.condition["carried"].history == "fresh"
    for spoilt in ((named, first, second, third), (fresh, named, first, second)):
        (told,) = problems(*spoilt)
        assert "names {rule}, which is no fact of this study" in told
