import pandas as pd

from support.grouped import groups_of
from vaar.analyses.induction.headlines import headlines


def test_every_effect_of_an_assigned_value_is_offered_and_none_leads():
    row: dict[str, object] = {"group": "m (carried)", "assigned": "a", "instrument": "q"}
    row |= {"d": 0.4, "d_lower": 0.1, "d_upper": 0.7, "said": "followed"}
    (found,) = headlines(pd.DataFrame([row]), groups_of("m"))
    assert (found.value, found.lower, found.leading, found.words) == (0.4, 0.1, False, "followed")
    assert (found.facet, found.short) == ("carried, a on q", "a → q")
