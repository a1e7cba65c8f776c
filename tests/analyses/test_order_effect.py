import pytest

from vaar.analyses.order_effect import end_followed


@pytest.mark.parametrize(
    ("effect", "end"),
    [(0.0, ""), (0.5, ""), (0.51, "first"), (-0.5, ""), (-0.51, "last"), (float("nan"), "")],
)
def test_the_end_is_told_where_most_answers_follow_it(effect, end):
    assert end_followed(effect) == end
