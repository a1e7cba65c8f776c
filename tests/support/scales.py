"""Response scales of many kinds, and how a coded reply is written in a table."""

from __future__ import annotations

from vaar.coding.answer import Answer, Reason
from vaar.study.model import ResponseScale

AGREEMENT = ResponseScale(
    ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
)
SEVEN = ResponseScale(
    (
        *("Strongly disagree", "Disagree", "Somewhat disagree", "Neither agree nor disagree"),
        *("Somewhat agree", "Agree", "Strongly agree"),
    )
)
FREQUENCY = ResponseScale(("Never", "Rarely", "Sometimes", "Often", "Always"))
ACCEPTANCE = ResponseScale(
    (
        *("Completely unacceptable", "Somewhat unacceptable", "Neutral"),
        *("Somewhat acceptable", "Completely acceptable"),
    )
)
FROM_ZERO = ResponseScale(("Not at all", "A little", "A lot"), first=0)
BAD_TO_GOOD = ResponseScale(("Very bad", "Bad", "Neutral", "Good", "Very good"), first=-2)
SUPPORT = ResponseScale(
    (
        *("Strongly oppose", "Oppose", "Slightly oppose", "Neutral"),
        *("Slightly support", "Support", "Strongly support"),
    ),
    first=-3,
)
STEPS = ResponseScale(tuple(f"step {letter}" for letter in "abcdefghij"))
ELEVEN = ResponseScale(("Not at all likely", *map(str, range(1, 10)), "Extremely likely"), first=0)
HUNDRED = ResponseScale(("Completely disagree", *map(str, range(1, 100)), "Completely agree"), 0)
ENDS_ONLY = ResponseScale(("Not at all", "", "", "", "", "", "Extremely"))
EMPTY_HUNDRED = ResponseScale(("None of it", *[""] * 99, "All of it"), first=0)

HEALTH = ResponseScale(("Poor", "Fair", "Good", "Very good", "Excellent"))
YES_NO = ResponseScale(("No", "Yes"), first=0)
WELL = ResponseScale(("Not at all well", "Not well", "Well", "Very well"))
SURE = ResponseScale(("Not sure", "Somewhat sure", "Sure", "Very sure"))
CERTAINTY = ResponseScale(("Impossible", "Unlikely", "Possible", "Likely", "Certainly"))

COMMAS = ResponseScale(
    ("No, definitely not", "No, probably not", "Unsure", "Yes, probably", "Yes, definitely")
)
SLASHES = ResponseScale(
    ("Never/almost never", "Rarely", "Sometimes", "Often", "Always/almost always")
)
BRACKETS = ResponseScale(
    ("Never (0%)", "Rarely (25%)", "Half the time (50%)", "Often (75%)", "Always (100%)")
)
DAYS = ResponseScale(("0 days", "1-2 days", "3-4 days", "5-6 days", "7 days"))
STOPS = ResponseScale(("Approx. never", "Approx. half", "Approx. always"))

HINDI = ResponseScale(("पूरी तरह असहमत", "असहमत", "न सहमत न असहमत", "सहमत", "पूरी तरह सहमत"))
THAI = ResponseScale(("ไม่เห็นด้วยอย่างยิ่ง", "ไม่เห็นด้วย", "เฉยๆ", "เห็นด้วย", "เห็นด้วยอย่างยิ่ง"))
TAMIL = ResponseScale(
    (
        *("கடுமையாக மறுக்கிறேன்", "மறுக்கிறேன்", "நடுநிலை"),
        *("ஒப்புக்கொள்கிறேன்", "முழுமையாக ஒப்புக்கொள்கிறேன்"),
    )
)
BENGALI = ResponseScale(("সম্পূর্ণ অসম্মত", "অসম্মত", "নিরপেক্ষ", "সম্মত", "সম্পূর্ণ সম্মত"))
PERSIAN = ResponseScale(("کاملاً مخالفم", "مخالفم", "نظری ندارم", "موافقم", "کاملاً موافقم"))
FRENCH = ResponseScale(
    (
        *("Pas du tout d’accord", "Plutôt pas d’accord", "Ni d’accord ni pas d’accord"),
        *("Plutôt d’accord", "Tout à fait d’accord"),
    )
)
KOREAN = ResponseScale(("전혀 동의하지 않음", "동의하지 않음", "보통", "동의함", "매우 동의함"))
CHINESE = ResponseScale(("非常不同意", "不同意", "中立", "同意", "非常同意"))
GERMAN = ResponseScale(
    (
        *("Stimme überhaupt nicht zu", "Stimme nicht zu", "Weder noch"),
        *("Stimme zu", "Stimme voll und ganz zu"),
    )
)
SPANISH = ResponseScale(
    (
        *("Totalmente en desacuerdo", "En desacuerdo", "Ni de acuerdo ni en desacuerdo"),
        *("De acuerdo", "Totalmente de acuerdo"),
    )
)
VIETNAMESE = ResponseScale(
    ("Hoàn toàn không đồng ý", "Không đồng ý", "Trung lập", "Đồng ý", "Hoàn toàn đồng ý")
)
HEBREW = ResponseScale(("מתנגד בהחלט", "מתנגד", "ניטרלי", "מסכים", "מסכים בהחלט"))
ARABIC = ResponseScale(("لا أوافق بشدة", "لا أوافق", "محايد", "أوافق", "أوافق بشدة"))

MISSING = "missing"
"""Any reason, where it does not matter which."""

Expected = int | Reason | str


def is_as_expected(coded: Answer, expected: Expected) -> bool:
    """Whether a coded reply is what a table says that it must be."""
    if expected == MISSING and not isinstance(expected, Reason):
        return coded.value is None
    return expected == (coded.reason if coded.value is None else coded.value)
