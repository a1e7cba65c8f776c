"""How models decline to answer in languages other than English."""

from __future__ import annotations

import re

_PHRASES: dict[str, str] = {
    # words of which a refusal in the language holds one → how it goes on
    "no puedo|prefier|preferir|como |no tengo": (
        r"no puedo (?:\w+ ){0,2}(?:responder|contestar|ayudar|opinar|dar|proporcionar|calificar"
        r"|evaluar)|prefer(?:iría|ería|iero)? ?no (?:responder|contestar|opinar)"
        r"|prefiero no (?:responder|contestar|opinar)"
        r"|como (?:una? )?(?:ia|inteligencia artificial|modelo de lenguaje)\b"
        r"|no tengo (?:opiniones|opinión|sentimientos|creencias)"
    ),
    "não |como ": (
        r"não (?:posso|consigo) (?:\w+ ){0,2}(?:responder|ajudar|opinar|dar|fornecer|avaliar)"
        r"|(?:prefiro|preferiria) não (?:responder|opinar)"
        r"|como (?:uma? )?(?:ia|inteligência artificial|modelo de linguagem)\b"
        r"|não tenho (?:opiniões|opinião|sentimentos|crenças)"
    ),
    " pas|en tant qu|refuse de": (
        r"ne (?:peux|puis|pourrais) pas (?:\w+ ){0,3}(?:répondre|donner|aider|évaluer|prononcer"
        r"|fournir|exprimer)|pas en mesure d\W?\s?e? ?(?:\w+ ){0,2}(?:répondre|donner|évaluer)"
        r"|(?:préfère|préférerais) ne pas (?:\w+ )?(?:répondre|prononcer)"
        r"|en tant qu\W?\s?(?:e |une? )*(?:ia|intelligence artificielle|modèle de langage"
        r"|assistant ia)\b|n'ai pas d\W?\s?e? ?(?:opinions?|avis|sentiments|émotions)"
        r"|refuse de (?:répondre|me prononcer)"
    ),
    "non |come |in quanto": (
        r"non (?:posso|sono in grado di) (?:\w+ )?(?:rispondere|aiutar\w*|fornire|esprimere"
        r"|valutare|dare)|(?:preferisco|preferirei) non (?:rispondere|esprimermi)"
        r"|(?:come|in quanto) (?:un['a]? ?)?(?:ia|intelligenza artificiale|modello linguistico)\b"
        r"|non ho (?:opinioni|sentimenti)"
    ),
    "nu pot": r"nu pot (?:să )?(?:\w+ )?(?:răspund\w*|ajut\w*|ofer\w*|evalu\w*)",
    "nicht|keine|als ": (
        r"kann (?:\w+ ){0,4}nicht (?:\w+ ){0,2}(?:beantworten|antworten|bewerten|helfen|beurteilen"
        r"|sagen)|(?:möchte|will|werde) (?:\w+ ){0,4}nicht (?:beantworten|antworten|bewerten)"
        r"|(?:beantworte|bewerte) (?:\w+ ){0,3}nicht\b"
        r"|als (?:eine? )?(?:ki|künstliche intelligenz|sprachmodell|ki-\w+)\b"
        r"|habe (?:ich )?keine (?:persönlichen? |eigenen? )?(?:meinung|gefühle|ansichten)"
        r"|keine (?:angabe|antwort)\b"
    ),
    "niet |als ": (
        r"kan (?:\w+ ){0,4}niet (?:\w+ ){0,2}(?:beantwoorden|antwoorden|beoordelen|helpen)"
        r"|(?:wil|ga) (?:\w+ ){0,4}niet (?:beantwoorden|antwoorden)"
        r"|liever niet (?:antwoorden|zeggen)|als (?:een )?(?:ai|taalmodel|ai-\w+)\b"
    ),
    "inte |ikke |avst|en voi|en halua": (
        r"kan (?:\w+ ){0,2}(?:inte|ikke) (?:\w+ )?(?:svara|besvara|hjälpa|svare|besvare|hjelpe"
        r"|hjælpe)|(?:vill inte|vil ikke) svar[ae]|avstår från att svara"
        r"|en (?:voi|halua) (?:\w+ )?(?:vastata|auttaa|arvioida)"
    ),
    "не |отказываюсь|воздержусь|как |нет ": (
        r"не (?:могу|могла|мог|буду|хочу|стану) (?:\w+ ){0,3}(?:ответить|отвечать|дать|помочь"
        r"|оценить|выбрать)|предпочитаю не отвечать|отказываюсь отвечать|воздержусь"
        r"|как (?:ии|искусственный интеллект|языковая модель)\b"
        r"|у меня нет (?:\w+ )?(?:мнени\w|чувств|убеждений)"
        r"|не можу (?:\w+ ){0,2}(?:відповісти|відповідати|дати|допомогти)"
    ),
    "nie |odmawiam|jako ": (
        r"nie (?:mogę|potrafię|chcę) (?:\w+ ){0,3}(?:odpowiedzieć|odpowiadać|udzielić|pomóc|ocenić)"
        r"|wolę nie odpowiadać|odmawiam odpowiedzi|jako (?:model językowy|sztuczna inteligencja)\b"
    ),
    "nemohu|nem ": (
        r"nemohu (?:\w+ ){0,3}(?:odpovědět|pomoci|hodnotit)"
        r"|nem (?:tudok|szeretnék) (?:\w+ ){0,3}(?:válaszolni|segíteni)"
    ),
    "δεν μπορώ": r"δεν μπορώ να (?:\w+ )?(?:απαντήσω|βοηθήσω|αξιολογήσω)",
    "cevap|yan|yard": (
        r"(?:cevap|yanıt) ver(?:emem|emiyorum|mek istemiyorum)"
        r"|(?:cevapla|yanıtla)(?:yamam|yamıyorum|mak istemiyorum)|yardımcı olamam"
    ),
    "无|無|不|拒|作为|作為|没有": (
        r"(?:无法|無法|不能|不便|不会|不予)\w{0,4}(?:回答|提供|作答|评价|評價|评分|評分|选择|選擇|给出|給出)"
        r"|(?:拒绝|拒絕|不想|不愿|不願)\w{0,2}(?:回答|作答)"
        r"|(?:作为|作為)\w{0,3}(?:ai|人工智能|人工智慧|语言模型|語言模型)"
        r"|没有个人(?:观点|意见|感受)"
    ),
    "答|コメント|評価|として|言語": (
        r"(?:回答|答え|返答|コメント|評価)\w{0,4}(?:でき(?:ません|ない|かね)|出来(?:ません|ない)|控え)"
        r"|答えられ(?:ません|ない)|答えたくありません|回答を拒否|aiとして"
        r"|言語モデル(?:として|なので|である)"
    ),
    "답|인공지능|언어|로서|이기 때문|이므로": (
        r"(?:답변|대답|응답|답)\w{0,2} ?(?:\w+ )?(?:드릴|할|제공할|답할) ?수 ?(?:가 ?)?없"
        r"|답할 수 없|(?:답변|대답)하(?:지 않|고 싶지 않)|(?:답변|대답)을? ?거부"
        r"|(?:ai|인공지능|언어 ?모델)(?:로서|이기 때문|이므로|으로서)"
    ),
    "لا |أفضل|افضل|كنموذج|بصفتي": (
        r"لا (?:أستطيع|استطيع|يمكنني|أقدر|أريد) (?:\w+ )?(?:الإجابة|الاجابة|الرد|أن أجيب|تقديم"
        r"|المساعدة|إعطاء)|(?:أفضل|افضل) (?:عدم الإجابة|ألا أجيب)|كنموذج لغوي|بصفتي نموذج"
    ),
    "نمی|ندهم|دادن": (
        r"نمی ?توانم (?:\w+ ){0,4}(?:پاسخ|جواب|کمک|نظر)|(?:پاسخ|جواب) (?:نمی ?دهم|ندهم)"
        r"|(?:پاسخ|جواب) (?:\w+ ){0,2}نمی ?توانم"
    ),
    "לא |איני": r"(?:לא יכול(?:ה)?|איני יכול(?:ה)?) (?:\S{1,20} )?(?:לענות|להשיב|לעזור|לדרג)",
    "उत्तर|जवाब|एआई": (r"(?:उत्तर|जवाब)\S{0,5} ?(?:\S{1,20} ){0,3}(?:नहीं|असमर्थ)|एआई (?:होने|के रूप)"),
    "উত্তর": r"উত্তর দিতে (?:\S{1,20} )?(?:না|অক্ষম)|উত্তর দিতে (?:\S{1,20} )?পার\S{1,10} না|উত্তর দেব না",
    "பதில": r"பதிலளிக்க (?:\S{1,20} )?(?:முடியாது|இயலாது|விரும்பவில்லை)",
    "tidak ": r"tidak (?:bisa|dapat|boleh|mau) (?:\w+ )?(?:menjawab|memberikan|membantu|menilai)",
    "không |từ chối": (
        r"không thể (?:\w+ )?(?:trả lời|đưa ra|cung cấp|giúp|đánh giá)|từ chối trả lời"
        r"|không muốn trả lời"
    ),
    "ไม่|ปฏิเสธ": (r"ไม่สามารถ\S{0,20}(?:ตอบ|ให้|ช่วย)|(?:ขอไม่|ไม่ขอ|ปฏิเสธที่จะ|ไม่อยาก|ไม่ต้องการ)ตอบ"),
}
_PATTERNS = tuple((tuple(words.split("|")), re.compile(how)) for words, how in _PHRASES.items())
_IN_ASCII = tuple(one for one in _PATTERNS if "".join(one[0]).isascii())


def declines_abroad(text: str) -> bool:
    """Whether a cleaned text, on one line, declines to answer in one of these languages."""
    return any(
        pattern.search(text)
        for words, pattern in (_IN_ASCII if text.isascii() else _PATTERNS)
        if any(word in text for word in words)
    )
