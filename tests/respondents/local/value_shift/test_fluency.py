import math

import pytest
import torch

from vaar.respondents.local.value_shift.fluency import log_probability


def test_it_is_the_sum_over_the_tokens_written(architecture):
    ids, written = [5, 9, 3], [8, 2, 30]
    total = 0.0
    for n, token in enumerate(written):
        with torch.inference_mode():
            logits = architecture.model(input_ids=torch.tensor([ids + written[:n]])).logits[0, -1]
        total += math.log(float(logits.softmax(-1)[token]))
    assert log_probability(architecture, ids, written) == pytest.approx(total, abs=1e-3)
