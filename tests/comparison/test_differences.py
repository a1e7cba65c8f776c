from dataclasses import replace

from support.compared import figure, reading, run_of
from vaar.comparison.differences import facts_table, refusals, same_replies, served_otherwise


def test_a_fact_differs_where_another_run_has_it_otherwise(study):
    facts = {("", "seed"): "1", ("m", "provider"): "x", ("k", "provider"): "only here"}
    later = {("", "seed"): "1", ("m", "provider"): "y"}
    runs = [
        run_of(study, "a", [figure("m", 1), figure("k", 1)], facts=facts),
        run_of(study, "b", [figure("m", 1)], facts=later),
    ]
    found = facts_table(runs).set_index(["run", "of", "fact"])["differs"].to_dict()
    assert found == {
        ("a", "", "seed"): False,
        ("a", "m", "provider"): True,
        ("a", "k", "provider"): False,
        ("b", "", "seed"): False,
        ("b", "m", "provider"): True,
    }


def test_a_fact_that_another_run_lacks_differs(study):
    runs = [
        run_of(study, "a", [figure("m", 1)], facts={("", "coding rules"): "2"}),
        run_of(study, "b", [figure("m", 1)]),
    ]
    assert facts_table(runs)["differs"].tolist() == [True]


def test_what_cannot_be_compared_is_said_in_a_sentence(study):
    warmer, other = replace(study, temperature=0.1), replace(study, name="two", temperature=0.1)
    plain = run_of(study, "a", [reading(figure("m", 1), margin=1)])
    assert list(refusals([plain, run_of(warmer, "b", [figure("m", 1)])])) == [
        "a and b asked different versions of tiny: temperature differ, so that no figure of one is "
        "taken from the other's"
    ]
    (told,) = refusals([plain, run_of(other, "b", [figure("m", 1)])])
    assert told.startswith("a and b are of different studies (tiny, two): their models are matched")
    (told,) = refusals([plain, run_of(study, "b", [reading(figure("m", 1), margin=2)])])
    assert "figures of one are not held against each other" in told and "one.margin 1 and 2" in told


def test_runs_without_a_common_model_and_runs_alike_need_no_word(study):
    run = run_of(study, "a", [figure("m", 1)])
    assert not list(refusals([run, run_of(study, "b", [figure("m", 1)])]))
    warmer = replace(study, temperature=0.1)
    assert not list(refusals([run, run_of(warmer, "b", [figure("k", 1)])]))


def test_a_copy_is_told(study):
    runs = [
        run_of(study, name, [figure("m", 1)], state=s) for name, s in zip("abc", "xxy", strict=True)
    ]
    (told,) = same_replies(runs)
    assert told.startswith("a and b hold the same")


def test_a_name_that_another_model_answered_under_is_told(study):
    model = "model as the server names it"
    runs = [
        run_of(study, label, [figure("m", 1)], facts={("m", model): name, ("m", "seed"): label})
        for label, name in {"a": "m-1", "b": "m-2"}.items()
    ]
    assert list(served_otherwise(runs)) == [
        f"m is not the same in all runs; {model}: m-1 in a, m-2 in b"
    ]
    assert not list(served_otherwise(runs[:1]))
