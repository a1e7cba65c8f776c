"""What an error means for the call, the session and the respondent, whatever server says it."""

from __future__ import annotations

import re
from enum import Enum, auto

from vaar.respondents.wire.error_reading import ErrorSaid
from vaar.respondents.wire.retries import LONGEST_PAUSE, is_transient


class Meaning(Enum):
    """What an error means. The respondent halts unless it is said otherwise."""

    WITHHELD = auto()  # the question or its reply was blocked: that item's refusal
    SPENT = auto()  # the account has no money left
    ANOTHER_DAY = auto()  # a limit of a day or longer is reached, or the pause is too long
    LOCATION = auto()  # the service is not offered from here
    CONTEXT = auto()  # the conversation is too long: the session ends
    CUT = auto()  # the ceiling was reached before the first word: a cut reply
    FAILED_DRAW = auto()  # what the model wrote did not fit the schema: the call is repeated
    ADDRESS = auto()  # nothing answers chat calls at this address
    KEY = auto()  # the key is not accepted
    MODEL = auto()  # there is no such model
    TRANSIENT = auto()  # the call is repeated
    REJECTED = auto()  # the session ends


_BLOCKED_STATUSES = frozenset({400, 403, 422, 451})
_BLOCKED = re.compile(
    r"content[ _-]?filter|content[ _-]policy|content management policy|responsibleaipolicy"
    r"|content exists risk|data_?inspection_?failed|inappropriate content|requires moderation"
    r"|moderation_blocked|flagged|usage guidelines|usage polic|safety[ _](?:system|check|violation)"
    r"|content[ _]safety|high risk|prohibited[_ ]content|guardrail|invalid_prompt"
    r"|sensitive[ _](?:content|words?|information)|policy violation|violates? (?:our|the|its)"
    r"|input_?blocked|output blocked"
)
_ACCOUNT = re.compile(
    r"(?:account|organi[sz]ation|api key|team).{0,80}"
    r"(?:deactivated|suspended|terminated|banned|disabled|blocked)"
)

_SPENT_CODES = frozenset(
    {
        *(
            "insufficient_quota",
            "billing_hard_limit_reached",
            "billing_error",
            "billing_not_active",
        ),
        *("insufficient_credits", "insufficient_balance", "insufficient_funds", "no_credits"),
        *("enforced_spend_limit_reached", "exceeded_current_quota_error", "payment_required"),
        *("arrearage", "credit_balance_too_low"),
    }
)
_SPENT = re.compile(
    r"insufficient[ _](?:quota|balance|credit|fund)|credit balance is too low|out of credits"
    r"|no credits|credits? (?:are|is|has been|have been) (?:depleted|exhausted|used up)"
    r"|used all (?:available|your)|(?:spending|spend|usage|billing|hard)[ _-]limit"
    r"|reached your specified api usage limits|arrearage|overdue|recharge|top up"
    r"|prepa(?:id|yment) credits"
)
_QUOTA = "exceeded your current quota"
_PER_MINUTE_TOO = "resource_exhausted"
"""Status of Google's errors, whose words on spent and on short-lived quotas are the same."""

_LONG = re.compile(r"per[ _-]?(?:day|week|month)|perday|\b(?:daily|weekly|monthly)\b|\b[rt]pd\b")
_SHORT = re.compile(r"per[ _-]?(?:minute|second|hour)|perminute|\b[rt]p[ms]\b")

_LOCATION = re.compile(
    r"unsupported_country|(?:country|region|territory|location)[^.]{0,40}(?:not|un)[ ]?supported"
    r"|not (?:available|supported|offered) in your (?:country|region|location)"
)
_CONTEXT_CODES = frozenset(
    {
        "context_length_exceeded",
        "exceed_context_size_error",
        "string_above_max_length",
        "request_too_large",
        "model_context_window_exceeded",
    }
)
_CONTEXT = re.compile(
    r"context[ _](?:length|window|size)|maximum context|prompt is too long|prompt too long"
    r"|(?:input|prompt|request)[^.]{0,60}(?:exceeds?|longer than|too long|too large)[^.]{0,60}"
    r"|input token count|too many (?:input |total )?tokens|reduce the length"
)
_CUT = re.compile(r"could not finish the message|max_tokens or model output limit was reached")
_FAILED_DRAW = frozenset({"json_validate_failed", "tool_use_failed", "structured_output_failed"})
_KEY_CODES = frozenset(
    {
        "invalid_api_key",
        "api_key_invalid",
        "unauthenticated",
        "authentication_error",
        "invalid_authentication_error",
        "unauthorized",
    }
)
_MODEL_CODES = frozenset({"model_not_found", "model_not_available", "deploymentnotfound"})


def meaning_of(status: int, said: ErrorSaid, wait: float | None = None) -> Meaning:
    """Read an error.

    Parameters
    ----------
    status : int
        Of the HTTP response, or the one that a gateway tells in its JSON.
    said : ErrorSaid
    wait : float, optional
        Seconds that the server asks to wait.
    """
    text = said.lower
    if status in _BLOCKED_STATUSES and _BLOCKED.search(text) and not _ACCOUNT.search(text):
        return Meaning.WITHHELD
    if _is_spent(status, said):
        return Meaning.SPENT
    if status in (400, 403, 451) and _LOCATION.search(text):
        return Meaning.LOCATION
    if is_transient(status) and _is_long(said, wait):
        return Meaning.ANOTHER_DAY
    if 400 <= status < 500 and _CUT.search(text):
        return Meaning.CUT
    if _is_context(status, said):
        return Meaning.CONTEXT
    if status == 400 and said.codes & _FAILED_DRAW:
        return Meaning.FAILED_DRAW
    return _of_status(status, said)


def _of_status(status: int, said: ErrorSaid) -> Meaning:
    if said.codes & _MODEL_CODES:
        return Meaning.MODEL
    if status in (401, 403) or (400 <= status < 500 and said.codes & _KEY_CODES):
        return Meaning.KEY
    if status in (405, 410) or 300 <= status < 400:
        return Meaning.ADDRESS
    if status == 404:
        return Meaning.MODEL
    return Meaning.TRANSIENT if is_transient(status) else Meaning.REJECTED


def _is_spent(status: int, said: ErrorSaid) -> bool:
    if status == 402 or said.codes & _SPENT_CODES:
        return True
    if status not in (400, 403, 429):
        return False
    ambiguous = _QUOTA in said.lower and _PER_MINUTE_TOO not in said.codes
    return ambiguous or bool(_SPENT.search(said.lower))


def _is_long(said: ErrorSaid, wait: float | None) -> bool:
    if wait is not None and wait > LONGEST_PAUSE:
        return True
    if any("perday" in code for code in said.codes):
        return True
    return bool(_LONG.search(said.lower)) and not _SHORT.search(said.lower)


def _is_context(status: int, said: ErrorSaid) -> bool:
    if status == 413 or said.codes & _CONTEXT_CODES:
        return True
    return status in (400, 422, 500) and bool(_CONTEXT.search(said.lower))
