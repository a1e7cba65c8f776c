"""What a finish reason says about the reply: whole, cut, withheld, or failed."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Ending(StrEnum):
    """How a reply ended."""

    PROPER = "proper"
    CUT = "cut"
    WITHHELD = "withheld"
    FAILED = "failed"


_PROPER = frozenset(
    {
        *("", "none", "null", "stop", "stopped", "stopword", "stopsequence", "stopstring"),
        *("stoptoken", "stopstr", "stopcriteria", "stoppingcriteria", "end", "ended", "endturn"),
        *("endofturn", "endofsequence", "endofsentence", "endoftext", "eos", "eostoken", "eot"),
        *("eotid", "complete", "completed", "done", "finish", "finished", "success", "natural"),
        *("normal", "toolcall", "toolcalls", "tooluse", "functioncall", "functioncalls"),
    }
)
_UNKNOWN = "unknown"  # Inspect AI's name for every reason that it does not know

_PREFIX = re.compile(r"^(?:finish|stop)[_ ]?reason[._: ]*", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[^a-z]+")

_WITHHELD = re.compile(
    "safety|unsafe|filter|block|refus|sensitiv|toxic|prohibit|guardrail|moderat|polic|spii|pii"
    "|recitation|armor|armour|flagged|violat|censor|harm|risk|inspection|copyright|decline"
)
_CUT = re.compile(
    "length|limit|max|token|context|window|truncat|incomplete|budget|continuation|pause|partial"
)


@lru_cache(maxsize=256)
def ending(finish_reason: str) -> Ending:
    """How a reply ended that a server gave this finish reason.

    Parameters
    ----------
    finish_reason : str
        As the server names it; case and punctuation do not matter.

    Returns
    -------
    Ending
        Only the names of a proper end are proper. Any other reason is that the reply was cut,
        withheld by a filter, or failed; one that is not known at all has failed.
    """
    name = _NOT_LETTERS.sub("", _PREFIX.sub("", finish_reason.strip()).lower())
    if name in _PROPER and (name or not finish_reason.strip()):
        return Ending.PROPER
    if _WITHHELD.search(name):
        return Ending.WITHHELD
    if name == _UNKNOWN or _CUT.search(name):
        return Ending.CUT
    return Ending.FAILED
