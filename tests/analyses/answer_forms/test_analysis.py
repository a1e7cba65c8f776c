"""Words and forced answers of simulated respondents, through the whole pipeline."""

from dataclasses import replace

import pandas as pd
import pytest

import vaar
from support.outline import outline
from vaar.analyses.answer_forms.section import MUCH_OUTSIDE, forms_section
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.report.groups import Groups
from vaar.study.dump import dump_study
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The bundled study in words, by choice and under a schema: its directory."""
    folder = tmp_path_factory.mktemp("forms")
    study = load_study("privacy_prosocial")
    words = study.conditions[0]
    forced = [replace(words, name=form, response=form) for form in ("choice", "schema")]
    path = folder / "study.yaml"
    path.write_text(dump_study(replace(study, conditions=(words, *forced))))
    carry_out(plan(path, ["simulated/human-like"], sessions=60), folder / "run")
    vaar.analyze(folder / "run", only=["answer_forms"])
    return folder / "run"


@pytest.fixture(scope="module")
def tables(run):
    folder = run / "analyses" / "default" / "answer_forms"
    return {n: pd.read_csv(folder / f"{n}.csv") for n in ("forced_answers", "forms_compared")}


def test_what_was_left_out(tables):
    left_out = tables["forced_answers"]
    assert list(left_out["response"]) == ["choice"] * 3 + ["schema"] * 3
    choice, schema = left_out[:3], left_out[3:]
    assert (left_out["missing_rate"] == 0).all() and (left_out["asked"] > 0).all()
    assert (choice["drawn_rate"] == 1).all() and (schema["drawn_rate"] == 0).all()
    assert choice["outside_mean"].between(0.1, 0.3).all()  # words, labels, refusals
    assert schema["outside_mean"].isna().all()


def test_one_population_is_found_to_be_one(tables):
    """Means of simulated respondents differ by the draw alone, whatever the form."""
    compared = tables["forms_compared"]
    assert compared["n"].max() == 60
    assert set(compared["kind"]) == {"item", "scale"}
    outside = (compared["difference_lower"] > 0) | (compared["difference_upper"] < 0)
    assert outside.mean() < 0.15  # a twentieth is expected; items of a scale go together
    beyond = compared["distance"] > compared["distance_chance"]
    assert beyond.mean() < 0.15


def test_the_report_has_them(run):
    vaar.write_report(run)
    page = outline((run / "report.html").read_text(encoding="utf-8"))
    assert "Words and forced answers" in page.text
    assert "6 groups" not in page.text and "2 groups were given a forced choice" in page.text


def test_much_that_is_left_out_is_a_caution(tables):
    left_out = tables["forced_answers"]
    groups = Groups.of(
        pd.DataFrame(
            {
                "group": left_out["group"].unique(),
                "respondent": "m",
                "condition": "c",
                "levels": "{}",
                "simulated": False,
                "people": False,
            }
        )
    )

    def cautions(outside):
        changed = left_out.assign(outside_mean=outside)
        return forms_section({**tables, "forced_answers": changed}, groups).cautions

    assert cautions(MUCH_OUTSIDE) == ()
    (one,) = cautions(MUCH_OUTSIDE + 0.01)
    assert all(groups[str(name)].strong in one.text for name in left_out["group"].unique())
    assert "would have begun 51.0\u202f% of their replies" in one.text


def test_a_study_in_words_has_no_such_section(tmp_path):
    carry_out(plan(models=["simulated/noisy"], sessions=3), tmp_path / "run")
    done = vaar.analyze(tmp_path / "run", only=["answer_forms"])
    assert done.outcomes["answer_forms"].status == "done"
    assert [section.id for section in done.sections] == []
