"""The forms in which an answer is given, as patterns over the words of a clause.

A clause is written as its words, each followed by a space; a number is ``#``, a label ``@``, the
word "one" ``§`` where it may be a pronoun, and a number whose meaning is unclear ``¤``. An answer
has one of a closed list of forms; whatever has none of them answers nothing.
"""

from __future__ import annotations

import re
import unicodedata


def _any(words: str) -> str:
    """Any of some words, as :mod:`vaar.coding.text.clean` leaves them."""
    return "(?:" + "|".join(unicodedata.normalize("NFKC", words).split()) + ")"


_ANSWER = _any(
    "answers? ratings? response score choice selection reply result value option number level pick "
    "vote verdict ans conclusion final boxed agreement acceptance frequency likelihood "
    "antwort bewertung respuesta calificación puntuación réponse risposta valutazione punteggio "
    "resposta avaliação pontuação antwoord beoordeling svar odpowiedź ocena cevap yanıt puan "
    "ответ оценка відповідь jawaban vastaus 答案 回答 评分 得分 选择 評価 答え "
    "답변 대답 응답 점수 답 الإجابة الجواب التقييم پاسخ उत्तर जवाब উত্তর பதில் คำตอบ"
)
_OWN = _any(
    "final overall own personal honest best numerical numeric chosen selected likert current "
    "official single correct right most appropriate suitable answer"
)
_ASKED = _any(
    "statement question item sentence claim one scenario situation vignette case survey prompt "
    "story request matter"
)
_POSSESSIVE = _any("my the your our an? this that")
_BE = _any("is was be are")
_MODAL = _any("would will do did must shall")
_SAY = _any(
    "say choose chose pick picked select selected answer answered respond responded reply go put "
    "mark rate rated score give assign set place report enter opt vote settle stay stick"
)
_THINK = _any("think believe guess feel suppose say find consider reckon")
_ADVERB = _any(
    "just probably definitely personally honestly still simply likely therefore then maybe also "
    "really perhaps certainly"
)

_ON = r"(?:on|using|from|with|given|in|of|per|within|based) "
_A = r"(?:a|an|the|this|your|that|\w+-point|likert|rating|response|numeric|given|provided|echo) "
_SCALE = (
    rf"(?:(?:{_ON}){{1,3}}(?:{_A}){{0,4}}scale (?:(?:of|from) )?"
    rf"|(?:{_ON}){{0,3}}(?:{_A}){{0,4}}(?:scale (?:of|from) )?echo (?:scale )?)"
)
_NAME = (
    rf"(?:(?:here|this|that|it) (?:is|was|would be) )?(?:{_POSSESSIVE} )?(?:{_OWN} )*"
    rf"(?:(?:level|degree|extent) of \w+ |{_ANSWER} (?:(?:{_ANSWER}|level) )?)"
    rf"(?:(?:to|for|on|of|about|regarding) (?:it |(?:this|that|the|your) (?:{_ASKED} )?))?"
    rf"(?:{_BE} )?(?:[(] echo [)] |{_SCALE}){{0,2}}"
)
_LINK = r"(?:[-–:=→|] |(?:is|was|are|remains|stays|equals) |(?:would|will|must|has to) be )"
_NAMED = rf"{_NAME}{_LINK}{{0,3}}(?:[(] {_NAME}{_LINK})?"
_STEPS = rf"(?:(?:{_MODAL}|{_ADVERB}|have to|am going to|going to|want to|like to|let us) ){{0,4}}"
_OBJECT = (
    r"(?:(?:it|this|that|myself) (?:one )?"
    r"|(?:this|that|the|my|your) (?:(?:level|degree|amount|extent) of )?\w+ )?"
    rf"(?:with (?:it|this|that) (?:{_ASKED} )?)?"
)
_STATED = (
    rf"(?:(?:i|we) {_STEPS}|let us )(?:{_SAY} ){_OBJECT}"
    r"(?:(?:as|at|with|on|for|by|in|that|to be|it as) )?(?:[:=-] )?"
)
_THOUGHT = (
    rf"(?:i|we) {_STEPS}(?:{_THINK} )(?:that )?"
    rf"(?:(?:(?:it|this|that) |{_NAME})(?:is|would be|deserves) )?"
)
_IT = (
    r"(?:(?:it|this|that|here) (?:is|was|would be|will be|feels like|feels|seems like|seems"
    r"|deserves|gets|rates|scores|earns) )"
)
_I_AM_AT = r"i (?:am|would be) (?:(?:at|around|about) |(?=an? ))"
_I_AM = r"i (?:am|would be|feel|remain) "
_I_LABEL = (
    r"(?:i (?:would |will |must |have to |would have to )?(?:say|think|believe|feel|guess) "
    rf"(?:that )?)?i (?:(?:{_MODAL}|personally|still|also|honestly|just|therefore) )*"
)
_BEFORE_NUMBER = (
    rf"(?:(?:about|around|roughly|approximately|probably|maybe|perhaps|just|simply) )?"
    rf"(?:(?:an?|the|my) )?(?:(?:solid|clear|firm|definite|strong) )?"
    rf"(?:{_ANSWER} (?:of |number |: )?|points? )?(?:(?:an?|about|around) )?"
)

