"""A release form: an item, answered in words, that asks for single fields of a record.

Its facts say so: ``form: release``, and for every field what kind of data it is. What the record
holds in a session is drawn with a fact of the study, of which the fields are further texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vaar.study.facts import Drawn, fact_values
from vaar.study.model import Item, Study

FORM = "form"
RELEASE = "release"


@dataclass(frozen=True)
class ReleaseForm:
    """One form of a study.

    Attributes
    ----------
    item : str
        Code of its item.
    kinds : mapping of str to str
        The kind of data of each field.
    """

    item: str
    kinds: Mapping[str, str]

    def record(self, study: Study, drawn: Drawn) -> dict[str, str]:
        """What the record of a session holds in each field."""
        values = fact_values(study.variation.facts, drawn)
        return {field: values[field] for field in self.kinds}


def release_forms(study: Study) -> Iterator[ReleaseForm]:
    """The release forms of a study."""
    for instrument in study.instruments:
        for item in instrument.items:
            if fields := form_fields(item):
                yield ReleaseForm(item.code, fields)


def form_fields(item: Item) -> dict[str, str]:
    """The fields of an item's form with their kinds; empty where it is none."""
    facts = dict(item.facts)
    if item.kind != "text" or facts.pop(FORM, None) != RELEASE:
        return {}
    return facts


def wrong_forms(study: Study) -> str:
    """What is wrong with the forms of a study; empty where nothing is."""
    names = {name for fact in study.variation.facts for name in fact.names}
    for form in release_forms(study):
        if absent := [field for field in form.kinds if field not in names]:
            return (
                f"the form {form.item} has the fields {', '.join(absent)}, and no fact of the "
                "study says what the record holds there"
            )
    return ""
