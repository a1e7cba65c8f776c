import math

import pytest

from vaar.analyses.value_control.measured import fluency_table, layers_table, probes_table

LAYER = {
    **{"distance": 6.0, "stream": 60.0, "before": 1.5, "after": 2.85},
    **{"asked": 2.7, "writing": 4.0, "written": 8},
}
SUMS = {
    "none": {"replies": 2, "shifted": 0, "layers": {}, "tokens": 0, "log_probability": 0.0},
    "privacy raised to 0.95": {
        **{"replies": 4, "shifted": 3, "layers": {"7": LAYER}},
        **{"tokens": 10, "log_probability": -10 * math.log(4)},
    },
}
TOLD = {
    **{"layer": 7, "accuracy": 0.93, "auc": 0.97, "shuffled_accuracy": 0.5},
    **{"shuffled_auc": 0.48, "used": True},
}
PROBES = {
    "privacy": {
        **{"pairs": 104, "of_layers": 30, "layers": [TOLD]},
        "gate": {"layer": 7, "accuracy": 0.9, "auc": 0.95},
    }
}
REQUESTS = {"m": {"measured": {"probes": PROBES, "sums": SUMS}}, "other": {"model": "x"}}


def test_means_over_the_replies_that_were_shifted():
    row = layers_table(REQUESTS).iloc[0]
    assert (row["respondent"], row["layer"], row["replies"]) == ("m", 7, 3)
    assert row["distance"] == 2.0 and row["share_of_stream"] == pytest.approx(0.1)
    assert (row["before"], row["after"]) == pytest.approx((0.5, 0.95))
    assert (row["asked"], row["writing"]) == pytest.approx((0.9, 0.5))


def test_fluency_and_the_gate():
    table = fluency_table(REQUESTS).set_index("shift")
    assert table.loc["privacy raised to 0.95", "perplexity"] == pytest.approx(4.0)
    assert table.loc["privacy raised to 0.95", "shifted"] == 0.75
    assert table["perplexity"].isna().to_dict()["none"]


def test_probes_with_the_layer_of_the_gate():
    row = probes_table(REQUESTS).iloc[0]
    assert row["accuracy"] == 0.93 and row["gate_accuracy"] == 0.9 and row["used"]
    assert probes_table({}).empty and layers_table({}).empty and fluency_table({}).empty