_OPENER = (
    r"(?:(?:(?:yes|no(?! [#@])|nope|yeah|yep|ok|okay|sure|certainly|well|h+m+|u+m+|u+h+|oh|ah|so"
    r"|and|thus|therefore|hence|then|now|alright|right|great|actually|wait|rather|instead|sorry|correction"
    r"|or|but|definitely|absolutely|personally|honestly|overall|finally|maybe|perhaps|probably"
    r"|assistant|ai|model|respondent|me|a|i mean|make (?:it|that)|let me say|(?:for|to) me"
    r"|of course|in (?:my (?:opinion|case|view)|short|summary|conclusion)|on balance|all in all"
    r"|speaking for myself|better|more like|closer to)"
    rf"|[-–•:→|(\[{{]|a [)]) |{_SCALE})"
)

_OPENING, _CLOSING = r"(?:[(\[{|] ){0,4}", r"(?:[)\]}|] ){0,4}"
_UNIT = r"(?:(?:points?|stars?|pts) )?"
_POINT = rf"(?:# {_CLOSING}{_UNIT}|@ {_CLOSING})"
_VALUE = rf"{_OPENING}{_POINT}(?:(?:[-–:=→|/(\[{{)\]}}] ){{0,6}}{_POINT})*"
_AFTERWARDS = rf"(?:is {_POSSESSIVE} (?:{_OWN} )*{_ANSWER} )?"
_ABOUT_IT = (
    rf"(?:(?:with|about|on) (?:(?:this|that|the) (?:\w+ )?{_ASKED}|it|this|that) )?(?:here )?"
    r"(?:i (?:do|am|would|have|feel) (?:(?:it|this|that|so) )?)?"
)

ANSWER = re.compile(
    rf"(?:{_OPENER}){{0,8}}(?:"
    rf"(?:{_NAMED}|{_STATED}|{_THOUGHT}|{_IT}|{_I_AM_AT})?{_BEFORE_NUMBER}(?={_OPENING}#)"
    rf"|(?:{_NAMED}|{_STATED}|{_THOUGHT}|{_IT}|{_I_AM}|{_I_LABEL})?(?={_OPENING}@)"
    rf")(?P<value>{_VALUE})(?:(?<=@ ){_ABOUT_IT})?{_AFTERWARDS}"
)
"""A clause, or the beginning of one, that gives an answer."""

_SOMETIMES = _any(
    "weekdays weekends mondays fridays saturdays sundays work home school night times best most "
    "least summer winter private public theory practice friends strangers family others women men "
    "children adults emergencies"
)
"""What limits an answer to some cases: "3 on weekdays"."""

AFTER_NUMBER = re.compile(
    rf"(?!(?:on|in|at|for|with|to) (?:my |the |good |bad )?{_SOMETIMES} )(?:"
    r"\Z|[-–:=→|/()\[\]{}] |(?:as|for|on|given|which|that|with|i|overall|then|here|please|because"
    r"|since|to me|if i had to) |and (?![#@§¤]|an? |half|up|above|over|more|counting|below|under))"
)
"""What may follow a number that is an answer."""

