"""What a failed call of Inspect AI means: whether another may succeed, and what to do."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vaar.respondents.base import Reply
from vaar.respondents.wire.redaction import clear_reply, quote, withhold

if TYPE_CHECKING:
    from inspect_ai.model import Model, ModelAPI

_SECRET_ENDINGS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
_SHORTEST_SECRET = 8
_SPENT = ("insufficient_quota", "exceeded your current quota", "billing_hard_limit_reached")
_RATE_LIMITED = 429


class Secrets:
    """The keys that a provider may hold, to be taken out of whatever it says.

    Parameters
    ----------
    api : ModelAPI or None
        The provider; its key is taken whether or not it came from the environment.
    """

    def __init__(self, api: ModelAPI | None = None) -> None:
        named = [name for name in os.environ if name.upper().endswith(_SECRET_ENDINGS)]
        held = [os.environ.get(name, "") for name in [*named, *getattr(api, "api_key_vars", ())]]
        own = getattr(api, "api_key", None)
        found = {text.strip() for text in [*held, own] if isinstance(text, str)}
        self._keys = sorted((key for key in found if len(key) >= _SHORTEST_SECRET), key=len)[::-1]

    def quote(self, text: str) -> str:
        """One short printable line without a key, nor a long piece of one."""
        return quote(self._without(text), None)

    def cleared(self, reply: Reply) -> Reply:
        """A reply whose texts hold no key, nor a long piece of one."""
        return clear_reply(reply, self._without)

    def _without(self, text: str) -> str:
        for key in self._keys:
            text = withhold(text, key)
        return text


@dataclass(frozen=True)
class Failure:
    """A call that did not succeed.

    Attributes
    ----------
    said : str
        What the provider said, safe to show.
    kind : str
        As faults are counted: ``'rate_limited'``, ``'server_error'``, …
    passing : bool
        Whether another call may succeed, as the provider itself judges.
    delay : float or None
        Seconds that the server asks to wait.
    remedy : str
        What to do about it, where no further call can succeed; else empty.
    """

    said: str
    kind: str
    passing: bool
    delay: float | None = None
    remedy: str = ""


NO_CHOICE = Failure("an answer without a choice", "unusable_reply", passing=True)


def failure_of(model: Model, error: Exception, secrets: Secrets) -> Failure:
    """Read the error that a call with no repetitions of Inspect's own has raised."""
    from tenacity import RetryError

    cause = _cause(error)
    decision = model.api.should_retry(cause)
    delay = getattr(decision, "retry_after", None)
    return Failure(
        said=secrets.quote(plain_message(cause)) or type(cause).__name__,
        kind=_kind(cause, getattr(decision, "kind", "")),
        passing=isinstance(error, RetryError | TimeoutError),
        delay=float(delay) if isinstance(delay, int | float) else None,
        remedy=_remedy(model, cause),
    )


def plain_message(error: Exception) -> str:
    """The words of an error; those on what is missing come from Inspect with markup."""
    from rich.errors import MarkupError
    from rich.text import Text

    if not _is_prerequisite(error):
        return str(error)
    try:
        return Text.from_markup(str(error)).plain.replace("ERROR:", "").strip()
    except MarkupError:
        return str(error)


def _is_prerequisite(error: Exception) -> bool:
    return type(error).__name__ == "PrerequisiteError"


def _cause(error: Exception) -> Exception:
    """The provider's own error, out of what has been wrapped around it."""
    from tenacity import RetryError

    if isinstance(error, RetryError):
        inner = error.last_attempt.exception()
        return inner if isinstance(inner, Exception) else error
    if hasattr(error, "provider_message") and isinstance(error.__cause__, Exception):
        return error.__cause__  # the message around it repeats the whole request
    return error


def _status(error: Exception) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "code", "status"):
            value = getattr(holder, name, None)
            if isinstance(value, int) and 100 <= value < 600:
                return value
    return None


def _kind(error: Exception, decided: str) -> str:
    status, named = _status(error), type(error).__name__.lower()
    if status == _RATE_LIMITED or decided == "rate_limit":
        return "rate_limited"
    if status is None and (isinstance(error, TimeoutError) or "timeout" in named):
        return "time_out"
    if status is None and (isinstance(error, OSError) or "connect" in named):
        return "connection"
    return "server_error"


def _remedy(model: Model, error: Exception) -> str:
    status, said = _status(error), plain_message(error)
    if any(word in said for word in _SPENT):
        return "Its account has no quota left: top it up, then start again"
    if status in (401, 403) or model.api.is_auth_failure(error):
        where = _variables(model.api.api_key_vars)
        return f"Check the key{where}, and that its owner may use {model}"
    if status == 404:
        return f"Check that the provider knows the model {model.api.model_name!r}"
    return "Mend this, then start again" if _is_prerequisite(error) else ""


def _variables(names: Iterable[str]) -> str:
    known = " or ".join(names)
    return f" in the environment variable {known}" if known else ""
