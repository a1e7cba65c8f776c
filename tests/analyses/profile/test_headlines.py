from dataclasses import replace

import pandas as pd

from support.grouped import groups_of
from vaar.analyses.profile.headlines import headlines

ROWS = pd.DataFrame(
    [
        {
            **{"group": "m (carried)", "instrument": "alpha", "scale": scale, "title": scale},
            **{"n": 4, "mean": 3.0, "ci_lower": 2.5, "ci_upper": 3.5},
        }
        for scale in ("alpha", "part")
    ]
)


def test_questionnaires_lead_and_subscales_follow(study):
    whole, part = headlines(ROWS, groups_of("m"), study)
    assert (whole.value, whole.lower, whole.upper, whole.leading) == (3.0, 2.5, 3.5, True)
    assert (part.facet, part.leading) == ("carried, part", False)


def test_a_questionnaire_that_the_condition_leaves_out_has_no_figure(study):
    assert not list(headlines(ROWS.assign(n=0), groups_of("m"), study))


def test_items_with_options_of_their_own_have_no_mean(study):
    first, second = study.instruments
    item = replace(first.items[0], scale=first.scale)
    choices = replace(study, instruments=(replace(first, items=(item,)), second))
    assert not list(headlines(ROWS, groups_of("m"), choices))
