"""The English words that coding knows, by what they do to an answer."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COUNTING = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty
"""
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

NUMBER_WORDS = {word: number for number, word in enumerate(_COUNTING.split())} | {
    word: 10 * number for number, word in enumerate(_TENS, start=3)
}

FIRST_PERSON = _words("i i'd i'll i'm i've me my myself")

NAMING = _words(
    "answer rating response score choice value option number level selection reply result boxed "
    "selected chosen"
)

# Only a first person can state an answer with one of these …
PERSONAL = _words(
    "say choose chose pick picked select rate rated give go answered respond mark put can do does "
    "feel think believe guess find consider am"
)

# … and also "it", "that", "my answer" with one of these.
AUXILIARY = _words("would will be")
SUBJECTS = FIRST_PERSON | NAMING | _words("it that this")

# Words that can stand beside an answer without changing it.
FILLER = (
    FIRST_PERSON
    | NAMING
    | PERSONAL
    | AUXILIARY
    | {f"{word}-point" for word in NUMBER_WORDS}
    | _words(
        "a an the is was at in it it's its of on to from between range so this that these for "
        "agreement frequency acceptance with way here there statement question scale points stars "
        "likert final overall own personally personal honest honestly probably perhaps maybe about "
        "around roughly approximately yes ok okay sure certainly well hmm based and as because "
        "since but although though while however therefore hence thus then given which finally"
    )
)

# Words beside which "one" is a number and not a pronoun.
BESIDE_ONE = NAMING | _words("is my i i'd would say scale so")

# A number after one of these is the place of a question, not its answer.
PLACES = _words("question item statement q part step section page vignette scenario turn chapter")

# What they say is not what the respondent says.
OTHERS = _words(
    "people others someone somebody everyone anyone they he she you user users person human "
    "humans most many some"
)

NEGATION = _words(
    "not no nor never none neither cannot without nobody nothing hardly barely scarcely dis non "
    "rather instead unable unlikely doubt refuse decline avoid isn't aren't wasn't weren't don't "
    "doesn't didn't can't couldn't won't wouldn't shouldn't haven't hasn't hadn't ain't "
    "dont doesnt didnt cant couldnt wont wouldnt shouldnt isnt"
)

# Words that make a number another one: "three and a half".
FRACTIONS = _words("half quarter")

# Words that make a label mean another degree than its own, or only part of the way.
DEGREE = _words(
    "strongly somewhat slightly very completely totally fully mostly partly partially quite "
    "rather almost nearly hardly barely moderately fairly extremely wholly largely wholeheartedly "
    "entirely absolutely generally usually sometimes occasionally more less too enough"
)

CONDITION = _words(
    "except unless if whether depends depending extent reservations reservation caveat caveats "
    "unsure or than until unlike only cases part circumstances conditions long provided providing "
    "assuming degree certain limits"
)
RESERVATION = CONDITION | _words("but however although though while whereas yet")

# Words that turn a sentence with a label in it into a sentence about answering.
ABOUT_ANSWERING = _words(
    "answer answers answering question questions questionnaire survey comment discuss respond "
    "responding response responses opinion opinions view views scale scales rating ratings rate "
    "ai model assistant preference preferences judge sides request requests prompt "
    "instructions wonder try tries trying strive aim pretend programmed designed"
)

# A clause starts at each of these …
COORDINATORS = _words("but however so therefore hence thus")

# … and at each of these, and then it gives a ground and no answer …
SUBORDINATORS = _words("because since although though while whereas if whether unless")

# … and at "I would", "I'd", "my answer", unless what stands before takes it back.
STATING = _words("would will say choose pick select rate give go put mark")
OWN = _words("own personal final overall honest")

# … and at each of these where what stands before is an answer in numbers; "agree for the most part"
# and "agree on some points" are none, and of these only "that" leaves a label as it is.
ADDITIONS = _words("as for on given and which that with")
AFTER_LABEL = _words("that")
