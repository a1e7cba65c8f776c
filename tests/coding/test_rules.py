"""A change of the coding rules that codes any reply anew raises their version."""

from __future__ import annotations

import hashlib

from support.scales import AGREEMENT, FREQUENCY, HUNDRED, SUPPORT, YES_NO
from vaar.coding.reply import code_reply
from vaar.coding.rules import RULES_VERSION

REPLIES = """
4 | 4. | **4** | four | 4/5 | 4 out of 5 | 80% | 75% | -2 | – 2 | - 2 | minus two | 0 | 6 | 4.5
one | one number | 1. Read it | 1. | 4 - Agree | 4 - disagree | Agree | agree (4)
I agree with this. | I agree, in part | I do not agree | strongly agree
I often help my friends | Never | never (1)
Yes | No | No answer | Yes, I will answer | Answer: 4 | My answer is 4. | I'd say 4 | I might say 4
Most people would say 4 | 3. No: 4 | 3. Wait, no. | 4, not 5 | 3 or 4 | 3-4 | 4? | 4 if it helps
<think>3</think>4 | <think>3 | [THINK]3[/THINK]4 | 3</think> | The user asks. 4 | Reasoning: 3
{"answer": 4} | {'answer': 4} | {"reason": "3"} | {"answer": 4, "rating": 5} | {"answer": true}
I can't answer that. | As an AI, I'd say 4 | As an AI engineer, I agree. | No puedo responder.
I will not lend money. Never. | $4 | $4$ | \\boxed{4} | 4[1] | <del>3</del> 4 | 4<|im_end|>5
anything but 4 | -2/3 | -2 / 3 | 4 on weekdays | ‹think›3‹/think› 4 | 2/3, sorry, -1/3
On a scale of 1 to 5, I'd say 4 | The scale is 5 | For example, 4 | 4 times | I have 4
"""
ENDINGS = ("stop", "length", "content_filter", "other")

DIGESTS = {
    3: "ba6da438d2f58cd7a2223659007c2e858ff4cc4f57e09557038f2d529b73b3d0",
    4: "cb4e74557357410f122dae4d426b6c6c774611ef722f501677d108789da438e1",
}
"""Of the answers below, by the version of the rules; a new version is a new line."""


def digest() -> str:
    """SHA-256 of all answers to the replies above, on five scales, with four finish reasons."""
    said = hashlib.sha256()
    for reply in REPLIES.strip().replace("\n", " | ").split(" | "):
        for scale in (AGREEMENT, FREQUENCY, SUPPORT, HUNDRED, YES_NO):
            for finish_reason in ENDINGS:
                coded = code_reply(reply, scale, finish_reason)
                said.update(f"{reply}|{finish_reason}|{coded.value}|{coded.reason}\n".encode())
    return said.hexdigest()


def test_rules_that_code_a_reply_anew_have_a_new_version() -> None:
    assert digest() == DIGESTS[RULES_VERSION], (
        "the rules code a reply in another way than before: raise RULES_VERSION, say in the "
        "changelog what changed, and add the new digest"
    )
