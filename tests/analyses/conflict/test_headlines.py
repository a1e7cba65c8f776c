import pandas as pd

from support.grouped import groups_of
from vaar.analyses.conflict.headlines import headlines


def test_every_effect_is_offered_and_none_leads():
    row = {"group": "m (carried)", "effect": "risk", "outcome": "released"}
    (found,) = headlines(
        pd.DataFrame([row | {"estimate": -0.3, "lower": -0.5, "upper": -0.1}]), groups_of("m")
    )
    assert (found.value, found.lower, found.leading) == (-0.3, -0.5, False)
    assert found.facet == "carried, risk on released"
