"""What declines to answer is a refusal; what declines something else is the ground of an answer."""

from __future__ import annotations

import pytest

from support.scales import AGREEMENT, FREQUENCY, PERSIAN, YES_NO, is_as_expected
from vaar.coding.answer import Answer, Reason
from vaar.coding.reply import code_reply, declines
from vaar.study.model import ResponseScale

REFUSED, UNPARSEABLE = Reason.REFUSED, Reason.UNPARSEABLE

REFUSALS = [
    "I cannot answer this.",
    "I can't answer that question.",
    "I can’t answer that.",
    "I cant answer this",
    "I can not answer this.",
    "I cannot.",
    "Sorry, I can't.",
    "I won't.",
    "I couldn't say.",
    "I can't say.",
    "I'm sorry, but I can't help with that.",
    "I can't assist with this request.",
    "I cannot assist you with that.",
    "I won't answer.",
    "I will not answer this question.",
    "I do not answer such questions",
    "I don't answer personal questions.",
    "I don't participate in surveys.",
    "I prefer not to answer.",
    "I'd prefer not to answer this question.",
    "Prefer not to answer.",
    "Prefer not to say",
    "I would rather not say.",
    "I'd rather not.",
    "I'd rather not answer this question.",
    "I'd rather not share my opinion.",
    "I choose not to answer.",
    "I must decline to answer.",
    "I decline to answer.",
    "I respectfully decline to answer.",
    "I have to decline.",
    "I must decline.",
    "I decline.",
    "Declined to answer.",
    "I refuse to answer this.",
    "I refuse.",
    "I am unable to rate this.",
    "Unable to answer.",
    "I'm not able to rate this statement, since I don't have feelings or experiences.",
    "I'm not able to provide a rating.",
    "I cannot provide a personal opinion.",
    "I can't give you a number for this.",
    "I can't express opinions.",
    "I cannot take a stance on this.",
    "I can't form opinions.",
    "I can't agree or disagree with this.",
    "I'm not comfortable rating this.",
    "I don't feel comfortable answering that.",
    "I am uncomfortable with this question.",
    "I'm not in a position to judge.",
    "I do not wish to answer.",
    "I don't want to answer that.",
    "It would not be appropriate for me to answer.",
    "It is inappropriate for me to rate this.",
    "I abstain.",
    "I'll abstain.",
    "I'll have to pass.",
    "Decline to state.",
    "I'd rather keep that to myself.",
    "I'm afraid I can't answer that.",
    "I don't think I can answer that.",
    "It's not possible for me to answer.",
    "I don't take sides.",
    "I'll pass.",
    "I'd like to skip this question.",
    "I will skip this one.",
    "I will refrain from answering.",
    "Skip.",
    "No comment.",
    "No answer.",
    "I can't choose 4",
    "I can't rate this on a scale of 1 to 5.",
    "I cannot rate myself.",
    "As an AI, I don't have personal experiences.",
    "As an AI, I don't have opinions.",
    "As an AI language model, I do not have feelings.",
    "As a large language model, I can't do that.",
    "As an artificial intelligence, I have no beliefs.",
    "As a chatbot, I have no feelings.",
    "As an AI assistant, it is not my place.",
    "As a helpful AI assistant, I stay neutral.",
    "As an AI developed by a company, I stay neutral.",
    "I'm just an AI.",
    "I am only a language model.",
    "I am an AI language model without feelings.",
    "I don't have personal opinions.",
    "I do not have feelings.",
    "I have no opinion.",
    "I don't possess consciousness.",
    "I lack personal experiences.",
    "As an AI language model, I neither agree nor disagree.",
    "As an AI, I do not agree or disagree with statements.",
    "As an AI, I am neutral.",
    '{"answer": "I cannot answer that."}',
    "<think>I might say 3.</think>I prefer not to answer.",
]

ABROAD = [
    "Lo siento, pero no puedo responder a eso.",
    "Prefiero no responder.",
    "Como modelo de lenguaje, no tengo opiniones.",
    "Desculpe, não posso responder a isso.",
    "Prefiro não responder.",
    "Désolé, je ne peux pas répondre à cette question.",
    "Je préfère ne pas répondre.",
    "En tant qu'IA, je n'ai pas d'opinion.",
    "Non posso rispondere a questa domanda.",
    "Preferisco non rispondere.",
    "Es tut mir leid, das kann ich nicht beantworten.",
    "Ich kann diese Frage nicht beantworten.",
    "Ich möchte darauf nicht antworten.",
    "Als KI habe ich keine eigene Meinung.",
    "Keine Angabe.",
    "Ik kan deze vraag niet beantwoorden.",
    "Jag kan inte svara på det.",
    "Jeg kan ikke svare på det.",
    "En voi vastata tähän.",
    "Извините, я не могу ответить.",
    "Я предпочитаю не отвечать.",
    "Вибачте, я не можу відповісти.",
    "Przepraszam, nie mogę odpowiedzieć na to pytanie.",
    "Nemohu na to odpovědět.",
    "Sajnálom, erre nem tudok válaszolni.",
    "Λυπάμαι, δεν μπορώ να απαντήσω.",
    "Üzgünüm, bu soruya cevap veremem.",
    "对不起，我无法回答这个问题。",
    "抱歉，我不能回答。",
    "我拒绝回答。",
    "作为一个AI语言模型，我没有个人观点。",
    "對不起，我無法回答這個問題。",
    "申し訳ありませんが、お答えできません。",
    "その質問には答えられません。",
    "AIとして、意見はありません。",
    "죄송하지만 답변할 수 없습니다.",
    "답변을 드릴 수 없습니다.",
    "AI로서 의견이 없습니다.",
    "عذراً، لا أستطيع الإجابة على هذا السؤال.",
    "متأسفم، نمی‌توانم پاسخ دهم.",
    "מצטער, אני לא יכול לענות על זה.",
    "क्षमा करें, मैं इस प्रश्न का उत्तर नहीं दे सकता।",
    "দুঃখিত, আমি এর উত্তর দিতে পারব না।",
    "மன்னிக்கவும், என்னால் பதிலளிக்க முடியாது.",
    "Maaf, saya tidak bisa menjawab pertanyaan ini.",
    "Xin lỗi, tôi không thể trả lời câu hỏi này.",
    "ขออภัย ฉันไม่สามารถตอบคำถามนี้ได้",
]

