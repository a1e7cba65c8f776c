import numpy as np
import pandas as pd
import pytest

from vaar.analyses.social_value_orientation.trials import Task, trials


def answered(svo, primary, secondary, options, secondary_options):
    """One trial without an assigned value; options are numbered from 1."""
    codes = [one.code for one in (*primary, *secondary)]
    return pd.DataFrame(
        {
            **{"group": "g", "session": 1, "condition": "baseline", "facts": ""},
            **{"item": codes, "value": [*options, *secondary_options], "direction": "ascending"},
        }
    )


@pytest.mark.parametrize("further", [[1] * 9, [9] * 9, [5, 1, 9, 2, 8, 3, 7, 4, 6]])
def test_the_angle_is_that_of_the_primary_items_whatever_the_secondary_ones(
    svo, primary, secondary, further
):
    task = Task(svo, "value")
    (found,) = trials(answered(svo, primary, secondary, [1] * 6, further), task).to_dict("records")
    own = np.mean([one.own[0] for one in primary])
    other = np.mean([one.other[0] for one in primary])
    assert found["angle"] == pytest.approx(np.degrees(np.arctan2(other - 50, own - 50)))
    assert found["category"] == "prosocial" and found["value"] == ""


def test_a_trial_that_lacks_a_primary_item_has_no_angle(svo, primary, secondary):
    rows = answered(svo, primary, secondary, [1] * 6, [1] * 9).iloc[1:]
    (found,) = trials(rows, Task(svo, "value")).to_dict("records")
    assert np.isnan(found["angle"]) and found["category"] == ""
