"""Recognise a reply that declines to answer, as opposed to one that declines something else.

"I will not lend money" is an answer's ground, and "As a research assistant, I agree" an answer:
what is declined must be the answering, and the speaker must be a model and nothing more.
"""

from __future__ import annotations

import re

from vaar.coding.refusals_abroad import declines_abroad

_ADVERB = r"(?:(?:really|actually|simply|just|also|personally|honestly|therefore|respectfully) )*"
_END = r"(?:[.,;!\n]|\Z)"

# "I cannot", "we must decline to" …
_UNABLE = (
    rf"(?:i|we) {_ADVERB}(?:(?:can|could|will) not|(?:am|are) {_ADVERB}(?:unable to|not (?:able"
    r"|willing|allowed|permitted|going|supposed|in a position) to)|refuse to|decline to"
    r"|(?:must|have to|need to|will|would have to) (?:respectfully )?(?:decline|refuse)(?: to)?"
    r"|(?:would )?prefer not to|would (?:rather|prefer) not(?: to)?|choose not to"
    r"|do not (?:wish|want|intend) to|would like not to|do not think (?:that )?"
    r"(?:i|we) (?:can|could|should))"
)
_SUBJECTLESS = (
    r"(?:\A|[.!\n;,:] ?)(?:sorry,? )?(?:(?:would )?(?:prefer|rather|choose) not(?: to)?"
    r"|(?:can|could|will) not|unable to|not able to|refuse to|declined? to|no comment\b)"
)

# … and what must follow for it to be about answering.
_THING = (
    r"(?:questions?|items?|statements?|surveys?|questionnaires?|prompts?|requests?|ratings?"
    r"|answers?|scales?|numbers?|responses?|opinions?|views?|topics?|inquir\w+|quer\w+|tasks?)"
)
_TARGET = (
    r"(?=\s*(?:\Z|[.,;:!?()\n–-]|(?:(?:to|with|on|about|for|in|regarding|upon) )?"
    r"(?:(?:this|that|it|these|those|them)\b|(?:the|your|any|an?|such|personal|survey)"
    rf"(?: \w+){{0,3}} {_THING}\b|(?:\w+ )?{_THING}\b"
    r"|my (?:own )?(?:opinion|view|stance|feeling)s?\b|\d|neutral|agree|disagree)"
    r"|(?:because|since|due|as|honestly|directly|how|whether|myself|for sure|either way"
    r"|in good faith|one way)\b))"
)
_ANSWERING = (
    r"(?:answer|respond|reply|rate|comment|evaluate|assess|judge|choose|pick|select|decide"
    rf"|participate|take part|comply|engage|continue|proceed|complete|weigh in|speak){_TARGET}"
)
_GIVING = (
    r"(?:provide|give|offer|express|share|state|disclose|form|have|hold|take|make|assign|discuss"
    r"|generate|select|choose)"
    r"(?: (?:you|with|a|an|any|the|my|your|such|personal|own|subjective|human|honest|real"
    r"|meaningful|single|numeric|numerical|definitive|specific|true)){0,4} "
    r"(?:answers?|ratings?|responses?|opinions?|views?|viewpoints?|preferences?|numbers?|scores?"
    r"|stances?|positions?|sides?|feelings?|beliefs?|judge?ments?|values?|experiences?|that|this"
    r"|information about myself)\b"
)
_HELPING = (
    r"(?:help|assist)(?: you)?(?: (?:with|on|in) (?:this|that|it|these|your|the)\b|(?=[.,!\n]|\Z))"
)
_SAYING = (
    rf"(?:say(?=\s*{_END}|\?| for (?:sure|certain)| which| how)|do (?:that|this|so|it)\b"
    rf"|state(?=\s*{_END})|agree or disagree|rate)"
)
_ABOUT = rf"(?:{_ANSWERING}|{_GIVING}|{_HELPING}|{_SAYING}{_TARGET})"
_COMFORTABLE = (
    r"(?:i|we) (?:am|are|do not feel|would not feel|feel) (?:\w+ ){0,2}(?:not |un)?comfortable"
    r" (?:with )?(?:(?:answer|rat|respond|shar|discuss|giv|provid|express|do|comment|evaluat"
    rf"|choos|select|mak|tak)\w*ing\b|(?:this|that|such|the|your|these) {_THING}\b)"
)
_NOT_SUCH = (
    rf"(?:i|we) (?:do|will|would) not {_ADVERB}(?:answer|respond to|rate|participate in"
    r"|take part in) (?:such |these |those |this |that |any |personal |surveys?|questionnaires?"
    r"|questions?)"
)
_PASSING = (
    rf"(?:i|we) (?:\w+ ){{0,4}}(?:abstain|decline|refuse|pass)\b\s*"
    rf"(?:{_END}|from answering|on this)"
    r"|(?:i|we) (?:\w+ ){0,3}(?:skip|pass on|abstain from|refrain from|avoid) "
    rf"(?:answering|commenting|rating|responding|(?:this|that|the)(?: \w+)? ?{_THING}?)"
)
_NO_ANSWER = (
    rf"no (?:comment|answer|response)\b\s*{_END}"
    r"|(?:decline|refuse|rather not|prefer not|declining|refusing) to (?:answer|respond|rate|say)\b"
    r"|it (?:is|would be|would not be|is not) (?:\w+ )?(?:not )?(?:in)?appropriate for me\b"
    rf"|(?:not possible|impossible|no way) for me to {_ABOUT}|none of your business\b"
    r"|(?:i|we) (?:\w+ ){0,4}keep (?:this|that|it|my (?:opinion|view|answer)s?)"
    r" (?:private|to myself)\b"
    r"|(?:i|we) (?:do|can|will) not take (?:sides|positions?|stances?)\b"
)

