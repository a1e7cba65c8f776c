"""A run whose sessions vary: its groups by factor, its covariates, its repeated personas."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import vaar
from vaar.analyses.groups import levels_of
from vaar.coding.rules import RULES_VERSION
from vaar.errors import DataError, OptionError
from vaar.responses.table import read_table
from vaar.study.dump import dump_study
from vaar.study.load import load_study
from vaar.study.model import Persona, Variation

QUICK = vaar.AnalysisOptions(replicates=10, subsamples=2)
PATHS = ["profile", "alignment"]
HOSTILE = "<script>alert(1)</script>"
TOWNS = ("=here", HOSTILE, "there\u202e")
PERSONAS = tuple(
    Persona(f"p{k}", (("age", str(20 + k % 50)), ("town", TOWNS[k % 3]))) for k in range(1, 61)
)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("varied")
    study = replace(
        load_study("privacy_prosocial_published"),
        variation=Variation(
            order="counterbalanced",
            items="shuffled",
            options="alternating",
            persona_text="You are {age} years old.",
        ),
        personas=PERSONAS,
    )
    (folder / "study.yaml").write_text(dump_study(study), encoding="utf-8")
    models = ["simulated/human-like", "simulated/noisy"]
    vaar.run(folder / "study.yaml", models, sessions=120, out=folder / "r", options=QUICK)
    return folder / "r"


@pytest.fixture
def run(done, tmp_path):
    """A copy of the run, to be analysed otherwise."""
    return shutil.copytree(done, tmp_path / "r")


def record_of(run):
    path = run / "analyses" / "default" / "alignment" / "record.json"
    return json.loads(path.read_text(encoding="utf-8"))


def stored(run):
    return {p.relative_to(run): p.read_bytes() for p in run.rglob("*") if p.is_file()}


def page_of(run):
    return vaar.write_report(run).read_text(encoding="utf-8")


def test_what_varied_is_described_and_shown(run):
    table = pd.read_csv(run / "profile_by_factor.csv")
    assert set(table["factor"]) == {"order", "options", "town"}
    counts = table.drop_duplicates(["factor", "level", "group"]).groupby(["factor", "group"])
    assert set(counts["n_sessions"].sum()) == {120}
    page = page_of(run)
    assert 'id="profiles-varied"' in page
    assert "In 240 sessions the items of each questionnaire came in an order drawn" in page
    assert HOSTILE not in page and "\u202e" not in page
    assert "personas; standard errors from leaving out each of them in turn" in page
    fit = record_of(run)
    assert set(fit["bootstrap"]["personas"].values()) == {60}
    levels = pd.read_csv(run / "persona_paths.csv")
    assert len(levels) == 8 and set(levels["n_personas"]) == {60}
    assert levels["std_se"].notna().to_numpy().tolist() == levels["why_not"].isna().tolist()
    assert 'id="persona-paths"' in page and "have no residuals between personas" in page


@pytest.mark.slow
def test_groups_by_factor_are_fitted_labelled_and_can_be_taken_back(run):
    done = vaar.analyze(run, replace(QUICK, by=("town",)), only=PATHS)
    assert len(done.vaar) == 6
    name = "simulated/noisy [town: =here]"
    assert set(done.vaar["group"]) >= {name} <= set(done.simulated)
    assert set(done.simulated) == set(done.vaar["group"]) == set(done.profile["group"])
    assert done.vaar["n_sessions"].sum() == 240
    groups = pd.read_csv(run / "groups.csv").set_index("group")
    assert levels_of(str(groups.loc[name, "levels"])) == {"town": "=here"}
    assert groups["respondent"].value_counts().to_dict() == {
        "simulated/human-like": 3,
        "simulated/noisy": 3,
    }
    assert set(read_table(run / "responses.parquet")["group"]) == {
        "simulated/human-like",
        "simulated/noisy",
    }
    page = page_of(run)
    assert "Of 6 groups" in page
    assert name in page
    assert HOSTILE not in page and "\u202e" not in page
    assert "Groups are respondents split by" in page
    again = vaar.analyze(run, QUICK, only=PATHS)
    assert len(again.vaar) == 2
    assert again.simulated == ("simulated/human-like", "simulated/noisy")


def test_paths_are_adjusted_and_the_report_says_for_what(run):
    done = vaar.analyze(run, replace(QUICK, covariates=("age", "options")), only=PATHS)
    assert set(done.vaar["status"]) == {"estimated"}
    fit = record_of(run)
    assert [one["name"] for one in fit["covariates"]] == ["age", "options"]
    assert fit["covariates"][1]["reference"] == "ascending"
    page = page_of(run)
    assert "is regressed on the covariates below" in page
    assert "descending: each against ascending" in page


def test_an_unknown_factor_is_refused_before_anything_is_rewritten(run):
    before = stored(run)
    with pytest.raises(DataError, match=r"no factor 'mood'.*replicate, persona, order.*age, town"):
        vaar.analyze(run, replace(QUICK, by=("mood",)))
    assert stored(run) == before


def test_what_is_refused_leaves_the_last_analysis_as_it_was(run):
    before = stored(run)
    for options, words in (
        (replace(QUICK, by=("persona",)), "60 levels"),
        (replace(QUICK, by=("wording",)), "every session of this run has the same wording"),
        (replace(QUICK, covariates=("wording",)), "does not vary"),
    ):
        with pytest.raises(DataError, match=words):
            vaar.analyze(run, options)
        assert stored(run) == before


@pytest.mark.slow
def test_answers_that_other_rules_had_coded_otherwise_are_counted(run):
    path = run / "responses.parquet"
    table = pq.read_table(path)
    values, reasons = table["value"].to_pylist(), table["reason"].to_pylist()
    had = next(k for k, value in enumerate(values) if value == 4)
    values[had] = 3
    had_not = next(k for k, value in enumerate(values) if value is None)
    values[had_not], reasons[had_not] = 1, None
    for name, column in (("value", values), ("reason", reasons)):
        place = table.column_names.index(name)
        table = table.set_column(
            place, table.schema.field(name), pa.array(column, table[name].type)
        )
    pq.write_table(table.replace_schema_metadata({}), path)

    analyzed = vaar.analyze(run, only=["profile"])
    assert analyzed.recoded == (
        f"The replies were coded by rules {RULES_VERSION}, before by rules 1: 2 of {len(values):,} "
        "answers changed (1 lost their value, 0 gained one, 1 have another, 0 are missing for "
        "another reason)."
    )
    manifest = json.loads((run / "analyses" / "default" / "analysis.json").read_text("utf-8"))
    assert manifest["coding_rules"] == RULES_VERSION
    assert manifest["recoded"]["moved"] == manifest["recoded"]["lost"] == 1
    assert vaar.analyze(run, only=["profile"]).recoded == ""


def test_the_rules_of_coding_are_stored_with_the_run(run):
    assert json.loads((run / "run.json").read_text("utf-8"))["coding_rules"] == RULES_VERSION


def test_people_need_the_covariate_too(run, tmp_path):
    responses = read_table(run / "responses.parquet")
    wide = responses.pivot(index="session", columns="item", values="value")
    wide.to_csv(run / "human.csv", index=False)
    with pytest.raises(DataError, match=r"human\.csv: has no column age"):
        vaar.analyze(run, replace(QUICK, covariates=("age",)))
    wide.assign(age=[20 + k % 40 for k in range(len(wide))]).to_csv(run / "human.csv", index=False)
    done = vaar.analyze(run, replace(QUICK, covariates=("age",), by=("options",)), only=PATHS)
    assert "human" in set(done.paths["group"])
    assert len(done.vaar) == 4
    assert "human [" not in page_of(run)


def with_analyses(tmp_path, analyses):
    miniature = Path(__file__).parents[1] / "data/miniatures/value_conflict.yaml"
    text = miniature.read_text(encoding="utf-8")
    (tmp_path / "study.yaml").write_text(f"{text}analyses: {analyses}\n", encoding="utf-8")
    return tmp_path / "study.yaml"


def test_what_the_study_says_of_analyses_holds_until_options_are_given(tmp_path):
    study = with_analyses(tmp_path, "{groups: {by: [tier]}}")
    model, out = "simulated/human-like", tmp_path / "r"
    done = vaar.run(study, [model], sessions=4, out=out)
    assert len(done.analysis.groups) == 6, "three conditions at two tiers"
    assert len(vaar.analyze(out, {"groups": {"by": []}}).groups) == 3
    assert len(vaar.analyze(out).groups) == 3, "as in the last analysis"
    assert len(vaar.analyze(out, defaults=True).groups) == 6


def test_what_the_study_says_of_no_analysis_is_refused_before_asking(tmp_path):
    for wrong, words in (("{aliment: {a: 1}}", "'aliment'"), ("{alignment: {a: 1}}", "option 'a'")):
        with pytest.raises(OptionError, match=words):
            vaar.run(
                with_analyses(tmp_path, wrong), ["simulated/noisy"], sessions=2, out=tmp_path / "r"
            )
    assert not (tmp_path / "r/journal.sqlite").exists()
