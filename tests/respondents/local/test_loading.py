import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import T5Config, T5ForConditionalGeneration
from transformers.utils import logging

from support.tiny_model import save_tiny_model
from vaar.errors import RespondentError
from vaar.respondents.local.loading import load
from vaar.respondents.local.model_config import LocalModel


@pytest.fixture
def copy(tiny, tmp_path):
    return shutil.copytree(tiny, tmp_path / "copy")


def loading(folder, **others):
    return load(LocalModel("mine", str(folder), **others))


def refused(folder, **others):
    with pytest.raises(RespondentError) as caught:
        loading(folder, **others)
    assert str(caught.value).startswith("mine: ")
    return str(caught.value)


def test_what_is_loaded(tiny):
    loaded = loading(tiny, device="cpu", batch=3)
    assert loaded.network.device == torch.device("cpu")
    assert loaded.network.model.dtype == torch.float32
    assert not loaded.network.model.training
    assert (loaded.batch, loaded.longest) == (3, 8192)
    assert loaded.chat._tokenizer.convert_ids_to_tokens(list(loaded.closing)) == ["<|end|>"]
    assert loaded.model_id == loading(tiny).model_id


def test_numbers_as_wanted(tiny, say):
    loaded = loading(tiny, dtype="bfloat16")
    assert loaded.network.model.dtype == torch.bfloat16
    (reply,) = loaded.answer([say("Hello?")])
    assert reply.output_tokens


def test_no_half_numbers_on_a_processor_unless_wanted(tmp_path):
    folder = save_tiny_model(tmp_path / "half")
    weights = load_file(folder / "model.safetensors")
    save_file(
        {name: part.half() for name, part in weights.items()},
        folder / "model.safetensors",
        {"format": "pt"},
    )
    config = json.loads((folder / "config.json").read_text()) | {"dtype": "float16"}
    (folder / "config.json").write_text(json.dumps(config))
    assert loading(folder, device="cpu").network.model.dtype == torch.float32
    assert loading(folder, device="cpu", dtype="float16").network.model.dtype == torch.float16


def test_weights_that_are_absent(copy):
    weights = load_file(copy / "model.safetensors")
    kept = {name: part for name, part in weights.items() if "layers.1" not in name}
    save_file(kept, copy / "model.safetensors", {"format": "pt"})
    assert "lacks weights of the model: model.layers.1" in refused(copy)
    assert " more. Fetch or save it again" in refused(copy)


@pytest.mark.parametrize("content", [b"", b"garbage" * 100, None])
def test_weights_that_are_damaged(copy, content):
    file = copy / "model.safetensors"
    file.write_bytes(file.read_bytes()[:5000] if content is None else content)
    said = refused(copy)
    assert "cannot be loaded as a model" in said
    assert "damaged" in said


def test_no_weights(copy):
    (copy / "model.safetensors").unlink()
    assert "cannot be loaded as a model" in refused(copy)


@pytest.mark.parametrize("content", ["{", '{"model_type": "no-such"}', "[]"])
def test_a_configuration_that_says_nothing(copy, content):
    (copy / "config.json").write_text(content)
    refused(copy)


def test_a_tokenizer_that_is_damaged(copy):
    (copy / "tokenizer.json").write_text("{")
    assert "its tokenizer cannot be read" in refused(copy)


def test_a_model_that_writes_no_text_by_itself(copy):
    shape = T5Config(vocab_size=500, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2)
    T5ForConditionalGeneration(shape).save_pretrained(copy)
    assert "Allowed are text-generating models" in refused(copy)


def test_code_of_a_model_never_runs(copy, tmp_path):
    ran = tmp_path / "ran"
    for name in ("modeling_own.py", "configuration_own.py", "tokenization_own.py"):
        (copy / name).write_text(f"open({str(ran)!r}, 'w')\nclass Own: pass\n")
    config = json.loads((copy / "config.json").read_text())
    config |= {
        "model_type": "own",
        "auto_map": {
            "AutoConfig": "configuration_own.Own",
            "AutoModelForCausalLM": "modeling_own.Own",
            "AutoTokenizer": ["tokenization_own.Own", None],
        },
    }
    (copy / "config.json").write_text(json.dumps(config))
    refused(copy)
    assert not ran.exists()


def test_no_chat_template(copy):
    (copy / "chat_template.jinja").unlink()
    assert "has no chat template" in refused(copy)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a graphics card")
def test_a_card_that_is_not_there(tiny):
    assert "torch finds no CUDA here; write device: auto" in refused(tiny, device="cuda:3")


def test_transformers_is_left_as_it_was(tiny, capfd):
    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    loading(tiny)
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
    assert capfd.readouterr() == ("", "")