AFTER_LABEL = re.compile(r"\Z|[-–:=→|/()\[\]{}] |(?:that|because|since) ")
"""What may follow a label that is an answer: it leaves the label as it is."""

PLAIN_ANSWER = re.compile(rf"(?:(?:{_NAMED})?{_OPENING}(?=[#@])|i (?=@)){_VALUE}")
"""An answer and no word beside it but its name: "4 - agree", "Answer: 4", "I agree"."""

ONE = re.compile(
    rf"\A(?P<before>(?:{_OPENER}){{0,8}}(?:{_NAMED}|i would say |it is )?{_OPENING})(?<!\bno )§ "
    r"(?=\Z|[-–:=→|/()\[\]{}] |(?:because|since) )"
)
"""The word "one" where it is a number and no pronoun."""

DENIAL = re.compile(
    r"(?:(?:and |but )?not|rather than|instead of|as opposed to"
    r"|other than|except(?: for)?) "
    r"(?:(?:an?|the|quite|really|exactly|just|at|necessarily|only) )*(?P<denied>[#@§¤]) "
)
"""A value that is denied by the words directly before it."""

NEGATED = re.compile(
    r"(?:not|nor|never|neither|none|without|nobody|nothing|hardly|barely|scarcely|unable|unlikely"
    r"|refuse|decline|avoid|dis|non) (?:[^\s:=→–\-(|]+ )*\Z"
)
"""Words after which a value is denied, up to the value itself."""

REVISION = re.compile(
    r"\b(?:no|wait|rather|instead|actually|correction|more like|closer to|better|scratch|change|"
    r"should be|(?:could|might|may) (?:also |well )?be"
    r"|meant|mean|sorry|second thought|reflection|reconsider\w*)\b"
)
"""Words with which an answer is changed."""

CONDITION = re.compile(
    r"\A(?:if|unless|provided|providing|assuming|depending|depends) "
    r"(?!i (?:had|have|must|really had)|you |pressed|forced|asked|pushed|need be|anything)"
)
"""A clause that makes the answer before it hold in some cases only."""

SUPPOSITION = re.compile(
    r"\b(?:for example|for instance|example|sample|hypothetical|format|template|were (?:an? )?human"
    r"|were (?:an? )?person|was (?:an? )?human)\b"
)
"""A clause that makes the answer after it an example, or somebody else's."""

QUALIFIER = re.compile(
    r"\A(?:but |and |, )?(?:at least )?(?:in|up|to|on|with|for|at|by|within) (?:[a-z]+ ){1,3}\Z"
)
"""A few words that take back a part of the label before them: "in part", "up to a point"."""

_DEGREE_OF = r"(?:agree|accept|approv|likely|willing|comfort|concern|worr|important|true|my )"
DENYING_GLOSS = re.compile(
    rf"\A(?:[-–:=→|(] )+(?:[a-z]+ ){{0,3}}(?:no|not|without|lack) (?:[a-z]+ ){{0,2}}{_DEGREE_OF}"
    r"|\A(?:[-–:=→|(] )+(?:[a-z]+ ){0,2}(?:dis[a-z]+|un(?:likely|sure|acceptable|willing)) "
)
"""A few words behind a number that may explain it as another: "4 = no agreement"."""

BESIDE = re.compile(r"(?:[-–:=→|/(\[{)\]}] )+(?:[a-z]+ ){0,2}@ ")
"""A label that stands directly beside the answer before it."""

DOUBT = re.compile(
    r"(?:but|however|wait|h+m+|actually|although|though|yet|no|or|on|let|alternatively|maybe|perhaps"
    r"|still|then again|except|unless|if) "
)
"""The beginning of a sentence that goes on to weigh what was said before it."""

WITHDRAWAL = re.compile(
    r"(?:\A|\b)(?:hold on|scratch that|strike that|correction|(?:on )?second thoughts?"
    r"|on reflection|let me (?:think again|reconsider|rethink|re-?evaluate|re-?think)|reconsider\w*"
    r"|i (?:take|took) (?:that|it) back|i(?: have)? changed? my mind"
    r"|that is (?:wrong|not right|incorrect|a mistake)) |\A(?:(?:wait|no|nope|actually|h+m+) )+\Z"
)
"""A clause that takes back what was said before it."""
