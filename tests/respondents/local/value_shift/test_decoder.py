import pytest
import torch
from torch import nn

from vaar.errors import RespondentError
from vaar.respondents.local.value_shift.decoder import blocks, changed, may_be_shifted


def test_the_blocks_are_those_whose_output_the_model_tells(architecture):
    """What leaves each block is what transformers calls the hidden states."""
    ids, seen = torch.tensor([[5, 9, 3]]), []

    def note(hidden):
        seen.append(hidden)
        return hidden

    with (
        torch.inference_mode(),
        changed(
            architecture.model,
            dict.fromkeys(range(5), note),
        ),
    ):
        told = architecture.model(input_ids=ids, output_hidden_states=True).hidden_states
    assert len(blocks(architecture.model)) == 6
    assert all(torch.equal(one, told[at + 1]) for at, one in enumerate(seen))


def test_a_change_holds_while_the_context_is_open(architecture):
    ids = torch.tensor([[5, 9, 3]])
    with torch.inference_mode():
        plain = architecture.model(input_ids=ids).logits
        with changed(architecture.model, {2: lambda hidden: hidden + 1}):
            moved = architecture.model(input_ids=ids).logits
        after = architecture.model(input_ids=ids).logits
    assert not torch.allclose(plain, moved)
    assert torch.equal(plain, after)


@pytest.mark.parametrize(
    ("layers", "most"), [(32, 27), (30, 25), (20, 15), (19, 15), (8, 6), (4, 3), (3, 3), (1, 1)]
)
def test_the_last_five_layers_are_left_out_and_of_few_a_quarter(layers, most):
    assert may_be_shifted(layers) == range(most)


def test_a_model_without_blocks_is_told():
    class Config:
        num_hidden_layers = 3

        def get_text_config(self):
            return self

    model = nn.Linear(2, 2)
    model.config = Config()
    with pytest.raises(RespondentError, match="Linear has no list of 3 blocks"):
        blocks(model)