ANSWERS_WITH_A_GROUND = [
    ("As a machine operator, I agree.", AGREEMENT, 4),
    ("As a research assistant, I agree.", AGREEMENT, 4),
    ("As a personal assistant, I strongly agree.", AGREEMENT, 5),
    ("As an AI engineer, I agree.", AGREEMENT, 4),
    ("As an AI researcher: 4", AGREEMENT, UNPARSEABLE),
    ("As an assistant professor, I agree.", AGREEMENT, 4),
    ("As a bot developer, I disagree.", AGREEMENT, 2),
    ("As a fashion model, I agree.", AGREEMENT, 4),
    ("I'm an AI ethicist. 4", AGREEMENT, 4),
    ("As a shop assistant, I often help strangers.", FREQUENCY, UNPARSEABLE),
    ("As a nurse, I never share data.", FREQUENCY, 1),
    ("I will not share my data, so I agree.", AGREEMENT, 4),
    ("I won't share my data. 4", AGREEMENT, 4),
    ("I can't imagine life without it; I agree.", AGREEMENT, 4),
    ("I cannot live without my phone, so I agree.", AGREEMENT, 4),
    ("I can't stand being watched. 5", AGREEMENT, 5),
    ("I refuse to share my data, so I agree.", AGREEMENT, 4),
    ("I refuse to lend money: never", FREQUENCY, UNPARSEABLE),
    ("I will not lend money: never", FREQUENCY, UNPARSEABLE),
    ("I will not lend money. Never.", FREQUENCY, 1),
    ("I'm unable to sleep without my phone, so I agree.", AGREEMENT, 4),
    ("I'm uncomfortable with strangers, so I agree", AGREEMENT, 4),
    ("I'm not comfortable with cameras. Agree.", AGREEMENT, 4),
    ("I'd rather not share my data, so I agree.", AGREEMENT, 4),
    ("I prefer not to be tracked. Strongly agree.", AGREEMENT, 5),
    ("I don't have personal secrets, so I disagree.", AGREEMENT, 2),
    ("I decline cookies, so I agree.", AGREEMENT, 4),
    ("I skip ads. 4", AGREEMENT, 4),
    ("I pass. 4", AGREEMENT, 4),
    ("I don't have any experience with that, so I agree.", AGREEMENT, 4),
    ("I'm not going to lie, I agree.", AGREEMENT, 4),
    ("I couldn't agree more.", AGREEMENT, UNPARSEABLE),
    ("I can't agree", AGREEMENT, UNPARSEABLE),
    ("I won't answer the phone, so never.", FREQUENCY, 1),
    ("No, I can't help caring.", YES_NO, UNPARSEABLE),
]

DECLINES_AND_ANSWERS = {
    "As an AI I don't have feelings, but I'd say 4": 4,
    "As an AI, I don't have opinions. However, if I had to choose, I'd say 4.": 4,
    "I cannot answer this. 3": 3,
    "As an AI I have no feelings — but I'd say 4": 4,
    "As an AI, I have no opinions, but my answer would be: agree": 4,
    "4\n\nAs an AI, I don't have personal opinions.": 4,
    "I'm sorry, as an AI I have no feelings, but I'd say 4": 4,
}


@pytest.mark.parametrize("text", [*REFUSALS, *ABROAD])
def test_a_refusal(text: str) -> None:
    assert code_reply(text, AGREEMENT) == Answer(reason=REFUSED)
    assert declines(text)


@pytest.mark.parametrize(("text", "scale", "expected"), ANSWERS_WITH_A_GROUND)
def test_what_declines_something_else_is_no_refusal(
    text: str, scale: ResponseScale, expected: int | Reason
) -> None:
    coded = code_reply(text, scale)
    assert is_as_expected(coded, expected), coded
    if "pass." not in text:
        assert not declines(text)


@pytest.mark.parametrize(("text", "expected"), DECLINES_AND_ANSWERS.items())
def test_an_answer_beside_a_refusal_counts_and_is_told(text: str, expected: int) -> None:
    assert code_reply(text, AGREEMENT) == Answer(value=expected)
    assert declines(text)


@pytest.mark.parametrize(
    "text", ["4", "I agree.", "I'd say 4 out of 5.", "", "I'm sorry, but I disagree.", "👍"]
)
def test_an_answer_declines_nothing(text: str) -> None:
    assert not declines(text)


def test_a_label_that_declines_is_the_label() -> None:
    assert code_reply("نظری ندارم", PERSIAN) == Answer(value=3)


def test_a_cut_refusal_is_cut_and_still_declines() -> None:
    text = "As an AI, I don't have opin"
    assert code_reply(text, AGREEMENT, "length") == Answer(reason=Reason.TRUNCATED)
    assert declines(text, "length")


def test_what_is_only_thought_declines_nothing() -> None:
    assert not declines("<think>I can't answer that.</think>4")
    assert not declines("<think>I can't answer that.")
