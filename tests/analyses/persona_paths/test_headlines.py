import pandas as pd

from support.grouped import groups_of
from vaar.analyses.persona_paths.headlines import headlines


def test_a_path_has_a_figure_within_and_one_between_personas():
    row: dict[str, object] = {"group": "m (carried)", "path": "b ~ a", "why_not": ""}
    row |= {"std_estimate": 0.3, "lower": 0.1, "upper": 0.5}
    table = pd.DataFrame([row | {"level": level} for level in ("within", "between")])
    within, between = headlines(table, groups_of("m"))
    assert (within.measure, between.measure) == ("path_within", "path_between")
    assert within.title == "path b ~ a within personas" and within.facet == "carried, b ~ a"
    assert (within.value, within.upper, within.leading) == (0.3, 0.5, False)
