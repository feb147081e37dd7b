"""Bylines: the names of an article's authors, and nothing else. No role, agency, address or site is a name."""

import re
from collections.abc import Iterable

from worker.cleaning.tables import phrases, words

MAX_BYLINE = 160  # characters
_MAX_NAMES = 12
_MAX_NAME = 60  # characters

_NOT_NAMES = frozenset(
    words(
        """
    about admin administrator advertising afp agencies agency all analysis analyst anonymous ap app application
    archive articles associate author back blog board bureau business by center centre chief columnist comment
    commentary comments communications company contents contributing contributor contributors copy corporation
    correspondent correspondents critic daily department desk digital director editor editorial editors email event
    events executive facebook follow for free freelance from full general get gmt group guest guide health help home
    how image images in inc international investigative journalist latest live llc local ltd magazine manager media
    menu min minutes more network new news newspaper newsroom no office official on online opinion our photo
    photographer photos podcast policy politics post posted posts press producer profile published radio read
    related reporter reporters reuters search see senior service share sign site special sponsored sports staff
    story studio subscribe tag tags team technology the this times today top tv twitter type university unknown
    update updated user version video views webmaster website what why wire with writer writers www you your
    """
    )
)
_PARTICLES = frozenset(
    words(
        """
    af al ap ben bin binti da dal de del della den der di do dos du e el ibn la las le los mac mc of st ten ter van
    von y zu
    """
    )
)
_CREDENTIALS = frozenset(
    words(
        """
    md m.d phd ph.d jr sr ii iii iv mba mph rn rd cpa esq facp faclm msc bsc ma ms jd dds do np cfp dphil
    """
    )
)
_AGENCIES = frozenset(
    phrases(
        """
    ap, associated press, the associated press, reuters, afp, agence france-presse, dpa, bloomberg, upi, efe, ansa,
    tass, interfax, xinhua, kyodo, pa media, press association, ukrinform, belga, apa, ritzau, tt, ntb, anp, yonhap,
    pti, ians, anadolu
    """
    )
)
_BY = re.compile(
    r"\s*(?:(?:(?:written|posted|reported|published|story|words|text|author)\s+)?by\b|authors?\s*:|(?:interview|text|entretien)\s*:|von\b|par\b|por\b)[\s:]*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:[;|•·,/\n\t]|\s[-–—]\s|(?<=\s)(?:and|with|und|et|y|&)(?=\s))\s*", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.`-])*")
_NOISE = re.compile(r"\([^()]{0,80}\)|\S+@\S+|https?://\S+|@\w+|“[^”]{0,80}”")

_HANDLE = re.compile(r"(?<=\s)@\w+")


def clean_names(claimed: Iterable[str], site: str | None = None) -> tuple[str, ...]:
    """The names of people among what a page's metadata claim as its authors.

    Args:
        claimed: One or more authors each.
        site: The name of the site, which is nobody's.
    """
    names: dict[str, str] = {}
    for text in claimed:
        if len(text) > 4 * MAX_BYLINE or "://" in text:
            continue
        for part in _parts(_without_by(" ".join(text.split()))):
            name = _trimmed(part)
            known = not site or name.casefold().strip() != site.casefold().strip()
            if known and _is_name(name, shortest=2):
                names.setdefault(name.casefold(), name)
    return tuple(names.values())[:_MAX_NAMES]


def read_byline(line: str) -> tuple[str, ...]:
    """The names in a line that is a byline; none where it is not one.

    A line is one if it says so ("By Jane Doe, health editor"), or if it holds a name and an agency
    ("Jane Doe, Reuters") and nothing else.
    """
    if len(line) > MAX_BYLINE or line.endswith(("!", "?", ":")):
        return ()
    match = _BY.match(line)
    parts = _parts(line[match.end() :] if match else line)
    if not parts:
        return ()
    if match:
        first = _trimmed(parts[0])
        if not _is_name(first, shortest=2) or _is_sentence(line):
            return ()
        return tuple(dict.fromkeys(name for part in parts if _is_name(name := _trimmed(part), shortest=2)))
    names = [name for part in parts if not _is_agency(part) and (name := _trimmed(part))]
    agencies = sum(map(_is_agency, parts))
    if agencies and names and all(_is_name(name, shortest=2) for name in names):
        return tuple(dict.fromkeys(names))
    return ()


def is_person(text: str) -> bool:
    """Whether a text is, by its form, the name of one person: two to five words, each with a capital."""
    return _is_name(text.strip(), shortest=2)


def says_by(line: str) -> bool:
    """Whether a line begins as a byline does, whatever follows."""
    return len(line) <= MAX_BYLINE and line[:2].lower() == "by" and _BY.match(line) is not None


def _without_by(text: str) -> str:
    match = _BY.match(text)
    return text[match.end() :] if match else text


def _parts(text: str) -> list[str]:
    return [part for part in _SPLIT.split(_NOISE.sub(" ", _HANDLE.sub(";", text))) if part.strip()]


def _trimmed(part: str) -> str:
    words = part.strip(" .,:*-–—").split()
    while words and words[-1].strip(".,").casefold() in _CREDENTIALS:
        words.pop()
    if words and words[0].casefold().rstrip(".") in {"dr", "mr", "mrs", "ms", "prof"}:
        words.pop(0)
    return " ".join(words).rstrip(",")


def _is_agency(part: str) -> bool:
    return part.strip(" .").casefold() in _AGENCIES


def _is_name(text: str, shortest: int) -> bool:
    words = text.split()
    if not shortest <= len(words) <= 5 or len(text) > _MAX_NAME:
        return False
    for word in words:
        if _NAME.fullmatch(word) is None or word.casefold().strip(".") in _NOT_NAMES:
            return False
        if word[0].islower() and word.casefold() not in _PARTICLES:
            return False
    return not words[-1][0].islower() and not words[0].endswith(("'s", "’s"))


def _is_sentence(line: str) -> bool:
    words = line.split()
    small = sum(1 for word in words[1:] if word[0].islower() and word not in _PARTICLES and word not in {"and", "with"})
    return line.endswith(".") and small > 2
