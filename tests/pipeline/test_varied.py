"""A run whose sessions vary: its groups by factor, its covariates, its repeated personas."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest

import vaar
from vaar.errors import DataError
from vaar.pipeline import analyze as analysis_stage
from vaar.pipeline import plan as plan_stage
from vaar.pipeline import write_report as report_stage
from vaar.responses.table import SCHEMA, read_table
from vaar.study.model import Persona

QUICK = vaar.AnalysisOptions(replicates=15, subsamples=2)
ORDERS = (("iuipc8", "psa", "aods"), ("psa", "iuipc8", "aods"))
HOSTILE = "<script>alert(1)</script>"
PERSONAS = tuple(
    Persona(
        f"p{k}", (("age", str(20 + k % 50)), ("=town\u202e", ("here", HOSTILE, "there")[k % 3]))
    )
    for k in range(1, 61)
)


def _vary(sessions):
    return [
        replace(
            s,
            persona=PERSONAS[(s.replicate - 1) % len(PERSONAS)].id,
            order=ORDERS[s.replicate % 2],
            options=("ascending", "descending")[s.replicate // 2 % 2],
        )
        for s in sessions
    ]


def _with_factors(table, sessions):
    number = table["session"].to_pylist()
    by_number = {s.number: s for s in sessions}
    for name in ("replicate", "persona", "order", "items", "options", "wording"):
        if name in table.column_names:
            continue
        values = [getattr(by_number[n], name) for n in number]
        values = [" ".join(v) if isinstance(v, tuple) else v for v in values]
        table = table.append_column(name, pa.array(values))
    return table


@pytest.fixture(scope="module", autouse=True)
def varying():
    """Sessions that vary in persona, order and options, with the columns that say so."""
    plan, build = plan_stage.plan_sessions, analysis_stage.build_table
    load = analysis_stage.load_study
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_stage, "plan_sessions", lambda *a, **k: _vary(plan(*a, **k)))
        patch.setattr(
            analysis_stage, "build_table", lambda st, se, t: _with_factors(build(st, se, t), se)
        )
        for stage in (analysis_stage, report_stage):
            patch.setattr(stage, "load_study", lambda p: replace(load(p), personas=PERSONAS))
        yield


@pytest.fixture(scope="module")
def done(varying, tmp_path_factory):
    out = tmp_path_factory.mktemp("varied") / "r"
    models = ["simulated/human-like", "simulated/noisy"]
    vaar.run(models=models, sessions=120, out=out, options=QUICK)
    return out


@pytest.fixture
def run(done, tmp_path):
    """A copy of the run, to be analysed otherwise."""
    return shutil.copytree(done, tmp_path / "r")


def page_of(run):
    return vaar.write_report(run).read_text(encoding="utf-8")


def test_what_varied_is_described_and_shown(run):
    table = pd.read_csv(run / "profile_by_factor.csv")
    assert set(table["factor"]) == {"order", "options", "'=town\u202e"}
    counts = table.drop_duplicates(["factor", "level", "group"]).groupby(["factor", "group"])
    assert set(counts["n_sessions"].sum()) == {120}
    page = page_of(run)
    assert 'id="varied"' in page
    assert HOSTILE not in page and "\u202e" not in page
    assert "personas; standard errors from a bootstrap of whole personas" in page
    fit = json.loads((run / "fit.json").read_text())
    assert set(fit["bootstrap"]["personas"].values()) == {60}


@pytest.mark.slow
def test_groups_by_factor_are_fitted_labelled_and_can_be_taken_back(run):
    done = vaar.analyze(run, replace(QUICK, by=("order", "options")))
    assert len(done.vaar) == 8
    name = "simulated/noisy [order: psa iuipc8 aods, options: ascending]"
    assert set(done.vaar["group"]) >= {name} <= set(done.simulated)
    assert set(done.simulated) == set(done.vaar["group"]) == set(done.profile["group"])
    assert done.vaar.set_index("group").loc[name, "n_sessions"] == 30
    recorded = json.loads((run / "run.json").read_text())["respondents"]
    assert name in recorded[1]["groups"] and len(recorded[0]["groups"]) == 4
    assert set(read_table(run / "responses.parquet")["group"]) == {
        "simulated/human-like",
        "simulated/noisy",
    }
    page = page_of(run)
    assert "Of 8 groups" in page
    assert name in page
    assert "Groups are respondents split by" in page
    again = vaar.analyze(run, QUICK)
    assert len(again.vaar) == 2
    assert again.simulated == ("simulated/human-like", "simulated/noisy")


@pytest.mark.slow
def test_hostile_levels_make_groups_that_harm_no_page(run):
    done = vaar.analyze(run, replace(QUICK, by=("=town\u202e",)))
    assert len(done.vaar) == 6
    page = page_of(run)
    assert HOSTILE not in page and "\u202e" not in page


def test_paths_are_adjusted_and_the_report_says_for_what(run):
    done = vaar.analyze(run, replace(QUICK, covariates=("age", "options")))
    assert set(done.vaar["status"]) == {"estimated"}
    fit = json.loads((run / "fit.json").read_text())
    assert [one["name"] for one in fit["covariates"]] == ["age", "options"]
    assert fit["covariates"][1]["reference"] == "ascending"
    page = page_of(run)
    assert "is regressed on the covariates below" in page
    assert "descending: each against ascending" in page


def test_an_unknown_factor_is_refused_before_anything_is_rewritten(run):
    before = (run / "run.json").read_text()
    with pytest.raises(DataError, match=r"no factor 'mood'.*replicate, persona, order.*age"):
        vaar.analyze(run, replace(QUICK, by=("mood",)))
    assert (run / "run.json").read_text() == before


def test_what_is_refused_leaves_the_options_of_the_last_analysis(run):
    before = (run / "run.json").read_text()
    for options, words in (
        (replace(QUICK, by=("persona",)), "60 levels"),
        (replace(QUICK, by=("wording",)), "every session of this run has the same wording"),
        (replace(QUICK, covariates=("wording",)), "does not vary"),
    ):
        with pytest.raises(DataError, match=words):
            vaar.analyze(run, options)
        assert (run / "run.json").read_text() == before


@pytest.mark.slow
def test_people_need_the_covariate_too(run, tmp_path):
    responses = read_table(run / "responses.parquet")
    assert (
        not set(responses.columns)
        - set(SCHEMA.names)
        - {*("replicate", "persona", "order", "items", "options", "wording")}
    )
    wide = responses.pivot(index="session", columns="item", values="value")
    wide.to_csv(run / "human.csv", index=False)
    with pytest.raises(DataError, match=r"human\.csv: has no column age"):
        vaar.analyze(run, replace(QUICK, covariates=("age",)))
    wide.assign(age=[20 + k % 40 for k in range(len(wide))]).to_csv(run / "human.csv", index=False)
    done = vaar.analyze(run, replace(QUICK, covariates=("age",), by=("order",)))
    assert "human" in set(done.paths["group"])
    assert len(done.vaar) == 4
    assert page_of(run).count("human [") == 0
