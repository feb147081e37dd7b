"""Bylines: the names of an article's authors, and nothing else. No role, agency, address or site is a name."""

import re
from collections.abc import Iterable, Sequence

from worker.cleaning.byline_words import (
    AGENCIES,
    BEATS,
    CREDENTIALS,
    NOT_NAMES,
    PARTICLES,
    PLACES,
    ROLES,
    TITLES,
)

MAX_BYLINE = 160  # characters
_MAX_NAMES = 12
_MAX_NAME = 60  # characters
_MAX_WORDS = 5  # of a name, particles aside
_LONGEST_DEGREE = 5  # characters
_MAX_ROLE = 6  # words of what says what somebody is

_LABEL = (
    r"(?:article|story|words|text|report|analysis|opinion|interview|entretien|author|writer|autor|autorin|auteur|texte?|texto|testo|tekst"
    r"|yazan|oleh|penulis|szerző|kirjoittaja|автор|текст|作者|文|撰文|記者|记者|글|بقلم|الكاتب)"
)
_BEFORE_BY = (
    "written|posted|reported|published|article|story|words|text|report|analysis|author|review|news|feature|opinion|essay"
    "|interview|commentary|column|as told"
)
_BY = re.compile(
    rf"\s*(?:(?:(?:{_BEFORE_BY})\s+)?by\b(?!-)"
    rf"|{_LABEL}s?\s?(?:\([a-z]{{1,3}}\))?\s?[:：/／]|von\b|par\b|por\b|(?-i:By(?=[A-ZÀ-Þ])))[\s:|–—-]*",
    re.IGNORECASE,
)
_SMALL_BY = re.compile(
    r"\s*(?:(?:av|af|door|di|przez|oleh|tekst|texte|texto|text|γράφει (?:ο|η)|بقلم)\s|(?:本报|本報)?(?:记者|記者)\s?)"
    r"(?=\S)",
    re.IGNORECASE,
)
_REPORTER_AFTER = re.compile(r"(?<=[\uac00-\ud7af])\s?(?:기자|특파원)\Z")
_SURE = re.compile(r"\s*(?:[;|•·⋅,/／、，—\n\t]|\s[-–—]\s|(?<=\s)(?:and|with|und|et|mit|&)(?=\s))\s*", re.IGNORECASE)
_MAYBE = re.compile(r"(\s(?:y|e|i|en|og|och|ja|ve|a|és|și|şi|dan|и|і|та|й|και)\s)")  # also a part of a name
_WORD = re.compile(r"(?:['’][ts]|[^\W\d_](?:[^\W\d_]|['’.`ʼ・‧-])*)")
_PREFIXED = re.compile(r"(?:[dlo]['’]|[a-z]{2}-)(?=[^\W\d_])")  # d'Annunzio, al-Rashid
_DOMAIN = re.compile(r"\w\.[a-z]{2,}\Z")
_BRAND = re.compile(r"[B-DF-HJ-NP-TV-XZ]{3,}\Z|[A-Z]{3,}[a-z]{2,}")  # unspeakable, or an abbreviation with a tail
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}|[\uac00-\ud7af]{2,4}|[\u3040-\u30ff\u4e00-\u9fff]{3,6}")
_GENERATION = re.compile(r",\s+(?=(?:jr|sr|ii|iii|iv)\.?\s*(?:[,;&]|and\b|\Z))", re.IGNORECASE)
_NOISE = re.compile(r"\([^()]{0,80}\)|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|https?://\S+|@\w+|“[^”]{0,80}”")
_ONLY_BY = re.compile(rf"\W*(?:(?:(?:{_BEFORE_BY}) )?by|{_LABEL}s?|von|par|por|av|af|door|di)\W*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[^\W\d_]{4}\.\Z")  # and not "Jr." or "Ph.D."
_GLUED = re.compile(
    r"(?<=[^\W_])(?=(?:Published|Updated|Posted|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d))"
    r"|(?<= at)(?=\d)"
)

_HANDLE = re.compile(r"(?<=\s)@\w+")


