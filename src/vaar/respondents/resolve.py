"""From the names given to ``--model`` to respondents."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from vaar.errors import UnknownModelError
from vaar.respondents.base import Respondent
from vaar.respondents.http.dialect import Dialect
from vaar.respondents.http.dialects.anthropic import ANTHROPIC_MESSAGES
from vaar.respondents.http.dialects.gemini import GEMINI, key_env
from vaar.respondents.http.dialects.openai_chat import CHAT_COMPLETIONS
from vaar.respondents.http.endpoint import OPENAI_BASE_URL, Endpoint
from vaar.respondents.http.respondent import HttpRespondent
from vaar.respondents.inspect_models.respondent import InspectModel, InspectRespondent
from vaar.respondents.local.model_config import LocalModel
from vaar.respondents.local.respondent import LocalRespondent
from vaar.respondents.models_file import PROVIDERS, ModelEntry, Provider, read_models_file
from vaar.respondents.simulated.populations import POPULATIONS, SIMULATED
from vaar.respondents.simulated.respondent import SimulatedRespondent
from vaar.study.model import Study

OPENAI = "openai/"
LOCAL = "hf/"

_ALLOWED = (
    f"{SIMULATED}all, {SIMULATED}NAME with NAME one of {', '.join(POPULATIONS)}; {OPENAI}NAME for "
    f"any model behind an OpenAI-compatible endpoint (--base-url); anthropic/NAME "
    f"and google/NAME for models of Anthropic and Google; {LOCAL}PATH for a model on this machine; "
    "inspect/PROVIDER/MODEL for any model of Inspect AI; or a models file ending in .yaml"
)


def resolve(
    models: Sequence[str | Path], study: Study, base_url: str | None = None
) -> list[Respondent]:
    """Make the respondents of a run.

    Parameters
    ----------
    models : sequence of str or Path
        ``'simulated/<population>'``, ``'simulated/all'`` (or ``'simulated'``), ``'openai/NAME'``,
        ``'anthropic/NAME'``, ``'google/NAME'``, ``'hf/PATH'``, ``'inspect/PROVIDER/MODEL'``, or
        the path of a models file.
    base_url : str, optional
        Endpoint of every ``openai/NAME``, and of models in a file that name none; otherwise the
        environment variable ``OPENAI_BASE_URL``, otherwise OpenAI's own.

    Returns
    -------
    list of Respondent
        In the order given; close each when done.

    Raises
    ------
    UnknownModelError
        A name is of no known form, names no population, or is given twice; or none is given.
    StudyError
        A models file is wrong.
    RespondentError
        The base URL is wrong.
    """
    address = base_url or os.environ.get("OPENAI_BASE_URL") or OPENAI_BASE_URL
    respondents = [
        respondent for model in models for respondent in _respondents(model, study, address)
    ]
    _check_names([respondent.name for respondent in respondents])
    return respondents


def _respondents(model: str | Path, study: Study, address: str) -> Iterable[Respondent]:
    name = str(model)
    if name.endswith((".yaml", ".yml")):
        return [_listed(entry, study, address) for entry in read_models_file(Path(name))]
    if name in ("simulated", f"{SIMULATED}all"):
        return [SimulatedRespondent(population, study) for population in POPULATIONS.values()]
    if name.startswith(SIMULATED):
        return [_simulated(name, study)]
    prefix, _, served = name.partition("/")
    if prefix in PROVIDERS and served.strip() and served.isprintable():
        return [_listed(ModelEntry.model_construct(name=name), study, address)]
    raise _unknown(name)


def _simulated(name: str, study: Study) -> SimulatedRespondent:
    population = POPULATIONS.get(name.removeprefix(SIMULATED))
    if population is None:
        raise _unknown(name)
    return SimulatedRespondent(population, study)


def _listed(entry: ModelEntry, study: Study, address: str) -> Respondent:
    if entry.name.startswith(SIMULATED):
        return _simulated(entry.name, study)
    return _MAKERS[entry.reached_by](entry, address)


def _over_http(dialect: Dialect, entry: ModelEntry, base_url: str | None) -> Respondent:
    """A respondent behind a server that speaks a dialect."""
    return HttpRespondent(
        Endpoint(
            name=entry.name,
            model=entry.served,
            base_url=entry.base_url or base_url or dialect.base_url,
            api_key_env=entry.api_key_env or dialect.key_env,
            temperature=entry.temperature,
            max_tokens_field=entry.max_tokens_field,
            structured=entry.structured,
            concurrency=entry.concurrency,
            timeout=entry.timeout,
            attempts=entry.attempts,
            price=entry.asked_price,
        ),
        dialect,
    )


def _openai(entry: ModelEntry, address: str) -> Respondent:
    return _over_http(CHAT_COMPLETIONS, entry, address)


def _anthropic(entry: ModelEntry, address: str) -> Respondent:
    return _over_http(ANTHROPIC_MESSAGES, entry, None)


def _google(entry: ModelEntry, address: str) -> Respondent:
    keyed = entry.model_copy(update={"api_key_env": entry.api_key_env or key_env()})
    return _over_http(GEMINI, keyed, None)


def _local(entry: ModelEntry, address: str) -> Respondent:
    return LocalRespondent(
        LocalModel(
            name=entry.name,
            path=entry.served,
            device=entry.device,
            dtype=entry.dtype,
            batch=entry.batch,
            temperature=entry.temperature,
        )
    )


def _inspect(entry: ModelEntry, address: str) -> Respondent:
    return InspectRespondent(
        InspectModel(
            name=entry.name,
            model=entry.served,
            base_url=entry.base_url,
            api_key_env=entry.api_key_env,
            temperature=entry.temperature,
            structured=entry.structured,
            concurrency=entry.concurrency,
            timeout=entry.timeout,
            attempts=entry.attempts,
            price=entry.asked_price,
        )
    )


_MAKERS: dict[Provider, Callable[[ModelEntry, str], Respondent]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "google": _google,
    "hf": _local,
    "inspect": _inspect,
}


def _check_names(names: Sequence[str]) -> None:
    if not names:
        raise UnknownModelError(f"no model is given; allowed are {_ALLOWED}")
    for position, name in enumerate(names):
        if name in names[:position]:
            raise UnknownModelError(
                f"the model {name!r} is given twice; name each once, or give the second another "
                "name in a models file"
            )


def _unknown(name: str) -> UnknownModelError:
    shown = name[:100]
    known = [f"{SIMULATED}all", *(SIMULATED + population for population in POPULATIONS)]
    near = get_close_matches(name, known, n=3, cutoff=0.5) or [
        SIMULATED + population for population in get_close_matches(name, POPULATIONS, n=3)
    ]
    provider, slash, served = shown.partition("/")
    meant = get_close_matches(provider, PROVIDERS, n=1, cutoff=0.7)
    if not near and meant and slash:
        near = [f"{meant[0]}/{served or 'NAME'}"]
    elif not near and shown.strip():
        near = [(LOCAL if Path(name).is_dir() else OPENAI) + shown]
    hint = f" Did you mean {' or '.join(near)}?" if near and shown.isprintable() else ""
    return UnknownModelError(f"no model {shown!r}.{hint} Allowed are {_ALLOWED}")
