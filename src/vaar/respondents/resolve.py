"""From the names given to ``--model`` to respondents."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from vaar.errors import RespondentError, UnknownModelError
from vaar.respondents.base import Respondent
from vaar.respondents.http.dialect import Provider
from vaar.respondents.http.dialects.gemini import GOOGLE, key_env
from vaar.respondents.http.dialects.hosted_chat import OPENAI
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.registry import HTTP_PROVIDERS
from vaar.respondents.http.respondent import HttpRespondent
from vaar.respondents.inspect_models.respondent import InspectModel, InspectRespondent
from vaar.respondents.key_safety import refuse_keys, refuse_own_key
from vaar.respondents.llama_cpp.model_config import SLOTS, LlamaModel
from vaar.respondents.llama_cpp.model_file import GGUF
from vaar.respondents.llama_cpp.respondent import LlamaRespondent
from vaar.respondents.local.model_config import BATCH, LocalModel
from vaar.respondents.local.published_models import PUBLISHED
from vaar.respondents.local.respondent import LocalRespondent
from vaar.respondents.models_file.entry import PROVIDERS, ModelEntry
from vaar.respondents.models_file.read import read_models_file
from vaar.respondents.simulated.choosers import CHOOSERS
from vaar.respondents.simulated.choosing import ChoosingRespondent
from vaar.respondents.simulated.populations import KNOWN, POPULATIONS, SIMULATED, STEERABLE
from vaar.respondents.simulated.respondent import SimulatedRespondent
from vaar.respondents.simulated.steerable import SteerableRespondent
from vaar.study.conditions import Shift
from vaar.study.model import Study

LOCAL = "hf/"
GGUF_FILE = "gguf/"

_POPULATIONS = dict.fromkeys((*KNOWN, *CHOOSERS))  # each name once
_ALLOWED = (
    f"{SIMULATED}all, {SIMULATED}NAME with NAME one of {', '.join(_POPULATIONS)}; "
    f"openai/NAME for any model behind an OpenAI-compatible endpoint (--base-url); "
    f"PROVIDER/NAME with PROVIDER one "
    f"of {', '.join(list(HTTP_PROVIDERS)[1:])}; {LOCAL}PATH or {GGUF_FILE}PATH for a model "
    f"on this machine, or {' or '.join(PUBLISHED)}, fetched once; "
    "inspect/PROVIDER/MODEL for any model of Inspect AI; or a models file ending in .yaml"
)


def resolve(
    models: Sequence[str | Path], study: Study, base_url: str | None = None
) -> list[Respondent]:
    """Make the respondents of a run.

    Parameters
    ----------
    models : sequence of str or Path
        ``'simulated/<population>'``, ``'simulated/all'`` (or ``'simulated'``), ``'PROVIDER/NAME'``
        with a provider such as ``'openai'``, ``'hf/PATH'``, ``'gguf/PATH'``, ``'smollm2'``,
        ``'inspect/PROVIDER/MODEL'``, or the path of a models file.
    base_url : str, optional
        Address of every ``openai/NAME``, and of a server on one's own machines, where a models file
        names none; otherwise the environment variable ``OPENAI_BASE_URL`` (``openai/`` alone),
        otherwise the provider's usual one.

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
        The base URL is wrong or no model would be asked there, or it or a model's name holds a key.
    """
    for text in map(str, models):
        refuse_keys("the name of a model", text)
    refuse_keys("the base URL", base_url or os.environ.get("OPENAI_BASE_URL", ""))
    respondents = [
        respondent for model in models for respondent in _respondents(model, study, base_url)
    ]
    _check_names([respondent.name for respondent in respondents])
    for respondent in respondents:
        if isinstance(respondent, HttpRespondent):
            refuse_own_key(respondent.endpoint)
    if base_url:
        _check_address(base_url, respondents)
    return respondents


def _check_address(base_url: str, respondents: Sequence[Respondent]) -> None:
    """An address that nobody takes would leave a provider's own in force, unsaid."""
    http = [one.endpoint for one in respondents if isinstance(one, HttpRespondent)]
    if not any(endpoint.base_url == base_url for endpoint in http):
        raise RespondentError(
            f"no model would be asked at the base URL {base_url!r}, which is for openai/, azure/ "
            "and servers of one's own. For others write base_url beside the model in a models file"
        )


def _respondents(model: str | Path, study: Study, base_url: str | None) -> Iterable[Respondent]:
    name = str(model)
    if name.endswith((".yaml", ".yml")):
        return [_listed(entry, study, base_url) for entry in read_models_file(Path(name))]
    if name in ("simulated", f"{SIMULATED}all"):
        return [SimulatedRespondent(population, study) for population in POPULATIONS.values()]
    if name.startswith(SIMULATED):
        return [_simulated(name, study)]
    if name in PUBLISHED:
        return [LocalRespondent(LocalModel(name, name, asked_shifts=_shifts_of(study)))]
    prefix, _, served = name.partition("/")
    if prefix in PROVIDERS and served.strip() and served.isprintable():
        return [_listed(ModelEntry.model_construct(name=name), study, base_url)]
    raise _unknown(name)