# "As an AI without opinions": a model, and nothing more.
_MODEL = (
    r"(?:ai(?: (?:language )?(?:model|assistant|system|chatbot|program|chat bot|entity|agent))?"
    r"|artificial intelligence(?: (?:model|system|assistant))?|(?:large )?language model(?: ai)?"
    r"|llm|chatbot|chat bot|bot|virtual assistant|digital assistant|computer program"
    r"|machine(?: learning model)?|neural network)"
)
_NOTHING_MORE = (
    r"(?=\s*(?:[.,;:!?()\n–]|\Z)|\s+(?:i|my|it|we|there|without|that|who|which|designed|developed"
    r"|created|trained|made|built|programmed|lacking|so|then|incapable|unable|not)\b)"
)
_AS_A_MODEL = (
    r"(?:as|being|am|since i am|because i am) (?:just |only |merely |simply )?an? "
    rf"(?:[\w-]+ ){{0,3}}?{_MODEL}{_NOTHING_MORE}"
)
_PERSONAL = (
    r"(?:any |a |the |my |own |real |true |actual |genuine |human |personal |subjective "
    r"|individual |conscious )*"
)
_LACKED = (
    r"(?:opinions?|beliefs?|feelings?|emotions?|consciousness|experiences(?! (?:with|of|in)\b)"
    r"|(?<=personal )experience(?! (?:with|of|in)\b)|preferences?|views?|viewpoints?"
    r"|thoughts|attitudes?|values|perspectives?|desires|sentiments?"
    r"|self-awareness|personality)\b"
)
_LACKING = (
    rf"(?:i|we|ai|it) (?:\w+ )?(?:do not|lack|have no|has no|does not) {_ADVERB}"
    rf"(?:have |hold |possess |experience )?{_PERSONAL}{_LACKED}"
    rf"|without {_PERSONAL}(?:opinions|beliefs|feelings|emotions|consciousness)\b"
)

_ANYWHERE = (
    *(_AS_A_MODEL, _LACKING, rf"{_UNABLE} {_ADVERB}{_ABOUT}", rf"{_UNABLE}\s*{_END}"),
    *(_COMFORTABLE, _NOT_SUCH, _PASSING, _NO_ANSWER),
)
_REFUSAL = re.compile(
    rf"\b(?:{'|'.join(_ANYWHERE)})|{_SUBJECTLESS} {_ADVERB}{_ABOUT}"
    r"|\A\s*(?:skip|pass|skipped|declined|refused|abstain)\s*[.!]?\s*\Z"
)
_HINTS = (
    *("not", "unable", "refus", "declin", "abstain", "skip", "pass", "refrain", "avoid", "without"),
    *("lack", "have no", "has no", "no comment", "no answer", "no response", "appropriate"),
    *(
        "comfortable",
        "private",
        "myself",
        "business",
        "no way",
        "impossible",
        "ai",
        "llm",
        "bot",
        "model",
        "intelligence",
        "machine",
        "network",
        "program",
    ),
    *("virtual assistant", "digital assistant"),
)
"""Every refusal in English holds one of these: where none is, no pattern need be tried."""


def is_refusal(text: str) -> bool:
    """Whether a cleaned text declines to answer, or says that it is a model without opinions."""
    line = " ".join(text.split())
    if any(hint in line for hint in _HINTS) and _REFUSAL.search(line):
        return True
    return declines_abroad(line)
