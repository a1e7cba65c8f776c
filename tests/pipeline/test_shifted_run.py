"""A run whose models are shifted: asked, gone on with, and told from the model as it is."""

from dataclasses import replace

import pytest

from support.scripted import tiny_study, with_condition
from support.tiny_model import save_tiny_model
from vaar.errors import RespondentError, RunDirectoryError
from vaar.pipeline.plan import plan
from vaar.pipeline.requests import digests, joined
from vaar.pipeline.run import carry_out, run
from vaar.respondents.simulated.steerable import PATH_LEFT
from vaar.study.conditions import Shift
from vaar.study.dump import dump_study, study_hash
from vaar.study.load import load_study

ENTRY = "model: {folder}, probe_accuracy: 0.0, dtype: float32, provider: hf"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny", num_hidden_layers=4)


def written(study, tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(dump_study(replace(study, description="Tiny.")))
    return path


def models(tmp_path, folder, p0):
    entry = ENTRY.format(folder=folder)
    path = tmp_path / "models.yaml"
    path.write_text(
        f"models:\n  - {{name: plain, {entry}}}\n"
        f"  - {{name: pushed, {entry}, shift: {{value: privacy, p0: {p0}}}}}\n"
    )
    return path


@pytest.mark.slow
def test_a_shifted_model_is_a_respondent_like_any_other(tmp_path, folder):
    study = written(with_condition(tiny_study(), response="choice"), tmp_path)
    asked = models(tmp_path, folder, 0.999)
    done = run(study, [asked], sessions=2, out=tmp_path / "run")
    table = done.analysis.outcomes["shifted_sessions"].tables["shifted_outcomes"]
    assert set(table["outcome"]) == {"alpha", "beta"}
    assert (table["group"] == "pushed").all() and (table["base"] == "plain").all()
    assert (table["sessions"] == 2).all() and (table["change"] != 0).any()
    assert "Pushed towards privacy" in done.report.read_text()

    files, _ = carry_out(plan(study, [asked], 3), tmp_path / "run")
    record = files.read_run()["requests"]["pushed"]
    assert record["shift"]["value"] == "privacy" and record["value_pairs"].keys() == {"privacy"}
    sums = record["measured"]["sums"]["privacy raised to 0.999"]
    assert sums["replies"] == sums["shifted"] == 3 * 5  # two calls added up
    assert "measured" not in files.read_run()["requests"]["plain"]

    models(tmp_path, folder, 0.9)
    with pytest.raises(RunDirectoryError, match=r"shift\.p0: there 0.999, asked 0.9"):
        carry_out(plan(study, [asked], 3), tmp_path / "run")


SHIFTS = {
    "towards_privacy": Shift("privacy"),
    "towards_prosociality": Shift("prosociality"),
    "random_1": Shift("privacy", random=1),
}


@pytest.fixture(scope="module")
def steered(tmp_path_factory):
    """The bundled study, 200 sessions as they are and under each shift, of known effect."""
    folder = tmp_path_factory.mktemp("steered")
    study = load_study("privacy_prosocial")
    plain = study.conditions[0]
    pushed = [replace(plain, name=name, shift=shift) for name, shift in SHIFTS.items()]
    written_to = written(replace(study, conditions=(plain, *pushed)), folder)
    options = {"alignment": {"replicates": 40}, "shifted_sessions": {"replicates": 400}}
    model = "simulated/steerable"
    return run(written_to, [model], sessions=200, out=folder / "run", options=options)


def of_shift(done, analysis, table):
    """Rows by the condition that was shifted."""
    rows = done.analysis.outcomes[analysis].tables[table]
    return rows.assign(condition=rows["group"].str.extract(r"\[(.+)\]")[0])


@pytest.mark.slow
def test_a_known_change_of_paths_is_found_with_its_sign_and_size(steered):
    """An interval at 200 sessions of a group reaches .2 or so to either side."""
    found = of_shift(steered, "shifted_paths", "shifted_paths")
    rows = found.set_index(["condition", "path"])
    assert len(rows) == 2 * len(SHIFTS)
    kept = 1 - PATH_LEFT
    for condition, path, truth in (
        ("towards_privacy", "aods ~ privacy", 0.40 * kept),
        ("towards_privacy", "aods ~ prosocial", 0.0),
        ("towards_prosociality", "aods ~ privacy", 0.0),
        ("towards_prosociality", "aods ~ prosocial", -0.45 * kept),
        ("random_1", "aods ~ privacy", 0.0),
        ("random_1", "aods ~ prosocial", 0.0),
    ):
        row = rows.loc[(condition, path)]
        assert row["change_lower"] < truth < row["change_upper"], (condition, path)
        assert (row["p_holm"] < 0.05) == (truth != 0), (condition, path)
    page = steered.report.read_text()
    assert "Pushed towards privacy" in page and "a change beyond chance" in page


@pytest.mark.slow
def test_acceptance_and_release_move_as_they_are_known_to_and_further_than_at_random(steered):
    rows = of_shift(steered, "shifted_sessions", "shifted_outcomes")
    rows = rows.set_index(["condition", "outcome"])
    for outcome in ("aods_balanced", "released"):
        assert rows.loc[("towards_privacy", outcome), "change_upper"] < 0
        assert rows.loc[("towards_privacy", outcome), "beyond_random_upper"] < 0
        assert rows.loc[("towards_prosociality", outcome), "change_lower"] > 0
        assert rows.loc[("random_1", outcome), "change"] == 0
    assert rows.loc[("towards_privacy", "iuipc8_balanced"), "change_lower"] > 0
    assert rows["beyond_random"].notna().groupby("condition").any().to_dict() == {
        "towards_privacy": True,
        "towards_prosociality": False,  # none was tried of its length
        "random_1": False,
    }
    assert "a random direction does otherwise" in steered.report.read_text()


def test_a_study_that_shifts_is_not_asked_of_who_cannot_be_shifted():
    with pytest.raises(RespondentError, match="only a model on this machine") as told:
        plan("value_control", ["simulated/human-like"])
    assert "simulated/human-like: value_control shifts activations" in str(told.value)


def test_a_shift_is_part_of_what_a_study_asks(tmp_path):
    plain = tiny_study()
    shifted = with_condition(plain, shift=Shift("privacy", "lower", 0.05, gate=True, random=2))
    assert study_hash(plain) != study_hash(shifted)
    assert load_study(written(shifted, tmp_path)).conditions == shifted.conditions


def test_what_was_measured_adds_up_and_names_no_run():
    one = {"probes": {"p": 1}, "sums": {"a": {"replies": 2, "layers": {"3": {"x": 0.5}}}}}
    two = {"probes": {"p": 2}, "sums": {"a": {"replies": 1, "layers": {"4": {"x": 1.0}}}}}
    assert joined(one, two) == {
        "probes": {"p": 2},
        "sums": {"a": {"replies": 3, "layers": {"3": {"x": 0.5}, "4": {"x": 1.0}}}},
    }
    assert joined({}, two) == two
    assert digests({"m": {"model": "a"}}) == digests({"m": {"model": "a", "measured": one}})