def _simulated(name: str, study: Study) -> Respondent:
    kind = name.removeprefix(SIMULATED)
    if kind in CHOOSERS:
        return ChoosingRespondent(CHOOSERS[kind], study)
    if kind not in KNOWN:
        raise _unknown(name)
    if kind == STEERABLE.name:
        return SteerableRespondent(STEERABLE, study)
    return SimulatedRespondent(KNOWN[kind], study)


def _listed(entry: ModelEntry, study: Study, base_url: str | None) -> Respondent:
    if entry.name.startswith(SIMULATED):
        return _simulated(entry.name, study)
    if entry.reached_by == "hf":
        return _local(entry, study)
    if entry.reached_by == "gguf":
        return _gguf(entry)
    if entry.reached_by == "inspect":
        return _inspect(entry)
    return _over_http(entry, base_url)


def _address(entry: ModelEntry, provider: Provider, base_url: str | None) -> str:
    """The address that is written, else the one that was given for such models."""
    if entry.base_url or not provider.any_address:
        return entry.base_url or ""
    of_openai = os.environ.get("OPENAI_BASE_URL", "") if provider.key_env == OPENAI.key_env else ""
    return base_url or of_openai


def _over_http(entry: ModelEntry, base_url: str | None) -> Respondent:
    """A respondent behind a server, of whatever dialect."""
    provider = HTTP_PROVIDERS[entry.reached_by]
    key_variable = entry.api_key_env or (key_env() if provider is GOOGLE else "")
    return HttpRespondent(
        Endpoint(
            name=entry.name,
            model=entry.served,
            base_url=_address(entry, provider, base_url),
            provider=provider,
            options=entry.call_options,
            api_key_env=key_variable,
            key_header=entry.key_header or "",
            headers=entry.extra_headers,
            query=entry.query,
            concurrency=entry.concurrency,
            timeout=entry.timeout,
            attempts=entry.attempts,
            price=entry.asked_price,
            from_file=bool(entry.base_url or entry.api_key_env),
        )
    )


def _local(entry: ModelEntry, study: Study) -> Respondent:
    return LocalRespondent(
        LocalModel(
            name=entry.name,
            path=entry.served,
            device=entry.device,
            dtype=entry.dtype,
            batch=entry.batch or BATCH,
            temperature=entry.temperature,
            shift=None if entry.shift is None else entry.shift.as_shift(),
            value_pairs=tuple(sorted(entry.value_pairs.items())),
            probe_accuracy=entry.probe_accuracy,
            asked_shifts=_shifts_of(study),
        )
    )


def _shifts_of(study: Study) -> tuple[Shift, ...]:
    """The shifts that a study's conditions ask for, each once."""
    asked = (condition.shift for condition in study.conditions)
    return tuple(dict.fromkeys(shift for shift in asked if shift is not None))


def _gguf(entry: ModelEntry) -> Respondent:
    return LlamaRespondent(
        LlamaModel(
            name=entry.name,
            path=entry.served,
            device="cpu" if entry.device == "cpu" else "auto",
            slots=entry.batch or SLOTS,
            context=entry.context,
            temperature=entry.temperature,
        )
    )


def _inspect(entry: ModelEntry) -> Respondent:
    return InspectRespondent(
        InspectModel(
            name=entry.name,
            model=entry.served,
            base_url=entry.base_url,
            api_key_env=entry.api_key_env,
            temperature=entry.temperature,
            structured=entry.structured,
            options=entry.call_options,
            concurrency=entry.concurrency,
            timeout=entry.timeout,
            attempts=entry.attempts,
            price=entry.asked_price,
        )
    )


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
    kinds = (*KNOWN, *CHOOSERS)
    known = [f"{SIMULATED}all", *(SIMULATED + kind for kind in kinds)]
    near = get_close_matches(name, known, n=3, cutoff=0.5) or [
        SIMULATED + kind for kind in get_close_matches(name, kinds, n=3)
    ]
    provider, slash, served = shown.partition("/")
    meant = get_close_matches(provider, PROVIDERS, n=1, cutoff=0.7)
    if not near and meant and slash:
        near = [f"{meant[0]}/{served or 'NAME'}"]
    elif not near and shown.strip():
        near = [_beginning(name) + shown]
    hint = f" Did you mean {' or '.join(near)}?" if near and shown.isprintable() else ""
    return UnknownModelError(f"no model {shown!r}.{hint} Allowed are {_ALLOWED}")


def _beginning(name: str) -> str:
    """What a name without a provider most likely lacks."""
    if name.endswith(GGUF):
        return GGUF_FILE
    return LOCAL if Path(name).is_dir() else "openai/"
