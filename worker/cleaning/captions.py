"""Captions by what they say: labels, and the credits of pictures in the languages of the world's press."""

import functools
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from worker.cleaning.folding import CACHED, folded
from worker.cleaning.tables import words

MAX_CAPTION = 1_000  # characters; what is longer is text that something calls a caption
_LONGEST_CREDIT = 120  # characters after the word that gives a credit away
_MOST_NAMES = 12  # words of a credit
_SHORTEST_NAME = 6  # characters at the end of one in capitals
_TELLING = 5  # words from which one caption that begins another is no coincidence

_LABEL = re.compile(
    r"\W{0,3}(?:(?:image|media|photo|picture|video) (?:caption|source|copyright)"
    r"(?:\s{0,2}[,:]\s{0,2}|\s(?-i:(?=[A-Z])))"
    r"|(?:caption|cutline|pictured|file(?: photo| picture)?|bildunterschrift|bildtext|l[ée]gende|pie de foto|didascalia"
    r"|legenda|onderschrift|podpis|підпис|подпись)\s?:\s{0,2})",
    re.IGNORECASE,
)
_PICTURE_WORDS = words(
    """
        photos? photographs? photography photographers? pictures? pics? images? illustrations? graphics? infographics?
        videos? screenshots? credits? fotos? fotografías? fotografie fotografia bild bilder bildquelle bildnachweis
        symbolbild symbolfoto archivbild archivfoto grafik crédits? imagen imágenes imagem imagens crédito créditos
        写真 撮影 图片 사진 ilustración ilustração immagine immagini zdjęcie zdjęcia grafika
        фото світлина світлини снимок иллюстрация
        kuva kuvat bilde billede beeld afbeelding fotó kép fotoğraf görsel fotografija snímek foto's
        """
)
_PICTURES = "|".join(_PICTURE_WORDS)
_AGENCIES = words(
    "afp epa-efe epa efe reuters ap dpa pa ansa getty shutterstock istock imago anadolu unsplash pixabay apa"
)
_SOURCES = "|".join(_AGENCIES)
_WORKS_FOR = words("for für pour para per voor via")
_LINKED = "by|von|par|por|de|di|door|av|af"  # words that join a picture to its author
_MARK = re.compile(
    rf"(?P<label>\b(?:{_PICTURES})(?: (?:photos?|credits?|courtesy))?\s?[:：/|©]|\bcredit(?:\.{{3}}|…))"
    r"|(?P<file>\bfile (?:photo|picture|image)\b|\b(?:fotos?|imagen|imagem) de ar(?:ch|qu)ivo\b"
    r"|\bphoto d'archives?\b|\bfoto d'archivio\b"
    r"|\brepresent(?:ation|at)?(?:al|ive) (?:photo|picture|image)\b"
    r"|\b(?:symbol|archiv)(?:bild|foto)\b|(?<=\()file(?=\)))"
    rf"|(?P<courtesy>(?:\b(?:{_PICTURES}) )?\bcourtesy(?: of\b|:))"
    rf"|(?P<author>\b(?:{_PICTURES}) (?:{_LINKED})\b|\bfot\.|(?<=\()(?:foto|photo|фото)\b)"
    rf"|(?P<source>\b(?:{_SOURCES})(?: photo)?\s?/|/\s?(?:{_SOURCES})\b|\bap photo\b|\bgetty images\b|\bvia getty\b"
    rf"|©\s?(?:{_SOURCES})\b)"
    r"|(?P<rights>©(?!\s?\d))",
    re.IGNORECASE,
)
_HIDES = re.compile(r"\s(?:hide|toggle|show) caption\Z")
_SIGN_OFF = re.compile(rf"[^.!?…\"”»] \((?:{_SOURCES})\)\Z", re.IGNORECASE)  # of a caption, not of a report
_WORD_OR_SIGN = re.compile(r"\w+|[/©]")
# What a mark begins with: looked for first, because it is fast.
_TOLD_BY = frozenset(
    _WORD_OR_SIGN.findall(form)[0]
    for word in (
        *_PICTURE_WORDS,
        *_AGENCIES,
        *words("fot file courtesy getty representation representational representative represental"),
        *words("symbolbild symbolfoto archivbild archivfoto / ©"),
    )
    for form in (word.replace("?", ""), word.replace("s?", ""))
)
# JANE DOE FOR THE ECHO
_SHOUTED = re.compile(rf"[.!?…\"”»]\s([^.!?…]{{2,60}}\s(?:{'|'.join(_WORKS_FOR).upper()})\s[^.!?…]{{2,60}})\Z")
# A photographer and an agency, in brackets or after a sentence.
_PAIR = re.compile(r"(?:[.!?…\"”»]\s|[(\[])\s?([^()\[\]!?/]{2,60})/([^()\[\]!?/]{2,40})[)\]]?\Z")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should|shall|do|does|did|says?|said"
    r"|told|asks?|tells?|gives?|gave|takes?|took|comes?|came|goes|went|makes?|made|gets?|got|knows?|knew|thinks?|wants?"
    r"|needs?|won|lost|held|left|met|rose|fell|began|became|isn|aren|wasn|don|didn|won't|it|we|they|you|i|he|she|[a-z]{3,}ed)\b"
)
_SMALL = frozenset(
    words(
        """
        of the and for via by from with in on at a courtesy file und von vom der die des für aus zu van den het et de du
        des la le les d'après pour par y e i del las los el da do dos das di della dello al il lo dei av och og для та и
        і з от из photo photos foto fotos image images picture pictures
        """
    )
).union(_AGENCIES)
_WORDS = re.compile(r"\w+")
_NAMES = re.compile(r"[^\W\d_][\w.'’-]*")
_CONTROLS = frozenset(
    words(
        """
        image photo picture video caption gallery slideshow click tap press enter open enlarge expand zoom view show
        hide toggle close esc fullscreen full screen size in a new tab or to this the
        """
    )
)
_ENLARGES = re.compile(
    r"(?:enlarge|expand|zoom|view|open)(?: (?:this|the))? (?:image|photo|picture)(?: in (?:fullscreen|gallery))?"
    r"|bild (?:vergrößern|anzeigen)|(?:voir|afficher) en plein écran|agrandir(?: l['’]image| la photo)?"
    r"|ampliar(?: (?:la )?(?:foto|imagen|imagem))?|ingrandisci(?: (?:l['’]immagine|la foto))?|powiększ(?: zdjęcie)?",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:hide|toggle) caption", re.IGNORECASE)
