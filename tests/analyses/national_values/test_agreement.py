import numpy as np
import pandas as pd
import pytest

from vaar.analyses.national_values.agreement import agreement_table


def items(topics=12, of_each=4, seed=1):
    """Items whose agreement goes by their topic."""
    drawn = np.random.default_rng(seed).uniform(size=topics)
    return pd.DataFrame(
        [
            {
                "group": "g",
                "form": "choice",
                "nation": f"n{k % 2}",
                "source": ("quoted", "official")[k // 2 % 2],
                "topic": f"t{t}",
                "agreement": drawn[t],
                "consistency": 1.0,
                "undecided": 0.0,
                "first": 0.5,
            }
            for t in range(topics)
            for k in range(of_each)
        ]
    )


def test_whole_topics_are_resampled():
    table = items()
    own = agreement_table(table, 4000, 1).iloc[0]
    means = table.groupby("topic")["agreement"].first().to_numpy()
    alone = agreement_table(table.assign(topic=range(len(table))), 4000, 1).iloc[0]
    assert own["agreement"] == pytest.approx(means.mean())
    width = own["agreement_upper"] - own["agreement_lower"]
    assert width == pytest.approx(2 * 2.2 * means.std(ddof=1) / np.sqrt(12), rel=0.12)
    assert width > 1.8 * (alone["agreement_upper"] - alone["agreement_lower"])


def test_there_is_a_row_for_all_for_nations_and_for_their_sources():
    table = agreement_table(items(), 10, 1)
    assert table[["nation", "source"]].to_numpy().tolist() == [
        ["all", "all"],
        *([f"n{k}", s] for k in range(2) for s in ("all", "quoted", "official")),
    ]
    assert table["items"].tolist() == [48, 24, 12, 12, 24, 12, 12]


def test_one_topic_has_no_interval():
    own = agreement_table(items(topics=1), 100, 1).iloc[0]
    assert np.isnan(own["agreement_lower"]) and own["topics"] == 1
