"""Paragraphs that speak of the page and not of the news: pleas, consents, rights."""

import functools
import re

from schemas.article import RemovedKind
from worker.cleaning import french, german
from worker.cleaning.folding import CACHED, folded
from worker.cleaning.phrases import lowered
from worker.cleaning.tables import Notices, Signs, any_word_with, phrases

MAX_NOTICE = 1_500  # characters of a paragraph that can be a plea or a notice as a whole

_NOTICES: Notices = (
    (
        "donation",
        2,
        re.compile(
            r"\b(?:become a (?:patron|supporter|member|donor)|support (?:our|independent|quality) (?:\w+ "
            r")?(?:journalism|work|reporting|newsroom|team|mission|media)|(?:support|generosity|help|"
            r"donations?|contributions?) (?:of|from) (?:our )?readers like you|make a (?:one-time |"
            r"monthly |small )?(?:donation|contribution) (?:to|today|now|here)|(?:please )?consider "
            r"(?:making a |a )?(?:donat|support|contribut)\w*(?: to us| us| our| today)?|donate (?:now|"
            r"today|here|to us)|support us (?:on|with|today|from)|buy us a coffee|help us (?:keep|"
            r"continue|produce|stay))\b"
        ),
    ),
    (
        "donation",
        1,
        re.compile(
            r"\b(?:cup of coffee|join our community|close this page|our reporting|power of free "
            r"information|depends? on (?:the support of )?(?:our )?readers|your (?:support|donation|"
            r"contribution|help)|free and (?:open|accessible)|(?:open|free) and accessible|reader[- "
            r"](?:funded|supported)|crowdfund\w*|patreon|paywall|other ways to support|as little as|our "
            r"(?:small,? )?(?:\S+ )?(?:team|newsroom|journalists))\b"
        ),
    ),
    (
        "cookie_notice",
        2,
        re.compile(
            r"\b(?:(?:we|our partners|this (?:web)?site|and) uses? (?:[a-z]+ ){0,3}cookies|"
            r"cookie (?:policy|settings|preferences|consent|notice)|use of cookies)\b"
        ),
    ),
    (
        "cookie_notice",
        1,
        re.compile(
            r"\b(?:cookies|consent|accept all|reject all|manage (?:preferences|settings|choices)|your "
            r"experience|personalised? ads|privacy policy)\b"
        ),
    ),
    (
        "newsletter",
        2,
        re.compile(
            r"\b(?:(?:sign up|subscribe)\b.{0,60}\b(?:newsletters?|inbox|mailing list|e-?mail)|"
            r"(?:delivered|straight|sent|directly?) (?:\w+ )?to your (?:inbox|e-?mail)|(?:agree|consent) "
            r"to receiv\w+|unsubscribe|by (?:signing up|subscribing|clicking)\b.{0,40}\byou (?:agree|"
            r"accept|consent|acknowledge)|thank(?:s| you) for (?:subscribing|signing up))\b"
        ),
    ),
    (
        "copyright",
        2,
        re.compile(
            r"\ball rights reserved\b|\bunder a creative commons licen[cs]e\b|"
            r"\b(?:may|must) not be (?:published, broadcast|reproduced|"
            r"republished|copied|reprinted)\b|©\s?\d{4}|\breproduction (?:is )?prohibited\b"
        ),
    ),
    (
        "advertisement",
        2,
        re.compile(
            r"\b(?:affiliate (?:links?|commission|partner)|(?:earn|receive) (?:a |an )?(?:small "
            r")?(?:affiliate )?commission|when you (?:buy|purchase) through (?:our )?links)\b"
        ),
    ),
    (
        "comments",
        2,
        re.compile(
            r"\b(?:your e-?mail address will not be published|required fields are marked|save my name, "
            r"email|please (?:log|sign) ?in to (?:comment|post)|notify me of (?:new|follow)|powered by "
            r"disqus|enable javascript to view|our comments to be|"
            r"commenting (?:policy|guidelines|rules)|comments? (?:are|"
            r"is) (?:closed|moderated))\b"
        ),
    ),
    (
        "navigation",
        2,
        re.compile(
            r"\b(?:published in the print edition|enable javascript|"
            r"javascript is (?:disabled|required)|your browser (?:does not|doesn't|"
            r"is)|protected by recaptcha|an error (?:has )?occurred|please try again later|already have "
            r"an account|forgot your password)\b"
        ),
    ),
)

# What a text holds in which any of a kind is found: looked for before the patterns, because it is faster.
_SIGNS: Signs = {
    "donation": phrases(
        """
        support, donat, patron, become a, contribut, readers, reader-, reader f, coffee, help us, our, close this page,
        your, free and, accessible, funded, patreon, paywall, as little as, power of
        """
    ),
    "cookie_notice": phrases("cookie, consent, accept all, reject all, manage, your, personali, privacy policy"),
    "newsletter": phrases("newsletter, inbox, mail, subscrib, to receiv, by signing, by clicking, signing up"),
    "copyright": phrases("rights, creative commons, not be, ©, prohibited"),
    "advertisement": phrases("affiliate, commission, purchase, buy"),
    "comments": phrases(
        "comment, mail, required fields, disqus, notify me, log in, sign in, login, signin, javascript"
    ),
    "navigation": phrases("print edition, javascript, browser, recaptcha, error, try again, account, password"),
}
_KINDS = tuple(
    (kind, found_by, [(weight, pattern) for of, weight, pattern in notices if of == kind])
    for signs, notices in ((_SIGNS, _NOTICES), (german.SIGNS, german.NOTICES), (french.SIGNS, french.NOTICES))
    for kind, found_by in signs.items()
)
# How a word begins without which nothing is found: with a sign, or such a word holds one or stands by one that does
# ("wir nutzen Analysecookies"). Looked for first, because it is fast; signs by themselves are in "hours" too.
_BEGINNINGS = {folded(sign) for _, signs, _ in _KINDS for sign in signs if sign != "©"}.union(
    phrases("email, unsubscrib, crowdfund, fördermitglied, verwend, nutz, setz")
)
_ANY_BEGINNING = any_word_with(_BEGINNINGS)
_QUOTED = re.compile(r"“[^“”]{0,600}”|„[^„“]{0,600}“")  # what someone says in the news


def notice_kind(text: str) -> RemovedKind | None:
    """The kind of a paragraph that pleads, warns or informs about the page; None for any other.

    A phrase that only such a paragraph has counts double; two points make it one. Long paragraphs need more.
    """
    return _notice_kind(text) if len(text) <= MAX_NOTICE else None


def may_be_notice(text: str) -> bool:
    """Whether a paragraph has a word or sign without which it is no notice; most have none."""
    return "©" in text or _ANY_BEGINNING.search(" " + folded(text)) is not None


@functools.lru_cache(maxsize=CACHED)
def _notice_kind(text: str) -> RemovedKind | None:
    if not may_be_notice(text):
        return None
    low = lowered(text)
    if "“" in low:
        low = _QUOTED.sub(" ", low)
    points: dict[RemovedKind, int] = {}
    for kind, signs, patterns in _KINDS:
        if any(map(low.__contains__, signs)):
            for weight, pattern in patterns:
                if pattern.search(low):
                    points[kind] = points.get(kind, 0) + weight * len(pattern.findall(low))
    if not points:
        return None
    kind, most = max(points.items(), key=lambda item: item[1])
    return kind if most >= (2 if len(text) <= 400 else 4) else None
