"""A form says which fields it gives, or nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.coding.answer import Reason
from vaar.coding.form import Entry, code_form

RECORD = {
    "diagnosis": "type 2 diabetes",
    "home_address": "14 Quarry Lane",
    "phone_number": "555 0142 871",
    "monthly_income": "2,340 crowns",
}
G, C, W = Entry.GIVEN, Entry.CHANGED, Entry.WITHHELD


def entries(**said):
    coded = code_form(json.dumps(said), RECORD)
    assert isinstance(coded, dict)
    return list(coded.values())


@pytest.mark.parametrize(
    "wrapped",
    [
        "{}",
        "```json\n{}\n```",
        "Here is my form:\n\n{}\n\nThank you.",
        '<think>{{"diagnosis": "type 2 diabetes"}}</think>{}',
        "[{}]",
        '{{"form": {}}}',
    ],
)
def test_the_object_is_found_wherever_it_stands(wrapped):
    form = json.dumps({"diagnosis": None, "home_address": "14 Quarry Lane"})
    assert code_form(wrapped.format(form), RECORD) == dict(zip(RECORD, (W, G, W, W), strict=True))


@pytest.mark.parametrize(
    ("content", "entry"),
    [
        ("type 2 diabetes", G),
        ("Type 2 Diabetes.", G),
        ("I have type 2 diabetes", G),
        ("diabetes", C),
        ("good health", C),
        ("type 22 diabetes", C),
        (None, W),
        (False, W),
        ("", W),
        ("null", W),
        ("[WITHHELD]", W),
        ("N/A", W),
        ("Prefer not to say", W),
        ("-", W),
        ([], W),
    ],
)
def test_a_content_is_given_changed_or_withheld(content, entry):
    assert entries(diagnosis=content)[0] is entry


@pytest.mark.parametrize(
    ("content", "entry"),
    [
        ("2340", G),
        (2340, G),
        ("2340 crowns", G),
        ("2,340", G),
        (2300, C),
        ("about 2,000", C),
        (2, C),
    ],
)
def test_a_number_is_given_without_its_unit(content, entry):
    assert entries(monthly_income=content)[3] is entry


def test_two_digits_in_common_tell_nothing():
    assert entries(home_address="14")[1] is C


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("<think>I would give", Reason.TRUNCATED),
        ('{"diagnosis": "type 2 diabetes", "home', Reason.UNPARSEABLE),
        ('{"diagnosis": true}', Reason.UNPARSEABLE),
        ('{"diagnosis": "yes"}', Reason.UNPARSEABLE),
        ('{"diagnosis": null, "diagnosis": "type 2 diabetes"}', Reason.UNPARSEABLE),
        ("{}", Reason.UNPARSEABLE),
        ('{"name": "x"}', Reason.UNPARSEABLE),
        ("I will release everything.", Reason.UNPARSEABLE),
        ("I'd rather not answer this question.", Reason.REFUSED),
        ('{"diagnosis": null}' + " " * 20_001, Reason.UNPARSEABLE),
    ],
)
def test_what_says_nothing_has_a_reason(reply, reason):
    assert code_form(reply, RECORD) is reason


def test_a_field_left_out_is_withheld():
    assert entries(phone_number="555-0142-871") == [W, W, G, W]


@given(st.text(max_size=200))
def test_no_text_raises(text):
    coded = code_form(text, RECORD)
    assert isinstance(coded, Reason) or list(coded) == list(RECORD)


@given(st.sets(st.sampled_from(sorted(RECORD))))
def test_what_is_written_from_the_record_is_given(chosen):
    form = {field: RECORD[field] if field in chosen else None for field in RECORD}
    coded = code_form(json.dumps(form), RECORD)
    assert coded == {field: G if field in chosen else W for field in RECORD}
