import pandas as pd
import pytest

from support.grouped import groups_of
from vaar.analyses.order_effect import PULLED
from vaar.analyses.value_control.headlines import headlines


def arm(name: str, kind: str, order_effect: float = 0.0) -> dict[str, object]:
    row: dict[str, object] = {"respondent": "m", "value": "privacy", "kind": kind, "arm": name}
    return row | {
        "change": 0.2,
        "change_lower": 0.1,
        "change_upper": 0.3,
        "order_effect": order_effect,
    }


def test_the_change_of_dilemmas_under_the_shift_leads_and_the_model_as_it_is_has_none():
    rows = [arm("none", "dilemmas"), arm("shift", "dilemmas"), arm("shift", "stated")]
    found = list(headlines(pd.DataFrame([*rows, arm("random", "dilemmas")]), groups_of("m")))
    assert [h.leading for h in found] == [True, False, False]
    assert len({(h.measure, h.facet) for h in found}) == 3
    first = found[0]
    assert (first.value, first.lower, first.short) == (0.2, 0.1, "privacy dilemmas: shift")
    assert first.words == "a change of .20 [.10, .30]"


@pytest.mark.parametrize(
    ("effect", "flaw"),
    [
        (PULLED, ""),
        (PULLED + 0.01, "it takes what is listed first"),
        (-PULLED - 0.01, "it takes what is listed last"),
    ],
)
def test_a_change_under_answers_that_follow_the_order_has_a_flaw(effect, flaw):
    rows = pd.DataFrame([arm("shift", "dilemmas", effect)])
    (found,) = headlines(rows, groups_of("m"))
    assert found.flaw == flaw
