"""Models that are asked in the same way but for the temperature are one model at several."""

from dataclasses import replace

import pandas as pd
import pytest

from support.scored import coded, scored
from vaar.analyses.base import Coded, Work
from vaar.analyses.contrasts.analysis import _once_each
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.analyses.sensitivity.analysis import SensitivityAnalysis
from vaar.analyses.sensitivity.options import SensitivityOptions
from vaar.analyses.temperatures import differing
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.study.load import load_study


def http(model, temperature, **more):
    body = {"model": model, "max_tokens": 64} | more
    if temperature is not None:
        body["temperature"] = temperature
    return {"provider": "openai", "address": "https://a/v1", "body": body, "adaptations": []}


def test_one_model_at_several_temperatures_in_ascending_order():
    requests = {"hot": http("m", 1.0), "other": http("n", 0.2), "cold": http("m", 0.2)}
    assert list(differing(requests)) == [{"cold": "0.2", "hot": "1"}]


@pytest.mark.parametrize(
    "second",
    [
        http("n", 0.2),
        http("m", 1.0),
        http("m", None),
        http("m", 0.2, top_p=0.9),
        "of an earlier version",
    ],
)
def test_what_differs_otherwise_or_not_at_all_is_not_compared(second):
    assert list(differing({"one": http("m", 1.0), "two": second})) == []


def test_what_was_found_out_while_asking_does_not_set_them_apart():
    found = [{"field": "seed"}]
    local = {"provider": "hf", "model": "m", "temperature": 0.0}
    requests = {"one": http("m", 1.0), "two": http("m", 0.5) | {"adaptations": found}}
    requests |= {"three": local, "four": local | {"temperature": 0.7}}
    assert list(differing(requests)) == [
        {"two": "0.5", "one": "1"},
        {"three": "0", "four": "0.7"},
    ]


def test_a_model_at_several_temperatures_is_pooled_once():
    groups = groups_table([AskedGroup(n, n, "c", False) for n in ("hot", "cold", "other")], {}, [])
    asked = {"hot": http("m", 1.0), "cold": http("m", 0.2), "other": http("n", 1.0)}
    study = load_study("privacy_prosocial_published")
    data = Coded(study, pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), groups, requests=asked)
    assert list(_once_each(groups, data)["group"]) == ["hot", "other"]
    warm = replace(data, study=replace(study, temperature=0.7))
    assert list(_once_each(groups, warm)["group"]) == ["cold", "other"]


def test_temperatures_are_held_against_the_lowest():
    bundled = load_study("privacy_prosocial_published")
    groups = {
        "hot": scored(bundled, POPULATIONS["noisy"], range(80)),
        "cold": scored(bundled, POPULATIONS["human-like"], range(80, 160)),
        "apart": scored(bundled, POPULATIONS["human-like"], range(160, 240)),
    }
    requests = {"hot": http("m", 1.0), "cold": http("m", 0.2), "apart": http("n", 1.0)}
    data = replace(coded(bundled, groups), requests=requests)
    outcome = SensitivityAnalysis().run(data, SensitivityOptions(replicates=10), {}, Work())
    table = outcome.tables["sensitivity"]
    assert set(table["factor"]) == {"temperature"} and set(table["respondent"]) == {"cold"}
    assert set(table["reference"]) == {"0.2"} and set(table["level"]) == {"1"}
    assert set(table["n_level"]) == {80} and set(table["n_reference"]) == {80}
    means = {name: own["psa"].mean() for name, own in groups.items()}
    psa = table.loc[table["measure"] == "psa", "difference"].item()
    assert psa == pytest.approx(means["hot"] - means["cold"])
    assert table.loc[table["kind"].isin(["path", "vaar"]), "difference"].notna().all()
