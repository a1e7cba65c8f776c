import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.analyses.specifications.declared import DEFAULT, MOST, declared, digest, read
from vaar.analyses.specifications.options import SpecificationsOptions
from vaar.errors import OptionError


def test_the_packages_list_can_be_read_and_says_each_once():
    found = declared(DEFAULT)
    assert len(found) <= MOST and found[0].line == "main"
    assert len({one.words for one in found}) == len(found)


def test_a_line_is_brought_into_one_form():
    one = read("missing=listwise   indicators=items")
    assert one.line == read("indicators=items missing=listwise").line
    assert one.words == "incomplete sessions left out, items in place of parcels"
    assert read("kappa=.050").line == "kappa=0.05"
    assert read("covariates=age+region").names("covariates") == ("age", "region")


@given(st.permutations(DEFAULT))
def test_the_hash_is_that_of_the_list_in_its_order(lines):
    same = tuple(lines) == DEFAULT
    assert (digest(declared(lines)) == digest(declared(DEFAULT))) == same


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("estimator", "no change"),
        ("estimators=ML", "the keys are estimator, missing"),
        ("estimator=OLS", "MLR, ML, WLSMV"),
        ("estimator=ML estimator=MLR", "twice"),
        ("kappa=0", "above 0"),
        ("delta=-.1", "0 or more"),
        ("kappa=nan", "above 0"),
        ("method=keys", "need indicators=items"),
        ("higher_order=privacy", "need indicators=items"),
        ("estimator=WLSMV indicators=parcels", "excludes"),
        ("reliability=corrected level=metric", "only"),
        ("estimator=WLSMV covariates=age", "no covariates"),
    ],
)
def test_what_cannot_be_had_is_refused(line, told):
    with pytest.raises(OptionError, match=told):
        read(line)


def test_a_list_has_1_to_24_different_lines():
    lines = tuple(f"delta={k / 100}" for k in range(1, MOST + 1))
    assert len(SpecificationsOptions(declared=lines).specifications) == MOST
    with pytest.raises(OptionError, match="at most 24"):
        SpecificationsOptions(declared=(*lines, "main"))
    with pytest.raises(OptionError, match="declared twice"):
        SpecificationsOptions(declared=("delta=0.1", "delta=.10"))
    with pytest.raises(OptionError, match="no specification"):
        SpecificationsOptions(declared=())


def test_kappa_moves_no_verdict_and_delta_no_rate():
    moving = {
        line: (o.can_move_verdicts, o.can_move_rates) for line in DEFAULT if (o := read(line))
    }
    assert [line for line, (verdicts, _) in moving.items() if not verdicts] == [
        "kappa=0.05",
        "kappa=0.2",
    ]
    assert [line for line, (_, rates) in moving.items() if not rates] == [
        "delta=0.05",
        "delta=0.15",
    ]
