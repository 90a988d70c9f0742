"""Writes wordpiece.json: what the reference tokeniser makes of texts that are hard to cut.

Run with the package `tokenizers` (0.23) installed: python wordpiece.py
"""

import json
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

HERE = Path(__file__).parent
TEXTS = [
    "",
    " \t\r\n",
    "Rebels attacked the garrison at dawn.",
    "The army DENIED it; \"not true\", said Col. Ruiz-Ávila (42).",
    "José Ñuñez went to São Tomé, Łódź, Đà Nẵng, Reykjavík and Þingvellir.",
    "Jose\u0301 Nun\u0303ez wrote cafe\u0301s and na\u00efvete\u0301 apart",
    "İstanbul, IŞIK, ıssız; ǅungla; ß and ẞ; ﬁne ﬂow; Ⅻ and ⅷ",
    "Ελλάδα ΣΊΣΥΦΟΣ ς; Київ, Донецьк, ЎЁЙ; Հայաստան; საქართველო; ᏣᎳᎩ",
    "قال المتحدث إنَّ الهجومَ وقع يوم الإثنين؛ ٣ قتلى، وفق بيان؟",
    "דובר צה״ל אמר: שׁלוֹם",
    "हिन्दी में विस्फोट हुआ। बांग্লাদেশ, தமிழ், ไทยถูกโจมตี, ខ្មែរ, မြန်မာ, ᠮᠣᠩᠭᠣᠯ",
    "北京发生袭击,三人死亡。東京で爆発「確認中」テロ 서울에서 공격, 한글",
    "豈更車 \U0002f800 \U00020000 \U0002a700 \U0002b920 㐀 〇 々 ヶ",
    "😀 two😀dead 👩‍👩‍👧‍👦 🇺🇦🇸🇩 ☢️ ✊🏽 1️⃣",
    "zero\u200bwidth no\u00adhyphen \ufeffmark join\u200der non\u200cjoiner word\u2060joiner",
    "\u202edetrevni\u202c \u200fright\u200e \u2066isolate\u2069",
    "no\u00a0break thin\u2009space line\u2028para\u2029graph ideo\u3000graphic next\u0085line",
    "tab\tvertical\x0bform\x0cfeed null\x00byte bell\x07 del\x7f esc\x1b[0m",
    "replacement\ufffdmark private\ue000use noncharacter\ufffe tag\U000e0041",
    "a\u0300\u0301\u0302\u0303 \u0301alone e\u20dd ring\u030a x\u0336y\u0336z",
    "“curly” ‘quotes’ «guillemets» ‹single› „low“ … — – ‐ ‑ ― • · § ¶ ¿¡ † ‡ ‰ № ™ © ®",
    "$5m €3bn £1 ¥9 +7% <tag> a=b x^2 `code` ~home | pipe \\ back_slash #tag @user &amp;",
    "don't they're O'Brien's 'tis rock'n'roll ’90s it’s",
    "U.S.-led NATO/ISAF 9/11 24/7 F-16s AK-47 IEDs 1,200 3.5m 22nd 07:30 2031-03-03",
    "https://example.org/a?b=c&d=e#f name@example.org @handle #hashtag",
    "AN ATTACK IN BRISA KILLED TEN SOLDIERS AND WOUNDED THE MAYOR",
    "iPhone McDonald eBay YouTube LaTeX mRNA pH",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis xqzzkjv",
    "x" * 100 + " " + "x" * 101 + " " + "ab" * 60,
    "é" * 100 + " " + "é" * 101 + " " + "e\u0301" * 60,
    "가" * 40 + " " + "가" * 34 + " " + "각" * 33,
    "[CLS] [SEP] [UNK] [MASK] [PAD] ##ing [unused1]",
    "H₂O CO² ½ ¾ ① ⑩ ㎞ ℃ Å Ω µ ª º",
    "Å Å Å ≠ ≮ ∉ ὰ ᾳ ῼ \u037e \u1fef \u2000en \u212a",
    "\U0001d400\U0001d401 ａｂｃ ＡＢＣ １２３ ！？ ｶﾞ",
    "Mūsā al-Ṣadr, ʿAbd al-Ḥakīm, Qāḍī; ʻOkina ʼapostrophe; Ḩamāh",
    "..........!!!!!!??? ---- ____ ****",
    "end without stop  two  spaces   three\n\n\nlines\r\nreturn",
]


def main() -> None:
    vocabulary = HERE.parents[1] / "model" / "vocab.txt"
    model = models.WordPiece.from_file(str(vocabulary), unk_token="[UNK]", max_input_chars_per_word=100)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    cases = []
    for text in TEXTS:
        at = [len(text[:i].encode()) for i in range(len(text) + 1)]
        encoding = tokenizer.encode(text, add_special_tokens=False)
        words, last = [], None
        for number, (start, end), word in zip(encoding.ids, encoding.offsets, encoding.word_ids):
            if word != last:
                words.append([at[start], at[end], []])
                last = word
            words[-1][1] = at[end]
            words[-1][2].append(number)
        cases.append({"text": text, "words": words})
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / "wordpiece.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


main()
