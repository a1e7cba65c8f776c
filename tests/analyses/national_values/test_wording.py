import pytest

from vaar.analyses.national_values.wording import verdict


def record(form="choice", agreement=0.6, first=0.5):
    figures = {"agreement": agreement, "consistency": 0.5, "undecided": 0.1, "first": first}
    ends = {f"{name}{end}": v for name, v in figures.items() for end in ("_lower", "_upper")}
    return {"form": form, **figures, **ends}


def test_choices_and_words_are_told_apart():
    assert verdict(record()).startswith("takes the statement in .60 [.60, .60] of its choices")
    assert "in words that take a side, which .10 do not" in verdict(record("free"))


@pytest.mark.parametrize(
    ("first", "place"), [(0.75, ""), (0.751, "first"), (0.25, ""), (0.249, "last")]
)
def test_who_follows_the_order_shows_no_agreement(first, place):
    said = verdict(record(first=first))
    assert (
        (f"what is listed {place}" in said and "no agreement" in said)
        if place
        else (said.startswith("takes the statement"))
    )
