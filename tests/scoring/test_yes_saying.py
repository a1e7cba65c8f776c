import numpy as np
import pandas as pd
import pytest

from support.scored import scored
from support.with_pairs import published_with_pairs
from vaar.errors import DataError
from vaar.respondents.simulated.populations import COUNTERFEITS, POPULATIONS
from vaar.scoring.yes_saying import balanced_pairs, yes_saying
from vaar.study.load import load_study

MORE = "vaar:yes_saying"


@pytest.fixture(scope="module")
def with_pairs(tmp_path_factory):
    return published_with_pairs(tmp_path_factory.mktemp("study") / "own")


def test_pairs_are_those_of_the_instrument_made_for_it(with_pairs):
    pairs = balanced_pairs(with_pairs)
    assert len(pairs) == 12
    part = with_pairs.instrument["yes_saying"]
    texts = [(part.by_code[p.positive].text, part.by_code[p.reversed_].text) for p in pairs]
    assert texts[0] == (
        "Mornings are the best part of the day.",
        "Mornings are the worst part of the day.",
    )
    assert texts[-1][1].startswith("The mountains")


def test_in_balanced_forms_they_are_those_of_each_parcel():
    study = load_study("privacy_prosocial")
    pairs = balanced_pairs(study)
    assert len(pairs) == 4 + 8 + 8
    parcels = [set(s.items) for part in study.instruments for s in part.subscales]
    assert all(any({p.positive, p.reversed_} <= own for own in parcels) for p in pairs)
    named = [code for p in pairs for code in (p.positive, p.reversed_)]
    assert len(set(named)) == len(named)


def test_agreeing_with_all_is_1_and_a_view_of_ones_own_is_0(with_pairs):
    part = with_pairs.instrument["yes_saying"]
    low, high = part.scale.range

    def keyed(raw):
        return {
            item.code: raw(item) if item.keying == 1 else low + high - raw(item)
            for item in part.items
        }

    table = pd.DataFrame(
        [
            keyed(lambda item: high),
            keyed(lambda item: low),
            keyed(lambda item: high if item.keying == 1 else low),
        ]
    )
    assert yes_saying(table, with_pairs).tolist() == [1.0, -1.0, 0.0]
    table.iloc[0, :14] = np.nan
    assert np.isnan(yes_saying(table, with_pairs)[0])


def test_it_finds_the_style_and_not_the_content(with_pairs):
    """The index of a population that says yes varies with its style, .5 sd of the answers."""
    plain = yes_saying(scored(with_pairs, COUNTERFEITS["null"], range(300)), with_pairs)
    saying = yes_saying(scored(with_pairs, COUNTERFEITS["yes-saying"], range(300)), with_pairs)
    assert saying.std() > 2 * plain.std()
    rows = scored(with_pairs, POPULATIONS["human-like"], range(300))
    correlations = rows[["iuipc8", "psa", "aods"]].corrwith(yes_saying(rows, with_pairs))
    assert correlations.abs().max() < 0.2  # 3.4 standard errors of .058


def test_a_study_without_pairs_says_what_to_add():
    study = load_study("privacy_prosocial_published")
    with pytest.raises(DataError, match=MORE):
        yes_saying(scored(study, POPULATIONS["human-like"], range(3)), study)
