"""The English words that coding knows, by what they do to an answer."""

from __future__ import annotations

import re

from vaar.coding.words import word_set

FIRST_PERSON = word_set("i me my myself")

# Words that can stand between "I" and a label that is said of the speaker.
FILLER = FIRST_PERSON | word_set(
    "answer rating response score choice value option number level selection reply result "
    "say choose chose pick picked select selected rate rated give go answered respond mark put can "
    "do does feel think believe guess find consider am would will be "
    "a an the is was at in it its of on to from between range so this that these for agreement "
    "frequency acceptance with way here there statement question scale points stars likert final "
    "overall own personally personal honest honestly probably perhaps maybe about around roughly "
    "approximately yes no ok okay sure certainly well based and as because since but although "
    "though while however therefore hence thus then given which finally also still just really"
)

# What they say is not what the respondent says.
OTHERS = word_set(
    "people others someone somebody everyone anyone they he she you users user persons person "
    "human humans most many some"
)

NEGATION = word_set(
    "not no nor never none neither without nobody nothing hardly barely scarcely dis non rather "
    "instead unable unlikely doubt refuse decline avoid"
)

# A statement that follows one of these, in its clause, is not the speaker's own.
TAKES_BACK = OTHERS | NEGATION

# A clause that begins with one of these gives a ground or a condition, and no answer.
SUBORDINATORS = word_set("because since although though while whereas if whether unless")

# Words that make a number another one: "three and a half".
FRACTIONS = word_set("half quarter")

# Words that may give a number of a scale with negative ones its sign: "2 (negative)".
NEGATIVE = re.compile(r"\b(?:negative|minus|below zero)\b")

# Words that make a label mean another degree than its own, or only part of the way.
DEGREE = word_set(
    "strongly somewhat slightly very completely totally fully mostly partly partially quite "
    "rather almost nearly hardly barely moderately fairly extremely wholly largely wholeheartedly "
    "entirely absolutely generally usually sometimes occasionally more less too enough"
)

CONDITION = word_set(
    "except unless if whether depends depending extent reservations reservation caveat caveats "
    "unsure or than until unlike only cases part circumstances conditions long provided providing "
    "assuming degree certain limits"
)
RESERVATION = CONDITION | word_set("but however although though while whereas yet")

# Words that turn a sentence with a label in it into a sentence about answering …
ABOUT_ANSWERING = word_set(
    "answer answers answering question questions questionnaire survey comment discuss respond "
    "responding response responses opinion opinions view views scale scales rating ratings rate "
    "ai model assistant preference preferences judge sides request requests prompt say decide "
    "instructions wonder try tries trying strive aim pretend programmed designed mistakes"
)

# … or into an offer to help with it.
SERVICE = word_set("happy glad pleased here ready available sorry thank thanks welcome hope assist")

NO_ANSWER_IN_SENTENCE = NEGATION | DEGREE | RESERVATION | ABOUT_ANSWERING | SERVICE

# A label of these words alone may be a way of opening or acknowledging: "Good. I will answer."
ACKNOWLEDGEMENT = word_set(
    "yes no sure certainly good very well fine great excellent fair right true ok okay absolutely "
    "definitely possible possibly likely probably indeed exactly correct perfect"
)
