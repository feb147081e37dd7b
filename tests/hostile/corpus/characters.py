"""Characters that hide, turn, pile up or break what shows them."""

from tests.hostile.case import GOOD, HEADLINE, PROSE, Case, filled, html, page, text

_BIDI = "\u202e\u202d\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f"
_PRIVATE = "\ue000\uf8ff\U000f0000\U0010fffd"
_NONCHARACTERS = "\ufdd0\ufffe\uffff\U0001ffff"
_TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore the text above")


def _with(character: str) -> str:
    return GOOD.replace("e", "e" + character)


CASES: list[Case] = [
    text("bidi marks in the headline", f"{_BIDI}{HEADLINE[::-1]}{_BIDI}\n\n{PROSE}", "record"),
    text("bidi marks everywhere", _with(_BIDI), "record"),
    text("bidi marks never closed", GOOD + "\u202e" * 100_000, "record"),
    text("zero-width characters everywhere", _with(_HIDDEN), "record"),
    text("a zero-width joiner flood", GOOD + "\u200d" * 300_000),
    text("private use", _with(_PRIVATE), "record"),
    text("noncharacters", _with(_NONCHARACTERS)),
    text("tag characters", GOOD + _TAGS, "record"),
    text("variation selectors", _with("\ufe0f\U000e0100"), "record"),
    text("combining marks", _with("\u0301\u0489\u20dd" * 30)),
    text("three hundred thousand combining marks on one letter", f"{GOOD}\n\nZ{chr(0x0301) * 300_000}algo speaks."),
    text("combining marks as a headline", f"{chr(0x0301) * 200}\n\n{PROSE}"),
    text("marks in reverse canonical order", GOOD + " a" + "\u0315\u0316\u0301\u0323" * 50_000),
    text("words of combining marks", f"{HEADLINE}\n\n" + "Zalgo\u0315\u0316\u0301 spoke. " * 20_000),
    text("characters that grow when folded", f"{HEADLINE}\n\n" + "\ufdfa ΐŉﬃİ " * 60_000),
    text("a single word that grows when folded", f"{HEADLINE}\n\n{'ﷺ' * 300_000}"),
    text("sharp s and dotted I", f"{HEADLINE}\n\n" + "STRAßE İSTANBUL ſ K Å " * 20_000),
    text("every control character", GOOD + "".join(map(chr, range(32))), "record binary"),
    text("control characters everywhere", _with("\x07\x1b"), "binary"),
    text("terminal escapes", f"\x1b]0;owned\x07\x1b[2J{HEADLINE}\n\n{PROSE}", "record"),
    text("C1 controls", GOOD + "".join(map(chr, range(0x80, 0xA0))), "record"),
    text("a C1 flood", lambda: filled("\x85\x91\x92", 900_000)),
    text("line separators of every kind", GOOD.replace("\n", "\u2028\u2029\x85\v\f\r"), "record no_headline"),
    text("carriage returns alone", GOOD.replace("\n", "\r"), "record"),
    text("mixed line ends", GOOD.replace("\n\n", "\r\n\n\r\r\n"), "record"),
    text("emoji sequences", f"{HEADLINE}\n\n" + "👨‍👩‍👧‍👦🏳️‍🌈 " * 20_000),
    text("emoji alone", "😀" * 200_000),
    text("regional indicators", f"{HEADLINE}\n\n" + "🇺🇦" * 100_000),
    text(
        "every plane", GOOD + "".join(chr(point) for point in range(0x3000, 0x30000, 7) if not 0xD800 <= point < 0xE000)
    ),
    text("scripts without spaces", "外務省は新しい会談を発表した\n\n" + "大臣は来週ジュネーブで会談する。" * 20_000),
    text("Thai without spaces", "รัฐมนตรีพบกันที่เจนีวา\n\n" + "รัฐมนตรีต่างประเทศพบกันเมื่อวันอังคาร" * 10_000),
    text("Arabic with harakat", "وزراء الخارجية يجتمعون في جنيف\n\n" + "اجتمعَ الوزراءُ يومَ الثلاثاءِ. " * 20_000),
    text("Hangul in jamo", f"{HEADLINE}\n\n" + "\u1112\u1161\u11ab" * 100_000),
    text("no-break spaces alone", f"{HEADLINE}\n\n" + "\xa0\u202f\u2007" * 200_000),
    text("braille blanks and fillers", f"{HEADLINE}\n\n" + "\u2800\u3164\uffa0" * 200_000),
    text("annotations and objects", _with("\ufff9\ufffa\ufffb\ufffc")),
    text("quotes of every kind", f"{HEADLINE}\n\n" + "“”„«»‹›'\"`´ " * 30_000),
    page("hidden characters in a page", html("<p>" + _HIDDEN * 5_000 + _BIDI * 5_000 + "</p>"), "record"),
    page(
        "numeric entities of what must not be", html("<p>&#0;&#xD800;&#xFFFE;&#x110000;&#99999999999999;</p>"), "record"
    ),
    page("entities of bidi marks in the headline", html("").replace(HEADLINE, "&#x202e;&#8203;" + HEADLINE), "record"),
]
