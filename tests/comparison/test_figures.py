from dataclasses import replace

from support.compared import figure, reading, run_of
from vaar.comparison.figures import COLUMN, figures_table, runs_table, told_apart


def test_every_figure_stands_there_with_its_run_and_the_last_of_a_model_is_the_latest(study):
    early = run_of(study, "a", [figure("m", 0.1), figure("k", 0.2)])
    late = run_of(study, "b", [figure("m", 0.3, words="more", unit="degrees")])
    found = figures_table([early, late])
    assert found[["run", "respondent", "value"]].to_numpy().tolist() == [
        ["a", "m", 0.1],
        ["a", "k", 0.2],
        ["b", "m", 0.3],
    ]
    assert found["latest"].tolist() == [False, True, True]
    assert found["words"].tolist() == ["", "", "more"]
    assert found["unit"].tolist() == ["", "", "degrees"]


def test_figures_of_other_studies_or_options_have_another_definition(study):
    warmer = replace(study, temperature=0.2)
    runs = [
        run_of(study, "a", [reading(figure("m", 0.1), margin=1)]),
        run_of(warmer, "b", [reading(figure("m", 0.1), margin=1)]),
        run_of(study, "c", [reading(figure("m", 0.1), margin=2)]),
        run_of(replace(study, title="Other"), "d", [reading(figure("m", 0.1), margin=1)]),
    ]
    found = figures_table(runs)
    assert found["definition"].tolist() == [1, 2, 3, 1]
    assert found["latest"].tolist() == [False, True, True, True]


def test_measures_of_one_title_are_told_apart(study):
    other = replace(study, name="other", temperature=0.2)
    first = [
        figure("m", 0.1, title="mean", facet="fresh"),
        figure("m", 0.1, title="mean", facet="carried"),
        figure("m", 0.1, measure="vaar", title="VAAR"),
    ]
    runs = [
        run_of(study, "a", first),
        run_of(other, "b", [figure("m", 0.2, measure="vaar", title="VAAR")]),
        run_of(study, "c", [reading(figure("m", 0.2, measure="vaar", title="VAAR"), margin=9)]),
    ]
    found = figures_table(runs)
    names = told_apart(found)
    assert names.nunique() == len(found[COLUMN].drop_duplicates()) == 5
    assert names.tolist()[:2] == ["mean (fresh)", "mean (carried)"]
    assert names.tolist()[3] == "VAAR in other"


def test_the_runs_are_listed_with_how_many_models_they_asked(study):
    run = run_of(study, "a", [figure("m", 1), figure("m", 2, measure="b"), figure("k", 1)])
    found = runs_table([run]).iloc[0]
    assert (found["run"], found["study"], found["models"]) == ("a", "tiny", 2)


def test_a_study_under_another_name_has_the_same_measures(study):
    runs = [run_of(study, "a", [figure("m", 1)])]
    runs += [run_of(replace(study, name="copy"), "b", [figure("m", 1)])]
    assert told_apart(figures_table(runs)).tolist() == ["gap", "gap"]
