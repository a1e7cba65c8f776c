"""From a user's table to the section: respondents whose agreement is known."""

from dataclasses import replace

import numpy as np
import pytest

from support.asked import asked
from vaar.analyses.base import Status, Work
from vaar.analyses.national_values.analysis import NationalValuesAnalysis
from vaar.analyses.national_values.options import NationalValuesOptions
from vaar.errors import StudyError
from vaar.report.groups import Groups
from vaar.respondents.simulated.choosers import CHOOSERS, Chooser
from vaar.respondents.simulated.choosing import ChoosingRespondent
from vaar.study.load import load_study

RULES = {
    "faithful": lambda choice: [1.0, *[0.0] * (len(choice.labels) - 1)],
    "always-first": CHOOSERS["always-first"].rule,
    "takes-statement": CHOOSERS["takes-statement"].rule,
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    study = load_study("national_values")
    respondents = [ChoosingRespondent(Chooser(n, "", rule), study) for n, rule in RULES.items()]
    return asked(study, respondents, 6, tmp_path_factory.mktemp("national"))


@pytest.fixture(scope="module")
def outcome(data):
    return NationalValuesAnalysis().run(data, NationalValuesOptions(replicates=300), {}, Work())


@pytest.fixture(scope="module")
def whole(outcome):
    table = outcome.tables["national_agreement"]
    return table[table["nation"].eq("all")].set_index("group")


def test_who_always_takes_the_first_agrees_by_half_and_is_never_consistent(whole):
    own = whole.loc["simulated/always-first [choosing]"]
    assert (own["agreement"], own["consistency"], own["first"]) == (0.5, 0, 1)


def test_who_takes_the_statement_agrees_and_is_consistent(whole):
    own = whole.loc["simulated/faithful [choosing]"]
    assert (own["agreement"], own["consistency"], own["first"]) == (1, 1, 0.5)
    assert own["undecided"] == 0


def test_a_known_agreement_is_found(whole):
    """16 items, six replies each."""
    own = whole.loc["simulated/takes-statement [choosing]"]
    assert abs(own["agreement"] - 0.7) < 3.5 * np.sqrt(0.7 * 0.3 / 96)
    assert own["complete"] == own["items"] == 16 and own["topics"] == 8


def test_who_says_nothing_in_words_is_mostly_undecided(whole):
    """Its one sentence shares some runs of characters with any statement by chance."""
    own = whole.loc["simulated/faithful [in_words]"]
    assert own["undecided"] >= 0.8 and own["consistency"] != own["consistency"]


def test_the_answer_is_in_words(outcome, data):
    section = NationalValuesAnalysis().section(outcome, Groups.of(data.groups), data.study)
    said = str(section.lead)
    assert "takes what is listed first (1.00 of its choices), which is no agreement" in said
    assert "takes the statement in 1.00 of its choices" in said
    assert section.figures and len(section.summary[-1].rows) == 6


def test_without_both_orders_there_is_no_agreement(data):
    answers = data.responses
    one = answers[answers["direction"].eq("ascending") & answers["condition"].eq("choosing")]
    found = NationalValuesAnalysis().run(
        replace(data, responses=one), NationalValuesOptions(replicates=10), {}, Work()
    )
    assert found.status is Status.NOT_ESTIMABLE
    section = NationalValuesAnalysis().section(found, Groups.of(data.groups), data.study)
    assert "so there is no agreement" in section.lead


HEADER = "id,group,source,topic,question,statement,reverse\n"


def test_a_table_of_ones_own_takes_the_place_of_the_example(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(HEADER + "uk_1,uk,quoted,tea,Milk first?,Milk comes first.,Tea comes first.\n")
    study = load_study("national_values", data=own)
    assert [item.code for item, _ in study.item.values()] == ["choice_uk_1", "free_uk_1"]
    assert NationalValuesAnalysis().applies(study) == ""
    ChoosingRespondent(CHOOSERS["takes-statement"], study)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,group,source,question,statement,reverse\n1,a,b,Q?,S,R\n", 'no column "topic"'),
        (HEADER + "1,a,b,,Q?,S,R\n", "has nothing under topic"),
        (HEADER + "1,a,b,c,Q?,,R\n", "has nothing under statement"),
    ],
)
def test_a_table_that_lacks_something_is_refused(tmp_path, text, said):
    own = tmp_path / "own.csv"
    own.write_text(text)
    with pytest.raises(StudyError, match=said):
        load_study("national_values", data=own)


def test_a_table_without_a_place_is_refused(tmp_path):
    with pytest.raises(StudyError, match="there is no file"):
        load_study("national_values", data=tmp_path / "none.csv")
    with pytest.raises(StudyError, match="takes no items from a table"):
        load_study("privacy_prosocial", data=tmp_path / "none.csv")