def clean_names(claimed: Iterable[str], site: str | None = None, *, people: bool = False) -> tuple[str, ...]:
    """The names of people among what a page's metadata claim as its authors.

    Args:
        claimed: One or more authors each.
        site: The name of the site, which is nobody's.
        people: Whether the claim says that they are people, so that one word can be a name.
    """
    names: dict[str, str] = {}
    own = _squeezed(site or "")
    for text in claimed:
        if len(text) > 4 * MAX_BYLINE or "://" in text:
            continue
        parts = _parts(_without_by(" ".join(text.split())))
        for part in parts:
            name = _trimmed(_without_place(part))
            if _squeezed(name) != own and (_is_name(name) or _is_script_name(name)):
                names.setdefault(name.casefold(), name)
        if people and len(parts) == 1 and _is_given_name(name := _trimmed(parts[0]), own):
            names.setdefault(name.casefold(), name)
    return tuple(names.values())[:_MAX_NAMES]


def read_byline(line: str) -> tuple[str, ...]:
    """The names in a line that is a byline; none where it is not one.

    A line is one if it says so ("By Jane Doe, health editor"), or if it holds names and an agency or a role
    ("Jane Doe, Reuters", "Jane Doe, Staff Writer") and nothing else.
    """
    if len(line) > MAX_BYLINE or line.endswith(("!", "?", ":")):
        return ()
    line, reporter = _REPORTER_AFTER.subn("", line)
    match = _BY.match(line) or _SMALL_BY.match(line)
    parts = _parts(line[match.end() :] if match else line)
    if not match and not reporter:
        return _told(parts)
    return () if _is_sentence(line) else _announced(parts)


def _announced(parts: Sequence[str]) -> tuple[str, ...]:
    """The names after "By": up to the first part that is neither a name nor what somebody is."""
    names: dict[str, None] = {}
    for part in parts:
        name = _trimmed(_without_place(part))
        if (_is_name(name) and not (names and is_role(part))) or _is_script_name(name):
            names[name] = None
        elif not names or not (is_role(part) or _is_aside(part)):
            break
    return tuple(names)


def _told(parts: Sequence[str]) -> tuple[str, ...]:
    """The names beside a role or an agency, without any "By"."""
    told = [_is_agency(part) or is_role(part) for part in parts]
    names = [_trimmed(part) for part, is_told in zip(parts, told, strict=True) if not is_told]
    if any(told) and names and all(map(_is_cased_name, names)):
        return tuple(dict.fromkeys(names))
    return ()


def lone_names(text: str) -> tuple[str, ...]:
    """The names in a text that holds nothing else but what follows names: "Jane Doe and John Roe in Paris"."""
    if len(text) > MAX_BYLINE or text.endswith(("!", "?", ":")) or _SENTENCE_END.search(text):
        return ()
    names = [_trimmed(_without_place(part)) for part in _parts(text) if not _is_aside(part)]
    return tuple(dict.fromkeys(names)) if names and all(map(_is_cased_name, names)) else ()


def is_label(line: str) -> bool:
    """Whether a line only announces who wrote: "By", "Author:"."""
    return len(line) <= _MAX_NAME and _ONLY_BY.fullmatch(line) is not None


def is_role(text: str) -> bool:
    """Whether a text says what somebody is, and nothing else: "Defence Correspondent"."""
    words = [_folded(word) for word in _NOISE.sub(" ", text).split()]
    return 0 < len(words) <= _MAX_ROLE and (words[-1] in ROLES or words[0] in ROLES or words[-1] == "staff")


def unglued(line: str) -> str:
    """A line with its parts apart that were pasted together ("By Jane DoePublished: May 17"), and without echo."""
    words = line.split()
    half = len(words) // 2
    if half and words[:half] == words[half:]:
        return " ".join(words[:half])
    return _GLUED.sub(" ", line)


def says_by(line: str) -> bool:
    """Whether a line begins as a byline does, whatever follows."""
    return len(line) <= MAX_BYLINE and line[:2].lower() == "by" and _BY.match(line) is not None


def _without_by(text: str) -> str:
    """A text without its "By"; but "Von" and the like may be a name's own."""
    match = _BY.match(text)
    rest = text[match.end() :] if match else text
    return rest if len(rest.split()) > 1 or (match and not match[0].strip().isalpha()) else text


