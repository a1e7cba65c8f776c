import pandas as pd
import pytest

from support.grouped import groups_of
from vaar.analyses.shifted_sessions.paths_section import how_sure, paths_section
from vaar.analyses.shifted_sessions.tables import PATHS

ROW = {
    **{"group": "m [pushed]", "base": "m [plain]", "shift": "towards privacy"},
    **{"path": "aods ~ privacy", "unshifted": -0.4, "shifted": -0.1, "change": 0.3},
    **{"change_lower": 0.1, "change_upper": 0.5, "p": 0.01, "p_holm": 0.02},
}
GROUPS = groups_of("m [plain]", "m [pushed]")
UNTOLD = {
    "untold": [
        {
            "base": "m [plain]",
            "shift": "towards privacy",
            "group": "m [pushed]",
            "why": "it copies.",
        }
    ]
}


@pytest.mark.parametrize(
    ("p", "p_holm", "said"),
    [
        (0.01, 0.04, "a change beyond chance"),
        (0.03, 0.06, "may be chance, as it is one of several"),
        (0.3, 0.6, "no change that can be told from chance"),
    ],
)
def test_how_sure_a_change_is(p, p_holm, said):
    assert said in how_sure({"p": p, "p_holm": p_holm})


def test_the_answer_comes_in_words_with_a_picture_and_a_table():
    section = paths_section(pd.DataFrame([ROW]), {}, GROUPS)
    assert (
        "of −.10, −.40 without the shift: a change beyond chance (.30 [.10, .50])" in section.lead
    )
    assert len(section.figures) == 1 and len(section.blocks) == 2 and not section.cautions
    assert section.summary[0].text.startswith("Pushed towards privacy, m [plain]")


def test_why_nothing_can_be_told_is_said_without_a_table():
    section = paths_section(PATHS.of({}), UNTOLD, GROUPS)
    said = section.summary[0].text
    assert said.startswith("Whether paths change when m [plain] is pushed towards privacy cannot")
    assert said.endswith("m [pushed] has none, as it copies.")
    assert section.blocks == ()


def test_what_qualifies_a_change_stands_at_the_top():
    record = {"comparable": False, "flags": {"m [pushed]": "poor fit"}}
    section = paths_section(pd.DataFrame([ROW]), record, GROUPS)
    told = [one.text for one in section.cautions]
    assert "Equal loadings are not tenable" in told[0] and "m [pushed]" in told[1]
    assert not paths_section(PATHS.of({}), {"comparable": False}, GROUPS).cautions
