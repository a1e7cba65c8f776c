"""A rate of the first definition is replaced with a word, and only then."""

import pandas as pd

from vaar.pipeline.results.redefined import CHANGED, meaning_changed
from vaar.pipeline.rundir import RunDirectory


def stored(run, place, **columns):
    path = run / place / "vaar.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame({"group": ["m"], "vaar": [0.9], **columns}).to_csv(path, index=False)


def test_an_earlier_rate_is_told_wherever_it_lies(tmp_path):
    files = RunDirectory(tmp_path)
    assert meaning_changed(files, "default") == ""
    stored(tmp_path, ".")
    assert meaning_changed(files, "default") == CHANGED
    assert meaning_changed(files, "robust") == ""
    stored(tmp_path, "analyses/robust/alignment")
    assert meaning_changed(files, "robust") == CHANGED


def test_a_rate_of_today_is_not(tmp_path):
    stored(tmp_path, ".")
    stored(tmp_path, "analyses/default/alignment", definition=[2])
    assert meaning_changed(RunDirectory(tmp_path), "default") == ""
