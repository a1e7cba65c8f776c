import pytest

from vaar.errors import RespondentError
from vaar.respondents.local.value_shift.sentences import (
    bundled_values,
    neutral_sentences,
    pairs_of,
)


@pytest.mark.parametrize("value", ["privacy", "prosociality"])
def test_each_bundled_value_has_a_hundred_different_pairs(value):
    pairs = pairs_of(value, {})
    assert value in bundled_values()
    assert len(pairs.positive) == len(pairs.negative) >= 100
    assert len({*pairs.positive, *pairs.negative}) == 2 * len(pairs.positive)
    assert len(pairs.digest) == 12


def test_neutral_sentences_are_of_the_same_form_and_different():
    neutral = neutral_sentences()
    assert len(set(neutral)) == len(neutral) >= 60
    assert all(text.startswith("When ") for text in neutral)


def table(tmp_path, text):
    path = tmp_path / "power.csv"
    path.write_text(text, encoding="utf-8")
    return {"power": str(path)}


def test_a_value_of_ones_own(tmp_path):
    rows = "".join(f"I lead {n}.,I follow {n}.\n" for n in range(20))
    found = pairs_of("power", table(tmp_path, f"positive,negative\n{rows}"))
    assert found.positive[3] == "I lead 3." and found.negative[3] == "I follow 3."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("good,bad\na,b\n", "has the columns good, bad; positive and negative are needed"),
        ("positive,negative\na,b\n", "has 1 pairs of sentences; give at least 20"),
        ("positive,negative\na,a\n", "line 2: a pair needs two different sentences"),
        ("positive,negative\na\n", "line 2: a pair needs two different sentences"),
        ('positive,negative\n"a,b\n', "is no CSV"),
    ],
)
def test_a_file_that_is_no_table_of_pairs(tmp_path, text, said):
    with pytest.raises(RespondentError, match=said):
        pairs_of("power", table(tmp_path, text))


def test_a_value_that_nobody_knows_and_a_file_that_is_not_there(tmp_path):
    with pytest.raises(RespondentError, match="no sentences of the value 'power'; there are"):
        pairs_of("power", {})
    with pytest.raises(RespondentError, match="cannot be read as a CSV file"):
        pairs_of("power", {"power": str(tmp_path / "none.csv")})
