"""What single values cannot show: keys that say nothing of a respondent of its kind."""

from __future__ import annotations

from vaar.respondents.http.dialects.anthropic import HOTTEST
from vaar.respondents.http.registry import HTTP_PROVIDERS
from vaar.respondents.local.model_config import AUTO
from vaar.respondents.models_file.entry import ROUTED, ModelEntry
from vaar.respondents.models_file.values import OWN_FIELDS
from vaar.respondents.simulated.choosers import CHOOSERS
from vaar.respondents.simulated.populations import KNOWN, SIMULATED
from vaar.study.source.issues import suggestion
from vaar.vocabulary import HUMAN

_SHIFTED = {"shift", "value_pairs", "probe_accuracy"}
_LOCAL = {"device", "dtype", "batch", "context", *_SHIFTED}
_ON_THIS_MACHINE = ("hf", "gguf")
_REACHED = {
    *("base_url", "query", "api_key_env", "key_header", "extra_headers", "structured"),
    *("concurrency", "timeout", "attempts", "price"),
}
_SENT = {
    *("top_p", "max_tokens", "thinking_tokens", "reasoning_effort", "reasoning_history"),
    *("extra_body", "omit", "system", "seed", "seed_field", "service_tier", "logprobs"),
    "max_tokens_field",
}
_CHAT_ONLY = {"max_tokens_field", "seed_field", "logprobs", "reasoning_history"}
_IDLE: dict[str, set[str]] = {
    **{
        name: _LOCAL if provider.thoughts_field else _LOCAL | {"reasoning_history"}
        for name, provider in HTTP_PROVIDERS.items()
    },
    "anthropic": _LOCAL | _CHAT_ONLY,
    "google": _LOCAL | _CHAT_ONLY | {"service_tier"},
    "openai-responses": _LOCAL | _CHAT_ONLY,
    "hf": _REACHED | _SENT | {"context"},
    "gguf": _REACHED | _SENT | _SHIFTED | {"dtype"},
    "inspect": _LOCAL
    | {"query", "key_header", "extra_headers"}
    | (
        _SENT
        - {"top_p", "max_tokens", "seed"}
        - {"thinking_tokens", "reasoning_effort", "extra_body"}
    ),
}
_NEVER_OMITTED = {name for name, by in OWN_FIELDS.items() if by == "the conversation"} | {"model"}


def problem_of(entry: ModelEntry, earlier: list[str]) -> str | None:
    """What is wrong with an entry as a whole; None if nothing is.

    Parameters
    ----------
    earlier : list of str
        Names of the entries before it.
    """
    if entry.name in earlier:
        return f'the name "{entry.name}" stands here again; a run needs each name once'
    if entry.name == HUMAN:
        return f'the name "{HUMAN}" is kept for people\'s answers; choose another'
    return (
        _wrong_simulation(entry)
        or _wrong_keys(entry)
        or _no_temperature(entry)
        or _wrong_routing(entry)
        or _wrong_omission(entry)
        or _too_hot(entry)
        or _wrong_device(entry)
    )


def _wrong_keys(entry: ModelEntry) -> str | None:
    """Keys that say nothing about a respondent of this kind, and would be passed over."""
    idle = sorted(entry.model_fields_set & _IDLE[entry.reached_by])
    if not idle:
        return None
    return (
        f'"{entry.name}" is reached by provider {entry.reached_by}, which has no '
        f"{', '.join(idle)}; remove {'it' if len(idle) == 1 else 'them'}, or write another provider"
    )


def _wrong_routing(entry: ModelEntry) -> str | None:
    if not isinstance(entry.provider, dict) or entry.name.startswith(f"{ROUTED}/"):
        return None
    return (
        f'"{entry.name}" says whom a gateway may ask (provider: {{…}}), which is for {ROUTED}; '
        f"begin the name with {ROUTED}/, or put the object under extra_body"
    )


def _wrong_omission(entry: ModelEntry) -> str | None:
    kept = [name for name in entry.omit if name in _NEVER_OMITTED]
    return f'"{entry.name}" may not omit {kept[0]}; remove it' if kept else None


def _no_temperature(entry: ModelEntry) -> str | None:
    if entry.reached_by not in _ON_THIS_MACHINE or entry.sends_temperature:
        return None
    return (
        f'"{entry.name}" has temperature: null, but a model on this machine samples at the '
        "temperature that vaar gives it; write one, or remove the line for the study's"
    )


def _too_hot(entry: ModelEntry) -> str | None:
    if entry.reached_by != "anthropic" or (entry.temperature or 0.0) <= HOTTEST:
        return None
    return (
        f'"{entry.name}" is reached by provider anthropic, which takes temperatures from 0 to '
        f"{HOTTEST:g}, not {entry.temperature:g}; write one of them"
    )


def _wrong_device(entry: ModelEntry) -> str | None:
    if entry.reached_by != "gguf" or entry.device in (AUTO, "cpu"):
        return None
    return (
        f'"{entry.name}" is a GGUF file, whose device is auto (a graphics card as far as it fits, '
        f"where there is one) or cpu, not {entry.device}; write one of them"
    )


def _wrong_simulation(entry: ModelEntry) -> str | None:
    if not entry.name.startswith(SIMULATED):
        return None
    known = [SIMULATED + name for name in (*KNOWN, *CHOOSERS)]
    if entry.name not in known:
        hint = suggestion(entry.name, known)
        return f'no population "{entry.name}"{hint}; allowed are {", ".join(known)}'
    if entry.model_fields_set != {"name"}:
        return (
            f'"{entry.name}" is simulated in process and takes no further keys; remove them, or '
            f"give an endpoint a name that does not begin with {SIMULATED}"
        )
    return None
