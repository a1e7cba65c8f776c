import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vaar.respondents.local.generation import Row, StoppedError, write

PROMPTS = ([5, 6, 7], [80, 81, 82, 83, 84, 85, 86], [300], [44, 45, 46, 47])
QUICK = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def row(ids, stream=b"a", temperature=1.0, most=6, spellings=()):
    return Row(list(ids), None, stream, temperature, most, list(spellings))


def written(network, rows, closing=()):
    write(network, rows, closing, lambda: False)
    return [one.written for one in rows]


def after(network, ids):
    with torch.inference_mode():
        return network.model(input_ids=torch.tensor([ids])).logits[0, -1].double().softmax(-1)


def test_without_temperature_it_writes_what_transformers_writes(network):
    got = written(network, [row(ids, temperature=0.0, most=8) for ids in PROMPTS])
    for ids, reply in zip(PROMPTS, got, strict=True):
        wanted = network.model.generate(
            torch.tensor([ids]),
            attention_mask=torch.ones(1, len(ids), dtype=torch.long),
            max_new_tokens=8,
            do_sample=False,
            eos_token_id=None,
            pad_token_id=0,
        )
        assert reply == wanted[0, len(ids) :].tolist()


@given(st.permutations(range(4)), st.integers(1, 4), st.sampled_from([0.0, 0.7, 1.0]))
@QUICK
def test_a_reply_does_not_depend_on_its_batch(network, order, size, temperature):
    def rows(numbers):
        return [row(PROMPTS[n], bytes([n]), temperature, most=3 + n) for n in numbers]

    alone = {n: written(network, rows([n]))[0] for n in range(4)}
    numbers = order[:size]
    assert written(network, rows(numbers)) == [alone[n] for n in numbers]


def test_replies_are_drawn_from_the_model_s_probabilities(network):
    wanted = after(network, PROMPTS[0])
    rows = [row(PROMPTS[0], n.to_bytes(4), most=1) for n in range(4000)]
    counts = torch.bincount(torch.tensor(written(network, rows))[:, 0], minlength=len(wanted))
    common = wanted * 4000 >= 5
    squares = (counts - wanted * 4000) ** 2 / (wanted * 4000)
    degrees = int(common.sum())
    assert degrees > 10
    assert squares[common].sum() < degrees + 4 * (2 * degrees) ** 0.5


def test_a_closing_mark_ends_a_reply(network):
    (whole,) = written(network, [row(PROMPTS[1], temperature=0.0)])
    mark = whole[2]
    ends = row(PROMPTS[1], temperature=0.0)
    other = row(PROMPTS[0], temperature=0.0)
    written(network, [ends, other], closing={mark})
    assert ends.ended
    assert ends.written == whole[: whole.index(mark) + 1]
    assert len(row(PROMPTS[1]).written) == 0


def test_a_ceiling_ends_a_reply(network):
    short, long = row(PROMPTS[0], most=1), row(PROMPTS[1], most=5)
    written(network, [short, long])
    assert (len(short.written), len(long.written)) == (1, 5)
    assert not short.ended


def test_it_stops_when_nobody_waits(network):
    with pytest.raises(StoppedError):
        write(network, [row(PROMPTS[0])], (), lambda: True)


@pytest.mark.parametrize("keeps", [True, False])
def test_the_distribution_is_the_model_s_own(network, keeps, monkeypatch):
    monkeypatch.setattr(type(network), "keeps", keeps)
    one, two, ten = (7,), (8,), (7, 9)
    spelled = [frozenset({one}), frozenset({two, (10,)}), frozenset({ten})]
    rows = [
        row(ids, temperature=temperature, spellings=spelled)
        for ids, temperature in zip(PROMPTS, (0.0, 0.5, 1.0, 2.0), strict=True)
    ]
    monkeypatch.setattr("vaar.respondents.local.answer_tokens.LEAST_SHARE", 0.0)
    monkeypatch.setattr("vaar.respondents.local.generation._NEGLIGIBLE", 0.0)
    written(network, rows)
    for one_row in rows:
        first = after(network, one_row.ids)
        goes_on = float(first[7] * after(network, [*one_row.ids, 7])[9])
        masses = [float(first[7]) - goes_on, float(first[8] + first[10]), goes_on]
        wanted = [mass / sum(masses) for mass in masses]
        assert one_row.told.distribution == pytest.approx(wanted, rel=1e-4, abs=1e-9)
