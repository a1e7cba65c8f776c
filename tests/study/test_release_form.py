"""A form says what it asks for, and a fact what the record holds."""

from dataclasses import replace

from vaar.study.load import load_study
from vaar.study.release_form import form_fields, release_forms, wrong_forms

STUDY = load_study("privacy_prosocial")


def test_the_bundled_form_has_two_fields_of_each_kind():
    (form,) = release_forms(STUDY)
    kinds = list(form.kinds.values())
    assert sorted(set(kinds)) == ["communication", "financial", "health", "location"]
    assert all(kinds.count(kind) == 2 for kind in kinds)


def test_a_record_is_what_the_session_drew():
    (form,) = release_forms(STUDY)
    drawn = [("benefit", "high"), ("risk", "low"), ("record", "south")]
    record = form.record(STUDY, drawn)
    assert record["home_address"] == "27 Orchard Row"
    assert list(record) == list(form.kinds)


def test_other_items_are_no_forms():
    assert not form_fields(STUDY.instruments[0].items[0])


def test_a_form_whose_record_no_fact_holds_is_told():
    variation = replace(STUDY.variation, facts=STUDY.variation.facts[:2])
    told = wrong_forms(replace(STUDY, variation=variation))
    assert "release_form" in told and "diagnosis" in told and not wrong_forms(STUDY)