def _without_place(part: str) -> str:
    """A name without what follows it: "Jane Doe in Paris", "Anna Schmidt für die Zeitung"."""
    words = part.split()
    for index, word in enumerate(words):
        if index >= 2 and _is_place(word) and len(words) - index <= _MAX_ROLE:
            return " ".join(words[:index])
    return part


def _is_place(word: str) -> bool:
    return word in PLACES or (len(word) > 1 and word.istitle() and word.casefold() in PLACES)


def _parts(text: str) -> list[str]:
    sure = _SURE.split(_GENERATION.sub(" ", _NOISE.sub(" ", _HANDLE.sub(";", text))))
    return [part for whole in sure for part in _separated(whole) if part.strip()]


def _separated(text: str) -> Sequence[str]:
    """The names that a short word joins, which in "Ortega y Gasset" joins the halves of one."""
    first, *rest = _MAYBE.split(text)
    if not _is_name(_trimmed(first)):
        return [text]
    names = [first]
    for joint, half in zip(rest[::2], rest[1::2], strict=True):
        if " " in half.strip():
            names.append(half)
        else:
            names[-1] += joint + half
    return names


def _trimmed(part: str) -> str:
    """A part without titles, credentials and roles."""
    words = part.strip(" .,:*-–—").split()
    while len(words) > 1 and _is_credential(words[-1], len(words)):
        words.pop()
    while len(words) > 2 and _folded(words[-1]) in ROLES:
        words.pop()
        while len(words) > 2 and _folded(words[-1]) in ROLES | BEATS:
            words.pop()
    while words and _folded(words[0]) in TITLES:
        words.pop(0)
    return " ".join(words).rstrip(",")


def _is_credential(word: str, words: int) -> bool:
    bare = word.strip(".,®™")
    if bare.casefold() not in CREDENTIALS:
        return words > 2 and _BRAND.match(bare) is not None
    return len(bare) > 2 or (words > 2 and bare.isupper())  # Yo-Yo Ma has no Master's degree


def _is_aside(part: str) -> bool:
    """Whether a part tells nothing of who wrote: an agency or a degree."""
    bare = part.strip(" .®™")
    return _is_agency(part) or bare.casefold() in CREDENTIALS or (len(bare) <= _LONGEST_DEGREE and bare.isupper())


def _is_agency(part: str) -> bool:
    bare = part.strip(" .")
    return bare.casefold() in AGENCIES or (_DOMAIN.search(bare) is not None and " " not in bare)


def _is_name(text: str) -> bool:
    """Whether a text can be a name of two words or more."""
    words = text.split()
    count = sum(1 for word in words if word.casefold() not in PARTICLES)
    if not 2 <= len(words) <= 2 * _MAX_WORDS or not 1 <= count <= _MAX_WORDS or len(text) > _MAX_NAME:
        return False
    return all(map(_can_be_in_name, words)) and not (
        _begins_small(words[-1]) or words[0].endswith(("'s", "’s")) or any(_BRAND.match(word) for word in words)
    )


def _can_be_in_name(word: str) -> bool:
    if _WORD.fullmatch(word) is None or _folded(word) in NOT_NAMES or _DOMAIN.search(word):
        return False
    return not _begins_small(word) or word.casefold() in PARTICLES


def _begins_small(word: str) -> bool:
    return _PREFIXED.sub("", word, count=1)[0].islower()


def _is_cased_name(text: str) -> bool:
    """Whether capitals tell that a text is a name; scripts without capitals tell nothing."""
    return _is_name(text) and any(char.isupper() for char in text)


def _is_script_name(text: str) -> bool:
    """Whether a text is the length of a name where names are written as one word."""
    return _HAN.fullmatch(text) is not None and not any(word in text for word in NOT_NAMES if not word.isascii())


def _is_given_name(text: str, site: str) -> bool:
    """Whether a text can be somebody's only name, who is not the site."""
    word = _folded(text)
    if len(word) < 3 or not text.isalpha() or not text.istitle() or word in site:
        return False
    return word not in NOT_NAMES | ROLES | BEATS | AGENCIES


def _is_sentence(line: str) -> bool:
    words = line.split()
    small = sum(1 for word in words[1:] if word[0].islower() and word not in PARTICLES and word not in {"and", "with"})
    return line.endswith(".") and small > 2


def _folded(word: str) -> str:
    return word.strip(".,").casefold()


def _squeezed(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
