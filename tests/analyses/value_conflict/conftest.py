import pytest

from support.asked import asked
from vaar.analyses.base import Work
from vaar.analyses.value_conflict.analysis import ValueConflictAnalysis
from vaar.analyses.value_conflict.options import ValueConflictOptions
from vaar.respondents.simulated.choosers import CHOOSERS, Chooser
from vaar.respondents.simulated.choosing import ChoosingRespondent
from vaar.study.load import load_study


@pytest.fixture(scope="package")
def conflict():
    return load_study("value_conflict")


def always(choice):
    return [1.0, *[0.0] * (len(choice.labels) - 1)]


def only_if_monitored(choice):
    """Complies where what is said may train it and has a consequence."""
    watched = CHOOSERS["complies-when-watched"].rule(choice)[0] > 0.5
    return [1.0, 0.0] if watched and len(choice.labels) == 2 else [0.0, *always(choice)[:-1]]


RULES = {
    "always": always,
    "only-if-monitored": only_if_monitored,
    "always-first": CHOOSERS["always-first"].rule,
    "complies-when-watched": CHOOSERS["complies-when-watched"].rule,
}


@pytest.fixture(scope="package")
def data(conflict, tmp_path_factory):
    respondents = [ChoosingRespondent(Chooser(n, "", rule), conflict) for n, rule in RULES.items()]
    return asked(conflict, respondents, 4, tmp_path_factory.mktemp("conflict"))


@pytest.fixture(scope="package")
def outcome(data):
    return ValueConflictAnalysis().run(data, ValueConflictOptions(replicates=400), {}, Work())
