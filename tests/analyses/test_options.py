from dataclasses import dataclass, field
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from vaar.analyses.alignment.options import AlignmentOptions, AnalysisOptions
from vaar.analyses.options import Options, described, made, option, plain
from vaar.errors import OptionError


@dataclass(frozen=True)
class Some(Options):
    kind: Literal["a", "b"] = option("a", "Which kind.", flag="--kind")
    times: Annotated[int, Field(ge=0)] = option(2, "How often.")
    names: tuple[str, ...] = option((), "Which ones.")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, Some()),
        ({"times": "7", "kind": "b"}, Some("b", 7)),
        ({"names": "order, wording,order"}, Some(names=("order", "wording"))),
        ({"names": ["x"]}, Some(names=("x",))),
        ({"names": "none"}, Some()),
    ],
)
def test_values_are_read_as_what_the_option_holds(values, expected):
    assert made(Some, values, "some") == expected


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"tims": 3}, r"some has no option 'tims' \(did you mean 'times'\?\); it has kind, times"),
        ({"zebra": 3}, "some has no option 'zebra'; it has kind, times, names"),
        ({"times": -1}, "some.times is -1; allowed is greater than or equal to 0"),
        ({"times": "x"}, "some.times is 'x'; allowed is a valid integer"),
        ({"kind": "c"}, "some.kind is 'c'; allowed is 'a' or 'b'"),
    ],
)
def test_what_is_not_allowed_is_told(values, told):
    with pytest.raises(OptionError, match=told):
        made(Some, values, "some")


def test_a_wrong_value_is_refused_where_it_is_given():
    with pytest.raises(OptionError, match="replicates is -1"):
        AnalysisOptions(replicates=-1)
    with pytest.raises(OptionError, match="delta is nan"):
        AnalysisOptions(delta=float("nan"))


@given(st.integers(0, 10**6), st.lists(st.text(st.characters(categories=["L"]), min_size=1)))
def test_options_come_back_from_json(times, names):
    options = Some("b", times, tuple(names))
    assert made(Some, plain(options), "some") == options


def test_options_are_described_for_help():
    kind, times, names = described(Some)
    assert (kind.flag, kind.choices, kind.default) == ("--kind", ("a", "b"), "a")
    assert (times.help, times.flag, times.many) == ("How often.", "", False)
    assert names.many


def test_every_option_of_the_package_has_help():
    assert all(info.help.endswith(".") for info in described(AlignmentOptions))


def test_a_plain_dataclass_will_do():
    @dataclass(frozen=True)
    class Plain:
        least: int = 0
        names: tuple[str, ...] = field(default_factory=tuple)

    assert made(Plain, {"least": "3"}, "mine").least == 3
    assert [info.default for info in described(Plain)] == [0, ()]
