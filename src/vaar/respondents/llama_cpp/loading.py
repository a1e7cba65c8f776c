"""Loading a GGUF file with llama.cpp, in this process."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import xllamacpp

from vaar.errors import RespondentError
from vaar.respondents.base import Message
from vaar.respondents.llama_cpp.engine import LoadedModel, Server
from vaar.respondents.llama_cpp.model_config import LlamaModel
from vaar.respondents.llama_cpp.model_file import ModelFile
from vaar.respondents.local.threads import fewest_worthwhile, usable_cores
from vaar.respondents.wire.messages import SystemRole
from vaar.respondents.wire.payloads import count, mapping

_TRIAL_CONTEXT = 512
_TRIAL_WORDS = "one two three four five six seven eight nine ten eleven twelve " * 4
_SHORT, _LONG = "Herons.", "Nineteen grey herons stand beside seven tall windmills."
_DIGITS = 12


def load(wanted: LlamaModel, file: ModelFile) -> LoadedModel:
    """Load a model, with as many threads as help beside whatever else this machine does.

    Raises
    ------
    RespondentError
        llama.cpp cannot load it, its chat template is of no use, or memory does not suffice.
    """
    threads = _threads(wanted, file)
    context = wanted.context_of(file.trained_context)
    server = _server(wanted, file, threads, context, wanted.slots)
    return LoadedModel(
        wanted=wanted,
        server=server,
        model_id=f"{wanted.path}@{file.sha256[:_DIGITS]}",
        engine=f"xllamacpp {xllamacpp.__version__}",
        system=_system_role(wanted, server),
    )


def _threads(wanted: LlamaModel, file: ModelFile) -> int:
    """A number of threads is settled when a model is loaded, so each trial loads it anew.

    A server that is let go before it has answered once may never end; so none is made before its
    first trial.
    """
    if usable_cores() == 1:
        return 1
    small = min(_TRIAL_CONTEXT, wanted.context_of(file.trained_context))
    wished: list[int] = []
    at_work: dict[int, Server] = {}

    def trial() -> None:
        threads = wished[-1]
        if threads not in at_work:
            at_work.clear()
            at_work[threads] = _server(wanted, file, threads, small, 1)
        _asked(at_work[threads], [_message("user", _TRIAL_WORDS)], cache_prompt=False)

    return fewest_worthwhile(trial, wished.append, usable_cores())


def _server(wanted: LlamaModel, file: ModelFile, threads: int, context: int, slots: int) -> Server:
    try:
        server: Server = xllamacpp.Server(_parameters(wanted, file, threads, context, slots))
    except RuntimeError:  # it says no more than that it failed
        raise RespondentError(
            f"{wanted.name}: llama.cpp cannot load {file.path}: the file is damaged, of a kind of "
            f"model that xllamacpp {xllamacpp.__version__} does not know, or larger than memory "
            f"with {slots} conversations of {context:,} tokens. Fetch it again, update xllamacpp, "
            "or write a smaller batch or context in a models file"
        ) from None
    return server


def _parameters(wanted: LlamaModel, file: ModelFile, threads: int, context: int, slots: int) -> Any:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(file.path)
    parameters.n_ctx = context * slots
    parameters.n_parallel = slots
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    parameters.cache_ram_mib = 0  # every open conversation has a slot, and keeps it
    parameters.fit_params = False  # takes what is asked for, or fails
    parameters.warmup = False
    parameters.verbosity = -1
    parameters.api_keys = [secrets.token_hex()]  # it listens on this machine, too
    if wanted.device == "cpu":
        parameters.n_gpu_layers = 0
    return parameters


def _system_role(wanted: LlamaModel, server: Server) -> SystemRole:
    """Whether the chat template says a system message, and the user's.

    Raises
    ------
    RespondentError
        It leaves out what the user says, or refuses a lone message.
    """
    users = [[_message("user", text)] for text in (_SHORT, _LONG)]
    if not _says_more(server, users):
        raise RespondentError(
            f"{wanted.name}: the model's chat template is of no use: it refuses the user's "
            "message, or leaves it out. Give another file of the model"
        )
    systems = [[_message("system", text), *users[0]] for text in (_SHORT, _LONG)]
    return "system" if _says_more(server, systems) else "user"


def _says_more(server: Server, conversations: Iterable[list[Message]]) -> bool:
    """Whether the second, longer conversation comes to more tokens than the first."""
    short, long = (
        count(mapping(_asked(server, messages), "usage"), "prompt_tokens")
        for messages in conversations
    )
    return 0 < short < long


def _asked(server: Server, messages: list[Message], **more: object) -> object:
    body: dict[str, Any] = {"messages": messages, "max_tokens": 1, **more}
    answered: object = server.handle_chat_completions(body)
    return answered


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
