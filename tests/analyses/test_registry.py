import pytest

from support.own_analysis import Count, Share
from vaar.analyses.registry import ANALYSES, done_unasked, known, with_needs
from vaar.errors import DataError
from vaar.tables.spec import TableSpec


class Needy(Count):
    name = "needy"
    needs = ("share",)
    tables = ()


def test_analyses_come_after_those_they_need():
    own = [analysis.name for analysis in ANALYSES]
    assert own[:2] == ["profile", "alignment"]
    assert list(known([Needy(), Share(), Count()])) == [*own, "count", "share", "needy"]


def test_an_analysis_brings_those_it_needs():
    analyses = known([Needy(), Share(), Count()])
    assert with_needs(["needy"], analyses) == {"needy", "share", "count"}
    assert with_needs(["profile"], analyses) == {"profile"}
    with pytest.raises(DataError, match=r"no analysis 'mine'; there are profile, .*, count, share"):
        with_needs(["mine"], analyses)


def test_what_is_done_on_request_is_done_when_its_options_are_given():
    analyses = known([Count()])
    assert set(analyses) - done_unasked(analyses) == {"specifications"}
    assert done_unasked(analyses, ["specifications", "groups"]) == set(analyses)


def renamed(**changes):
    return type("Own", (Count,), changes)()


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ([Count(), Count()], "two analyses named count"),
        ([renamed(name="profile")], "two analyses named profile"),
        ([renamed(name="../x")], "begins with a letter: rename it"),
        ([renamed(name="groups")], "named 'groups'"),
        ([Share()], "share needs count, and there is none"),
        ([renamed(needs=("count",))], "need each other: count → count"),
        ([renamed(tables=(TableSpec("vaar", "x", ()),))], "table is named 'vaar', and that name"),
        ([renamed(tables=(TableSpec("human", "x", ()),))], "table is named 'human', and that"),
        ([renamed(tables=(TableSpec("a b", "x", ()),))], "table is named 'a b'"),
    ],
)
def test_what_cannot_stand_beside_the_others_is_refused(own, told):
    with pytest.raises(DataError, match=told):
        known(own)
