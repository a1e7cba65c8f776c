"""A chat model in a GGUF file, through llama.cpp in this process."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vaar.errors import RespondentError
from vaar.respondents.base import Reply, Request
from vaar.respondents.llama_cpp.model_config import LlamaModel
from vaar.respondents.llama_cpp.model_file import ModelFile, find
from vaar.respondents.price import Price

if TYPE_CHECKING:
    from vaar.respondents.llama_cpp.engine import LoadedModel


class LlamaRespondent:
    """A chat model in a GGUF file, computed by llama.cpp in this process.

    A reply is drawn with the turn's seed from the model's own probabilities at the request's
    temperature, nothing cut off. What other conversations share its computation changes it by
    rounding alone, which may tip a draw.

    Attributes
    ----------
    price : Price
        Its tokens cost nothing.

    Raises
    ------
    RespondentError
        In ``prepare``, which loads the model: the extra is not installed, or the model cannot be
        used; in ``sent``, which reads the file: there is none, or it is no chat model.
    """

    simulated = False
    price = Price(0.0, 0.0, 0.0)

    def __init__(self, wanted: LlamaModel) -> None:
        self.name = wanted.name
        self.faults: Counter[str] = Counter()
        self._wanted = wanted
        self._loaded: LoadedModel | None = None
        self._threads: ThreadPoolExecutor | None = None

    @property
    def capacity(self) -> int:
        """Conversations that it takes side by side."""
        return self._wanted.slots

    @cached_property
    def _file(self) -> ModelFile:
        return find(self.name, self._wanted.path)

    def prepare(self) -> None:
        """Load the model, once.

        Raises
        ------
        RespondentError
        """
        if self._loaded is None:
            self._loaded = _load(self._wanted, self._file)
            self._threads = ThreadPoolExecutor(self._wanted.slots, "vaar-llama")

    async def reply(self, request: Request) -> Reply:
        """Answer one turn; see :class:`vaar.respondents.base.Respondent`."""
        self.prepare()
        assert self._loaded is not None
        started = time.perf_counter()
        loop = asyncio.get_running_loop()
        reply = await loop.run_in_executor(self._threads, self._loaded.answer, request)
        return replace(reply, latency=time.perf_counter() - started)

    async def close(self) -> None:
        """Let go of the model; a reply under way is not waited for."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self._loaded = self._threads = None

    def sent(self, request: Request) -> dict[str, Any]:
        """What is asked and how, for the record of a run.

        Returns
        -------
        dict
            ``provider``, ``file`` (its name), ``sha256``, ``quantisation``, ``template``,
            ``context``, ``temperature``; no address, so that a copy of the file goes on with the
            run.
        """
        own = self._wanted.temperature
        return {
            "provider": "gguf",
            "file": self._file.path.name,
            "sha256": self._file.sha256,
            "quantisation": self._file.quantisation,
            "template": self._file.template,
            "context": self._wanted.context_of(self._file.trained_context),
            "temperature": request.temperature if own is None else own,
        }

    def adaptations(self) -> list[dict[str, str]]:
        """None: what the template does not take is found out before the first question."""
        return []

    def adopt(self, adaptations: Iterable[Mapping[str, str]]) -> None:
        """Nothing is to be adopted."""


def _load(wanted: LlamaModel, file: ModelFile) -> LoadedModel:
    try:
        from vaar.respondents.llama_cpp.loading import load
    except ImportError as error:
        raise RespondentError(
            f"{wanted.name}: a GGUF file is computed by xllamacpp, which is not installed "
            f"({error}); pip install 'vaar[gguf]'"
        ) from None
    return load(wanted, file)
