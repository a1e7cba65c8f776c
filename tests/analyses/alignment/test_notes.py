import vaar.sem as sem
from vaar.analyses.alignment import notes
from vaar.analyses.notes import in_words

IMPROPER = sem.Outcome.INADMISSIBLE


def test_notes_are_joined_in_words_and_keep_their_facts():
    given = [notes.inadmissible(IMPROPER), notes.bootstrap_errors()]
    assert in_words(given) == f"{IMPROPER}; standard errors from the bootstrap"
    assert in_words([]) == ""
    assert notes.few_replicates(0.2 + 0.1).to_json() == {
        "kind": "few_replicates",
        "text": "only 30% of its bootstrap replicates could be fitted",
        "fitted": 0.2 + 0.1,
    }


def test_repeated_personas_say_where_their_errors_come_from():
    told = notes.personas_repeat(130, bootstrapped=True, few=False)
    assert told.text.endswith("130 personas; standard errors from a bootstrap of whole personas")
    told = notes.personas_repeat(30, bootstrapped=True, few=True)
    assert told.text.endswith("30 personas; standard errors from leaving out each of them in turn")
    independent = notes.personas_repeat(30, bootstrapped=False, few=True)
    assert "take them as independent" in independent.text


def test_one_session_is_no_plural():
    assert notes.straight_lined(1).text.startswith("1 session gave")
    assert notes.straight_lined(1).text.endswith("and is left out")
    assert notes.straight_lined(1200).text.startswith("1,200 sessions gave")
    assert notes.repeated(1).text.startswith("1 session is another one")
    assert notes.constant_one_way(1).text.endswith("it is kept")
