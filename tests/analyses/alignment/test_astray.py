"""Data that would lead astray end in words a layman understands, and in no rank."""

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.analysis import AlignmentAnalysis
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.base import Coded, Work
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.errors import DataError
from vaar.report.groups import Groups
from vaar.report.html import render_all
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.populations import KNOWN
from vaar.scoring.design_factors import design_factors
from vaar.tables.text import without_marks

QUICK = AlignmentOptions(replicates=40, subsamples=2)
N = 150


@pytest.fixture(scope="module")
def sessions(bundled):
    """Keyed answers and scale scores of one group."""

    def of(population, n=N, start=0, **more):
        values = answers(KNOWN[population], bundled, range(start, start + n))
        coded = [(part, item) for part in bundled.instruments for item in part.coded_items]
        keyed = pd.DataFrame(values, columns=[item.code for _, item in coded]).astype(float)
        for part, item in coded:
            if item.keying == -1:
                keyed[item.code] = sum(part.scale_of(item).range) - keyed[item.code]
        return with_scales(keyed, bundled).assign(**more)

    return of


def with_scales(keyed, study):
    scales = [scale for part in study.instruments for scale in part.subscales]
    return keyed.assign(**{s.code: keyed[list(s.items)].mean(axis=1) for s in scales})


@pytest.fixture(scope="module")
def shown(bundled):
    """The section of the report and the table of rates for these groups."""

    def of(**groups):
        scores = pd.concat(
            [rows.assign(group=name.replace("_", "-")) for name, rows in groups.items()],
            ignore_index=True,
        )
        names = list(dict.fromkeys(scores["group"]))
        asked = [AskedGroup(name, name, "carried", False) for name in names if name != "human"]
        about = groups_table(asked, {}, ["human"] if "human" in names else [])
        scores = scores.assign(session=range(len(scores)))
        data = Coded(bundled, pd.DataFrame(), scores, design_factors(scores, bundled), about)
        analysis = AlignmentAnalysis()
        outcome = analysis.run(data, QUICK, {}, Work())
        section = analysis.section(outcome, Groups.of(about), bundled)
        said = without_marks(render_all(section.blocks, "x"))
        cautions = " ".join(f"{c.label}: {without_marks(c.text)}" for c in section.cautions)
        return (
            outcome.tables["vaar"].set_index("group"),
            without_marks(section.lead),
            cautions,
            said,
        )

    return of


def test_people_whose_outcome_is_reversed(sessions, shown, bundled):
    people = sessions("human-like", 200, start=10**6)
    outcome = [item.code for item in bundled.instruments[-1].coded_items]
    scale = bundled.instruments[-1].scale
    people[outcome] = scale.first + scale.last - people[outcome]
    people = with_scales(people, bundled)
    vaar, _, cautions, said = shown(
        human=people, one=sessions("human-like"), two=sessions("contrarian")
    )
    assert "people against the hypothesis" in cautions and "keyed the other way round" in cautions
    assert "as the study expects; the people of this run show the opposite" in said
    assert vaar["ranked"].isna().all()


@pytest.mark.parametrize(("n", "times"), [(12, 25), (100, 2), (30, 4)])
def test_people_who_are_copies(sessions, shown, n, times):
    people = pd.concat([sessions("human-like", n, start=10**6)] * times, ignore_index=True)
    with pytest.raises(DataError, match="each of them once") as refused:
        shown(human=people, one=sessions("human-like"))
    assert "copies" in str(refused.value) and "--no-human" in str(refused.value)


def test_people_who_all_answer_alike(sessions, shown, bundled):
    people = sessions("human-like", 200)
    people[people.columns] = 1.0
    with pytest.raises(DataError, match="human reference cannot carry the model"):
        shown(human=people, one=sessions("human-like"))


def test_few_people_are_a_reference_of_wide_intervals(sessions, shown):
    vaar, *_ = shown(human=sessions("human-like", 40, start=10**6), one=sessions("human-like"))
    assert vaar.loc["one", "status"] == "estimated"


def test_few_personas(sessions, shown):
    persona = [f"p{k % 12}" for k in range(240)]
    few = sessions("human-like", 240, persona=persona)
    vaar, lead, cautions, _ = shown(few=few, other=sessions("human-like", 150, start=999))
    assert "not to be relied on: few (its 12 personas are taken as given" in lead
    assert "in no ranking and no headline" in cautions
    assert vaar["ranked"].isna().all()


def test_a_model_that_does_not_describe_the_answers(sessions, shown, bundled):
    """Parcels of the three constructs move in threes across them."""
    mixed = sessions("human-like", 200)
    across = np.random.default_rng(1).standard_normal((200, 2))
    for k, parcels in enumerate(
        (
            ("iuipc8_control", "psa_helping", "aods_health"),
            ("iuipc8_awareness", "psa_sharing", "aods_location"),
        )
    ):
        for parcel in parcels:
            mixed[parcel] += 1.5 * across[:, k]
    vaar, lead, cautions, _ = shown(mixed=mixed, good=sessions("human-like", 150, start=999))
    assert "the model does not describe its answers" in lead
    assert "CFI" in cautions or "RMSEA" in cautions
    assert pd.isna(vaar.loc["mixed", "ranked"])


def test_copies(sessions, shown):
    vaar, lead, _, said = shown(copies=sessions("copies", 300), good=sessions("human-like"))
    assert "hold only 12 different patterns of answers, the others are copies" in lead
    assert "no VAAR. That is neither a low value nor a zero" in said
    assert pd.isna(vaar.loc["copies", "vaar"]) and vaar["ranked"].isna().all()


def test_a_group_of_a_handful_of_sessions(sessions, shown):
    vaar, lead, _, _ = shown(few=sessions("human-like", 20))
    assert "it has 20 sessions with answers, and 50 at least are needed" in lead
    assert vaar["vaar"].isna().all()
