"""Classify the marks in a reply: tags, special tokens of chat templates, marks of thoughts.

What a mark encloses is text of the reply only where the mark is known to hold text. Every other
mark may hold a thought, and is treated as if it did.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

from vaar.coding.words import word_set

OPEN, CLOSE = "\ue000", "\ue001"
"""Where a thought begins, and where it ends."""
ASIDE, ASIDE_END = "\ue002", "\ue003"
"""Where an explanation begins, and where it ends: it may follow the answer."""
TURN_END = "\ue004"
"""Where the template says that the turn is over."""
ROLE = "\ue005"
"""Where the template says that somebody else speaks."""
SPEAKER = "\ue006"
"""Where the template says that the assistant speaks."""


_THOUGHT = word_set(
    "think thinking thinks thought thoughts thinker reasoning reasoner reflection reflections "
    "reflect scratchpad scratch analysis analyse analyze monologue cot deliberation deliberate "
    "cogitation musing planning plan inner internal draft brainstorm commentary contemplation "
    "contemplator 思考 思考过程 推理 思维"
)
_EXPLANATION = word_set(
    "reason reasons rationale explanation explain justification justify comment comments note "
    "notes evidence details motivation"
)
_TEXT = word_set(
    # HTML
    "a abbr article b big blockquote body br button center cite code dd div dl dt em figure font "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html i img input ins kbd label li mark math mi "
    "mn mrow nav ol option p pre q samp section select small span strong sub summary sup table "
    "tbody td tfoot th thead title tr tt u ul var "
    # an answer, or a call that gives it
    "answer answers final finalanswer response result results rating ratings score value choice "
    "selection output solution reply number num conclusion verdict box boxed root xml data item "
    "items question questions json tool_call tool_calls toolcall toolcalls function_call "
    "function_calls functioncall function functions invoke parameter parameters arguments params "
    "tool tools call"
)
_ANSWER = word_set("answer final response result rating output solution")
_DELETED = re.compile(
    r"<(del|strike)\b[^<>]{0,100}>.{0,500}?</\1\s*>|<s>.{0,500}?</s>(?=\s*\S)|~~[^~]{0,500}~~",
    re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?\?>", re.DOTALL)

_BRACKETS = str.maketrans(
    {"＜": "<", "＞": ">", "｜": "|", "▁": "_", "◁": "<", "▷": ">", "⟨": "<", "⟩": ">"}
)
_ODD_MARKS = (
    (
        re.compile(
            r"[‹〈«《]\s*(?P<slash>/?)\s*"
            r"(?P<name>(?:think|thought|reason|reflect|scratch|analy)\w{0,12})\s*[›〉»》]",
            re.IGNORECASE,
        ),
        r"<\g<slash>\g<name>>",
    ),
    (re.compile(r"<unused94>(?:thought\b)?"), "<think>"),
    (re.compile(r"<unused95>"), "</think>"),
)
_ESCAPES = (
    (re.compile(r"\\u003c|%3c|\\x3c", re.IGNORECASE), "<"),
    (re.compile(r"\\u003e|%3e|\\x3e", re.IGNORECASE), ">"),
    (re.compile(r"\\(?=[<>/|\[\]])"), ""),
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\ue000-\ue00f]")

_TEMPLATE = word_set(
    "im start end eot eom eos bos pad unk sep id begin of text turn header headers role assistant "
    "user system human bot model gpt endoftext endofturn endoftext endofprompt fim prefix suffix "
    "middle sentence box return message call s sys inst response chatbot token start_of_turn "
    "end_of_turn constrain eod document"
)
_TURN_ENDS = word_set(
    "im_end eot_id eom_id eot eos end_of_turn endofturn end_of_text endoftext end_of_sentence "
    "return end end_turn eod end_of_message end_of_turn_token end_of_response end_response"
)
_BARE_TOKENS = word_set("s bos pad unk start_of_turn sys inst")
_ROLES = word_set("user system human tool function")
_SPEAKERS = word_set("assistant model bot gpt ai chatbot")

_TAG = re.compile(
    r"<\s*(?P<slash>/?)\s*(?P<bar>\|?)\s*(?P<inner>/?)\s*"
    r"(?P<name>[^\W\d_][\w:.\-|]*)(?P<rest>(?:\s[^<>]{0,300})?|/)>"
)
_UNFINISHED = re.compile(r"<\s*\|?\s*(?P<name>[^\W\d_][\w:.\-]*)(?=\s|\Z)")
_SQUARE = re.compile(
    r"\[\s*(?P<slash>/?)\s*(?P<name>[^\W\d_][\w \-]{1,30})\]|【(?P<cjk>/?[^\W\d_]{2,12})】"
)
_CHANNEL = re.compile(r"<\|channel\|?>\s*(?P<name>[a-z]*)[^<\n]{0,80}", re.IGNORECASE)
_CHANNEL_END = re.compile(r"<channel\|>", re.IGNORECASE)
_MESSAGE = re.compile(r"<\|?(?:message|constrain)\|?>(?:\s*json\b)?", re.IGNORECASE)
_HEADER = re.compile(
    r"<\|?(?:im_start|start_header_id|start_of_turn|start|role)\|?>\s*(?P<role>\w+)\b"
    r"[^\S\n]*(?:<\|?end_header_id\|?>)?",
    re.IGNORECASE,
)
_FENCED = re.compile(
    r"```[ \t]*(?:think\w*|thought\w*|reason\w*|analysis|scratchpad)\b.*?(?P<end>```|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_VALUE = re.compile(r"\bvalue\s*=\s*[\"'](?P<value>[^\"']*)[\"']")
_PARTS = re.compile(r"(?<=[a-z])(?=[A-Z])|[^\w]+|_+|(?<=\D)(?=\d)")


def marked(text: str, known: Collection[str] = ()) -> str:
    """Put one private character for every mark that bounds a thought, an explanation or a turn.

    Parameters
    ----------
    text : str
    known : collection of str
        Names of further tags that hold text of the reply, in lower case: the codes of a block.

    Returns
    -------
    str
        The text with plain brackets; tags that hold text are left as they are, and those of a
        chat template are gone. Deleted text and comments are gone too.
    """
    text = _INVISIBLE.sub("", _plain_brackets(text))
    if not any(sign in text for sign in "<[【`~"):
        return text
    text = _FENCED.sub(lambda fence: OPEN + (CLOSE if fence["end"] else ""), text)
    text = _DELETED.sub(" ", _COMMENT.sub(" ", text))
    text = _CHANNEL_END.sub(CLOSE, _CHANNEL.sub(_channel, text))
    text = _MESSAGE.sub(" ", text)
    text = _HEADER.sub(lambda header: _role(header["role"].lower()), text)
    text = _TAG.sub(lambda tag: _tag(tag, known), text)
    text = _UNFINISHED.sub(lambda tag: OPEN if _is_thought(tag["name"]) else tag[0], text)
    return _SQUARE.sub(_square, text)


def _plain_brackets(text: str) -> str:
    text = text.translate(_BRACKETS) if not text.isascii() else text
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "\\" in text or "%3" in text:
        for escape, plain in _ESCAPES:
            text = escape.sub(plain, text)
    if not text.isascii() or "<unused9" in text:
        for mark, plain in _ODD_MARKS:
            text = mark.sub(plain, text)
    return text


def _channel(channel: re.Match[str]) -> str:
    return CLOSE if channel["name"].lower() == "final" else OPEN


def _role(name: str) -> str:
    if name in _SPEAKERS:
        return SPEAKER
    return ROLE if name in _ROLES else OPEN


def _tag(tag: re.Match[str], known: Collection[str]) -> str:
    name = tag["name"].strip("|").lower()
    closes = bool(tag["slash"] or tag["inner"])
    special = bool(tag["bar"]) or "|" in tag["name"] + tag["rest"]
    parts = _parts(tag["name"])
    if _is_thought(tag["name"]):
        ends = closes or name.startswith("end") or not parts.isdisjoint({"end", "stop"})
        return CLOSE if ends or tag["rest"].strip() == "/" else OPEN
    if not parts.isdisjoint(_EXPLANATION):
        return ASIDE_END if closes or "end" in parts else ASIDE
    if name in known or _names_known(tag["rest"].lower(), known):
        return tag[0]
    if parts <= _ANSWER and (value := _VALUE.search(tag["rest"])):
        return f" {value['value']} "
    if not special and (name in _TEXT or parts <= _TEXT):
        return tag[0]
    return _template(name, parts, closes, special)


def _names_known(rest: str, known: Collection[str]) -> bool:
    return any(f'"{code}"' in rest or f"'{code}'" in rest for code in known)


def _template(name: str, parts: frozenset[str], closes: bool, special: bool) -> str:
    if name in _TURN_ENDS or (name == "s" and closes):
        return TURN_END
    if name in _ROLES:
        return ROLE if not closes else TURN_END
    if name in _SPEAKERS:
        return SPEAKER if not closes else TURN_END
    if parts <= _TEMPLATE | _TEXT and (special or name in _BARE_TOKENS):
        return " "
    return CLOSE if closes or "end" in parts else OPEN


def _square(mark: re.Match[str]) -> str:
    if mark["cjk"]:
        name, closes = mark["cjk"].lstrip("/"), mark["cjk"].startswith("/")
    else:
        name, closes = mark["name"], bool(mark["slash"])
    parts = _parts(name)
    if not parts.isdisjoint(_THOUGHT) and len(parts) <= 3:
        return CLOSE if closes or "end" in parts else OPEN
    if parts <= {"inst", "sys"}:
        return CLOSE if closes else ROLE
    return " " if parts <= _ANSWER else mark[0]


def _parts(name: str) -> frozenset[str]:
    return frozenset(part.lower() for part in _PARTS.split(name) if part)


def _is_thought(name: str) -> bool:
    return (
        not _parts(name).isdisjoint(_THOUGHT) or re.search("think|thought", name, re.I) is not None
    )