_BEFORE_CREDIT = '.!?…:;,"”»)]([|/–—-©'


def is_labelled(text: str) -> bool:
    """Whether a text says of itself that it is a caption."""
    label = _LABEL.match(text)
    return label is not None and label.end() < len(text)


def is_label(text: str) -> bool:
    """Whether a text announces a caption or a credit that does not follow, or is a control of a picture."""
    mark = _LABEL.match(text) or _MARK.match(text)
    if mark is not None and mark.lastgroup != "source" and not _WORDS.search(text, mark.end()):
        return True
    found = text.lower().split()
    return len(found) <= _MOST_NAMES and _CONTROLS.issuperset(found)


def opens_caption(text: str) -> bool:
    """Whether a text is the control that makes a picture larger: its caption comes next in a pasted page."""
    return _ENLARGES.fullmatch(text) is not None


def ends_caption(text: str) -> bool:
    """Whether a text is the control that hides a caption, which stands above it."""
    return _ENDS.fullmatch(text) is not None


def unlabelled(text: str) -> str:
    """A caption without a label that says that it is one, and without the control that hides it."""
    text = _HIDES.sub("", text)
    return text[label.end() :] if (label := _LABEL.match(text)) and label.end() < len(text) else text


def has_credit(text: str) -> bool:
    """Whether a text that can be a caption ends, or is introduced, by the credit of a picture."""
    return len(text) <= MAX_CAPTION and _has_credit(text)


