"""Loading a model of this machine into memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

from vaar.errors import RespondentError
from vaar.respondents.local import grouped_attention
from vaar.respondents.local.answer_tokens import Spellings
from vaar.respondents.local.chat_template import Chat
from vaar.respondents.local.engine import LoadedModel, closing_tokens, longest_conversation
from vaar.respondents.local.forward_passes import Network
from vaar.respondents.local.model_config import AUTO, LocalModel
from vaar.respondents.local.model_folder import GGUF, find, fingerprint
from vaar.respondents.local.prefix_cache import Memory, room_on
from vaar.respondents.local.threads import fewest_worthwhile, usable_cores
from vaar.respondents.local.value_shift.shifter import Shifter
from vaar.respondents.wire.redaction import quote

_MOST_NAMED = 3
_TRIAL_ROWS, _TRIAL_TOKENS = 4, 32


def load(wanted: LocalModel) -> LoadedModel:
    """Load a model, its tokenizer and its chat template. Code that comes with a model never runs.

    Raises
    ------
    RespondentError
        There is no such model, it is none that writes text, its files are damaged or
        incomplete, it has no chat template, or it does not fit into memory.
    """
    folder = find(wanted.path)
    device = _device(wanted)
    with _quiet():
        tokenizer = _tokenizer(wanted, folder)
        chat = Chat(wanted.name, tokenizer)
        model = _model(wanted, folder, device)
    if device.type == "cpu":
        grouped_attention.use(model)
    network = Network(model, device)
    _settle_threads(network)
    shifter = Shifter(wanted.name, network, chat, dict(wanted.value_pairs), wanted.probe_accuracy)
    for shift in wanted.shifts:
        shifter.fit(shift)
    return LoadedModel(
        wanted=wanted,
        model_id=f"{wanted.path}@{fingerprint(folder)}",
        network=network,
        chat=chat,
        spellings=Spellings(tokenizer),
        closing=closing_tokens(model, tokenizer),
        longest=longest_conversation(model),
        memory=Memory(room_on(device)),
        batch=wanted.batch,
        shifter=shifter,
    )


def _tokenizer(wanted: LocalModel, folder: Path) -> Any:
    try:
        return AutoTokenizer.from_pretrained(
            **_source(folder), local_files_only=True, trust_remote_code=False
        )
    except Exception as error:  # whatever damaged or foreign files lead to
        raise _unusable(wanted, folder, "its tokenizer cannot be read", error) from None


def _model(wanted: LocalModel, folder: Path, device: Any) -> Any:
    try:
        model, loaded = AutoModelForCausalLM.from_pretrained(
            **_source(folder),
            dtype=_dtype(wanted, folder, device),
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    except Exception as error:
        raise _unusable(wanted, folder, "it cannot be loaded as a model", error) from None
    _check_complete(wanted, folder, loaded)
    if wanted.dtype == AUTO and device.type == "cpu" and model.dtype == torch.float16:
        model = model.float()
    try:
        return model.eval().to(device)
    except (RuntimeError, AssertionError) as error:
        raise RespondentError(
            f"{wanted.name}: the model does not go to {device}: {quote(str(error), None)}. Write "
            "another device, or dtype: bfloat16, in a models file, or take a smaller model"
        ) from None


def _source(found: Path) -> dict[str, Any]:
    """How transformers is told of a directory, or of a GGUF file."""
    if found.suffix != GGUF:
        return {"pretrained_model_name_or_path": found}
    return {"pretrained_model_name_or_path": found.parent, "gguf_file": found.name}


def _dtype(wanted: LocalModel, found: Path, device: Any) -> Any:
    """The numbers to load in; a GGUF file's own are no type of torch's."""
    if wanted.dtype != AUTO or found.suffix != GGUF:
        return wanted.dtype
    return torch.bfloat16 if device.type != "cpu" or has_bfloat16() else torch.float32


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 itself; elsewhere float32 is faster."""
    supported = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return bool(supported())


def _settle_threads(network: Network) -> None:
    """Compute with as many threads as help beside whatever else this machine does."""
    if network.device.type != "cpu":
        return
    ids = torch.zeros((_TRIAL_ROWS, _TRIAL_TOKENS), dtype=torch.long)

    def trial() -> None:
        with torch.inference_mode():
            network.model(input_ids=ids)

    fewest_worthwhile(trial, torch.set_num_threads, usable_cores())


def _check_complete(wanted: LocalModel, folder: Path, loaded: dict[str, Any]) -> None:
    """Refuse a model with weights that are in no file: they would be random numbers."""
    absent = sorted(str(key) for key in (*loaded["missing_keys"], *loaded["mismatched_keys"]))
    if absent:
        further = f" and {len(absent) - _MOST_NAMED} more" if len(absent) > _MOST_NAMED else ""
        raise RespondentError(
            f"{wanted.name}: {folder} lacks weights of the model: "
            f"{', '.join(absent[:_MOST_NAMED])}{further}. Fetch or save it again, whole"
        )


def _unusable(wanted: LocalModel, folder: Path, what: str, error: Exception) -> RespondentError:
    said = quote(f"{type(error).__name__}: {error}", None)
    return RespondentError(
        f"{wanted.name}: {folder} holds no chat model that can be used here: {what} ({said}). "
        "Allowed are text-generating models that transformers knows by itself (no code of their "
        "own); if it is one, its files are damaged or transformers is too old: fetch the one or "
        "update the other"
    )


def _device(wanted: LocalModel) -> Any:
    given = wanted.device
    if given == AUTO:
        has_mps = torch.backends.mps.is_available()
        given = "cuda" if torch.cuda.is_available() else "mps" if has_mps else "cpu"
    elif given.startswith("cuda") and not torch.cuda.is_available():
        raise RespondentError(
            f"{wanted.name}: device {given} is wanted, and torch finds no CUDA here; write "
            "device: auto or cpu, or install a torch for CUDA"
        )
    return torch.device(given)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep loaders from writing to the terminal; what matters is told as an error."""
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with redirect_stderr(StringIO()):  # the reader of GGUF files knows no such switch
            yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
