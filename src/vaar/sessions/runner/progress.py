"""Where the asking of a run stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Where a run stands.

    Attributes
    ----------
    complete, failed : int
        Sessions that ended in this call.
    turns : int
        Replies received in this call.
    input_tokens, output_tokens : int
        Summed over those replies.
    halted : dict
        Respondents to which no call can succeed, and why; their sessions stay pending.
    faults : dict
        Calls that did not succeed, by respondent and kind.
    stopped : str
        The cap that was reached, in words; empty while none was.
    uncounted : Counter
        By respondent, replies that came without a count of tokens, in this call and as far as caps
        want it in earlier ones.
    """

    complete: int = 0
    failed: int = 0
    turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    halted: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Counter[str]] = field(default_factory=dict)
    stopped: str = ""
    uncounted: Counter[str] = field(default_factory=Counter)
