import pandas as pd

from support.grouped import groups_of
from vaar.analyses.release.headlines import headlines


def test_the_whole_record_leads_and_kinds_of_data_follow():
    rows = [
        {"group": "m (carried)", "kind": kind, "given": 0.4, "lower": 0.3, "upper": 0.5}
        for kind in ("all", "health")
    ]
    whole, kind = headlines(pd.DataFrame(rows), groups_of("m"))
    assert (whole.measure, whole.value, whole.leading, whole.facet) == (
        "given",
        0.4,
        True,
        "carried",
    )
    assert (kind.measure, kind.facet, kind.leading) == ("given_of_kind", "carried, health", False)