@functools.lru_cache(maxsize=CACHED)
def _has_credit(text: str) -> bool:
    end = text[-_LONGEST_CREDIT:]
    if any(_gives_credit(text, mark) for mark in _marks(text)) or (end.endswith(")") and _SIGN_OFF.search(end)):
        return True
    if end[-_SHORTEST_NAME:].isupper() and (shouted := _SHOUTED.search(end)) and shouted[1].isupper():
        return True
    pair = _PAIR.search(end) if "/" in end else None
    return (
        pair is not None and any(" " in side.strip() for side in pair.groups()) and all(map(_are_names, pair.groups()))
    )


def _marks(text: str) -> Iterator[re.Match[str]]:
    """The marks at the beginning of a text and near its end, each of which begins with one of a few words or signs."""
    if not may_be_marked(text):
        return
    tail = len(text) - 2 * _LONGEST_CREDIT
    if tail > 0 and (first := _MARK.match(text)):
        yield first
    for word in _WORD_OR_SIGN.finditer(text, max(0, tail)):
        if word[0].lower() in _TOLD_BY and (mark := _MARK.match(text, word.start())):
            yield mark


def may_be_marked(text: str) -> bool:
    """Whether a text has a word or sign that a mark begins with, or letters that patterns take for an i in one."""
    return "/" in text or "©" in text or "ı" in text or "İ" in text or not _TOLD_BY.isdisjoint(folded(text).split(" "))


def is_credit(text: str) -> bool:
    """Whether a text is the credit of a picture and nothing else."""
    mark = _MARK.match(text.lstrip("([© "))
    alone = mark is not None and mark.lastgroup != "file"
    return has_credit(text) and (alone or _are_names(text)) and len(text.split()) <= _MOST_NAMES


def has_verb(text: str) -> bool:
    """Whether a text holds one of the commonest verbs and pronouns of English, or a past tense."""
    return _VERB.search(text) is not None


def distinct(captions: Iterable[str]) -> tuple[str, ...]:
    """Captions without labels, bounded, each once: of one with and without its credit the longer counts."""
    shown: dict[str, str] = {}
    for caption in captions:
        bare = unlabelled(caption)
        shown.setdefault(" ".join(_WORDS.findall(bare.casefold())) + " ", _bounded(bare))
    told = sorted(shown)  # what a text begins stands right behind it
    for short, long in pairwise(told):
        if long.startswith(short) and short.count(" ") >= _TELLING:
            del shown[short]
    return tuple(shown.values())


def _bounded(caption: str) -> str:
    if len(caption) <= MAX_CAPTION:
        return caption
    return caption[: MAX_CAPTION - 1].rpartition(" ")[0] + "…"


def _gives_credit(text: str, mark: re.Match[str]) -> bool:
    """Whether what follows the mark can be a credit, and what is before it leaves off there."""
    kind, before, rest = mark.lastgroup, text[: mark.start()].rstrip(), text[mark.end() :]
    if kind == "label" and not before:
        return True
    if len(rest) > _LONGEST_CREDIT or rest.rstrip().endswith(("?", ":")):
        return False
    if kind == "rights" and not before and "/" not in rest:
        return False  # it may be the page's own
    parted = not before or before[-1] in _BEFORE_CREDIT or mark[0].startswith("Credit")
    if kind != "source" and not parted:
        return False
    remarks = kind in {"label", "courtesy"} or (kind == "file" and not before)
    return _are_names(rest) or (remarks and _is_short_remark(rest))


def _is_short_remark(text: str) -> bool:
    """Whether a text could name a source in words of its own: "supplied", "archive of the town"."""
    count = len(text.split())
    return count <= 3 or (count <= _MOST_NAMES and not has_verb(text))


def _are_names(text: str) -> bool:
    """Whether a text is nothing but names, of people and agencies, with the small words that join them."""
    found = _NAMES.findall(text)
    return len(found) <= _MOST_NAMES and all(
        not word[0].islower() or word.lower() in _SMALL or "." in word[:-1] for word in found
    )
