import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vaar.respondents.local.sampling import draw, stream_of, uniform

LOGITS = arrays(np.float64, (3, 7), elements=st.floats(-20, 20))
SHARES = st.lists(st.floats(0, 1, exclude_max=True), min_size=3, max_size=3)


@given(LOGITS, SHARES, st.floats(0.1, 2))
def test_a_token_is_where_the_number_falls(logits, shares, temperature):
    tokens = draw(torch.tensor(logits), [temperature] * 3, shares)
    scaled = np.exp((logits - logits.max(1, keepdims=True)) / np.float32(temperature))
    cumulated = np.cumsum(scaled / scaled.sum(1, keepdims=True), axis=1)
    for row, token in enumerate(tokens):
        low = cumulated[row, token - 1] if token else 0.0
        assert low - 1e-9 <= shares[row] <= cumulated[row, token] + 1e-9


@given(LOGITS, SHARES, st.floats(0.1, 2))
def test_rows_do_not_know_each_other(logits, shares, temperature):
    temperatures = [temperature, 0.0, 1.0]
    together = draw(torch.tensor(logits), temperatures, shares)
    alone = [
        draw(torch.tensor(logits[n : n + 1]), temperatures[n : n + 1], shares[n : n + 1])[0]
        for n in range(3)
    ]
    assert together == alone


@given(LOGITS, SHARES)
def test_no_temperature_takes_the_likeliest(logits, shares):
    tokens = draw(torch.tensor(logits), [0.0] * 3, shares)
    assert [logits[n, token] for n, token in enumerate(tokens)] == logits.max(1).tolist()


def test_a_token_without_probability_is_never_drawn():
    logits = torch.tensor([[-torch.inf, 0.0, -torch.inf]], dtype=torch.double)
    for share in (0.0, 0.5, 1 - 2**-53):
        assert draw(logits, [1.0], [share]) == [1]


def test_numbers_are_uniform_and_do_not_repeat(say):
    numbers = [
        uniform(stream_of("hf/a", say("Hello.", seed)), step)
        for seed in range(200)
        for step in range(10)
    ]
    counts = np.histogram(numbers, bins=10, range=(0, 1))[0]
    assert counts.sum() == len(set(numbers)) == 2000
    assert ((counts - 200) ** 2 / 200).sum() < 21.7  # 99 % of a chi square with 9 degrees


def test_a_stream_belongs_to_respondent_seed_and_conversation(say):
    first = stream_of("hf/a", say("Hello."))
    assert first == stream_of("hf/a", say("Hello.", temperature=0.5, max_tokens=3))
    others = [
        stream_of("hf/b", say("Hello.")),
        stream_of("hf/a", say("Hello!")),
        stream_of("hf/a", say("Hello.", seed=2)),
        stream_of("hf/a", say("Hello.", earlier=[{"role": "user", "content": "Hi."}])),
    ]
    assert len({first, *others}) == 5
