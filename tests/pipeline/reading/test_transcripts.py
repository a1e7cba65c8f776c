import pytest

from vaar.errors import RunDirectoryError
from vaar.pipeline.plan import plan
from vaar.pipeline.reading.open_run import open_run
from vaar.pipeline.reading.transcripts import find_transcripts
from vaar.pipeline.run import carry_out


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("transcripts") / "run"
    carry_out(plan(models=["simulated/noisy", "simulated/human-like"], sessions=6, seed=2), out)
    return out


def test_every_refusal_is_found_once(run):
    refused = [
        exchange
        for one in open_run(run).sessions()
        for exchange in one.exchanges
        if any(answer.reason == "refused" for answer in exchange.answers.values())
    ]
    assert refused
    found = list(find_transcripts(run, reason="refused"))
    assert [exchange for one in found for exchange in one.exchanges] == refused
    assert {one.transcript.session.group for one in found} <= {
        "simulated/noisy",
        "simulated/human-like",
    }


def test_what_was_said_on_one_item(run):
    found = list(find_transcripts(run, group="simulated/noisy", item="psab_03"))
    assert len(found) == 6
    for one in found:
        assert {code for e in one.exchanges for code in e.answers} == {"psab_03"}
        assert len(one.exchanges) < len(one.transcript.exchanges)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"item": "psab_3x"}, "no item 'psab_3x'; there are"),
        ({"reason": "not_asked"}, "no reason 'not_asked'; there are refused, unparseable"),
        ({"group": "human"}, "no group 'human'"),
    ],
)
def test_what_is_not_there_is_told(run, asked, told):
    with pytest.raises(RunDirectoryError, match=told):
        next(find_transcripts(run, **asked))
