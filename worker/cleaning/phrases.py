"""Boilerplate by what it says: tables of phrases, and the kind of a line by them.

Every pattern is tried on a text of bounded length, in lower case, with plain apostrophes. What may come again and
again is possessive (``++``): with a way back, "most on on on …" could be read in as many ways as there are subsets.
"""

import functools
import re

from schemas.article import RemovedKind
from worker.cleaning import french, german
from worker.cleaning.folding import CACHED
from worker.cleaning.tables import Labels, begins, exactly, first_kind, in_one

MAX_SHORT = 140  # characters of a line that can be a control or a label of a page

_SHARE_WORD = (
    r"(?:share|share (?:this|on|via|with|the|article|story|post|page)\b|tweet|post|pin(?: it)?|email|"
    r"e-mail|mail|print|"
    r"copy(?: the)? link|copied!?|link|facebook|twitter|linkedin|whatsapp|reddit|telegram|pinterest|"
    r"flipboard|messenger|"
    r"bluesky|threads|instagram|youtube|tumblr|viber|vkontakte|x|sms|text|pocket|save|bookmark|via|on|to|"
    r"this|article|"
    r"story|page|with|friends?|gift|options|more|or|and|icon|comments?|\d{1,6}k?|shares?|like|follow|us|"
    r"logo|button)"
)
_SHARE_BAR = re.compile(rf"\W*(?:{_SHARE_WORD}(?:\W+|$))++$")
_SHARE_SIGN = re.compile(
    r"\b(?:share|tweet|facebook|twitter|linkedin|whatsapp|reddit|telegram|pinterest|flipboard|copy link|"
    r"print|follow|email)"
)

# A line that is nothing but this.
_LABELS: Labels = (
    (
        "related",
        exactly(
            r"related(?: (?:articles?|stor(?:y|ies)|news|topics?|posts?|content|coverage|links?|reading|"
            r"items?|videos?|tags))?",
            r"(?:more|also) (?:on|about|in|from) (?:this|the|our)\b.{0,60}",
            r"more (?:stories|news|articles|like this|to read|headlines|coverage|for you|from\b.{0,60}|"
            r"in\b.{0,40})",
            r"(?:read|see|watch) (?:also|more|next|this next)|read more (?:on|about) .{0,40}",
            r"(?:also|further) read(?:ing)?",
            r"you (?:may|might|will)(?: also)? (?:like|enjoy|be interested in|have missed|want to read).{0,30}",
            r"recommended(?: (?:for you|stories|articles|reading|videos?|by))?",
            r"(?:most|top|popular|trending|latest|recent|featured|other|editors?'?s?'?)(?: (?:read|"
            r"popular|viewed|shared|recent|stories|news|articles|posts|videos|topics|picks?|choice|now|"
            r"today|headlines|updates|on\b.{0,40}|from\b.{0,40}))++",
            r"trending|what to read next|up next|next up|don'?t miss(?: it)?|in case you missed it|must[- ]reads?",
            r"people who (?:read|liked) this.{0,40}|readers also (?:read|liked)|keep reading|continue "
            r"reading|around the web",
            r"explore more(?: (?:on|about)\b.{0,40})?|topics|tags|filed under|in this (?:article|story)|"
            r"see all.{0,30}",
        ),
    ),
    (
        "comments",
        exactly(
            r"(?:\d{1,6}|no|view|show|read|add|post|leave|all|see|hide|load)?\s?(?:a |an |the |more |all |"
            r"your )?(?:\d{1,6} )?(?:comments?|repl(?:y|ies)|responses?)(?: now| below| \(\d{1,6}\)| "
            r"on\b.{0,80}| section)?",
            r"join (?:the )?(?:conversation|discussion|debate)|have your say|leave a (?:reply|comment|"
            r"response)|log ?in to comment",
            r"what do you think(?: about.{0,60})?|cancel reply|comments? (?:are closed|closed)|be the "
            r"first to comment|comments?: (?:our )?rules|report this comment",
        ),
    ),
    (
        "newsletter",
        exactly(
            r"(?:our |the |sign up for our |get (?:the|our) |subscribe to (?:our|the) )?(?:[a-z]+ "
            r")?newsletters?(?: sign ?up| signup)?",
            r"subscribe(?: (?:now|today|here|for free))?|sign up(?: (?:now|here|today|for free))?|your "
            r"email(?: address)?|email address|enter your email.{0,40}",
        ),
    ),
    (
        "advertisement",
        exactly(
            r"advertisements?(?:\W{1,3}(?:scroll|continue).{0,30})?",
            r"adverts?|ads?|ad feedback|sponsored(?: (?:by|content|post|"
            r"links?)\b.{0,40})?|promoted(?: content)?|paid (?:content|post)|promo",
            r"(?:story|article) continues (?:below|after).{0,40}|(?:continue reading|scroll) (?:below|to "
            r"continue|after).{0,40}",
            r"skip ad(?:vertisement)?|remove ads?|report this ad|advertise(?: with us)?",
        ),
    ),
    ("cookie_notice", exactly(r"(?:accept|reject)(?: all)?(?: cookies)?|manage (?:options|preferences|cookies)")),
    (
        "navigation",
        exactly(
            r"(?:skip|jump) to .{0,40}|menu|main menu|search.{0,20}|home|log ?in|log ?out|sign ?in|sign "
            r"?out|register|my account|account|profile",
            r"close|open|toggle.{0,30}|next|prev(?:ious)?|back|back to (?:top|home|news|.{0,20})|(?:next|"
            r"previous) (?:article|post|story|page)|top|go",
            r"(?:privacy|cookie)(?: (?:policy|notice|statement|settings|preferences))?|terms(?: (?:of "
            r"(?:use|service)|& conditions|and conditions))?|contact(?: us)?|about(?: us)?|help|faqs?|"
            r"careers|sitemap|site map|accessibility.{0,20}",
            r"(?:a |an )?\d{1,3}[- ]min(?:ute)?s?\.?(?: read)?|(?:reading|read) time.{0,30}|\d{1,9} "
            r"(?:views?|reads?|shares?|votes?|likes?)|views?:? ?[\d,.k]{1,9}",
            r"(?:\d{1,3}|an?) (?:second|minute|hour|day|week|month|year)s? ago|just now|today|yesterday|"
            r"live|breaking(?: news)?|exclusive|updated",
            r"listen(?: to (?:this )?(?:article|story))?.{0,30}|play(?: audio| video)?|watch(?: (?:now|"
            r"live))?|play|pause|mute|loading.{0,10}|view (?:all|more|gallery|image|full "
            r"size)(?:.{0,30})?|enlarge(?: image)?|(?:open )?image \d.{0,20}|gallery|photos?|videos?",
            r"(?:page )?\d{1,4}(?: (?:of|/) \d{1,4})?|show more|load more|read (?:full|more)(?:.{0,20})?|"
            r"learn more|find out more|click here.{0,40}|download.{0,30}",
            r"follow(?: us)?(?: on\b.{0,60}| @\w+)?|contributor|staff(?: writer)?|author|by|reporter|"
            r"editor|written by|posted (?:by|in|on)|published(?: on)?|tags?:.{0,100}|categor(?:y|"
            r"ies):?.{0,60}",
        ),
    ),
)

# A line that begins with this, and is short.
_OPENINGS: Labels = (
    (
        "copyright",
        begins(
            r"(?:copyright )?(?:©|\(c\)) ?(?:copyright )?(?:\d{4}|by|the|all)",
            r"copyright \d{4}",
            r"copyright by",
            r"©.{0,60}\d{4}|© ?[\w-]{1,20}, \w",
        ),
    ),
    (
        "related",
        re.compile(
            r"\W*(?:(?:read|see|watch)(?: (?:also|more|next|this))?|also read|related(?: \w{1,12})?|more|"
            r"must read|don't miss|recommended|further reading|listen)\s?[:»>|]"
        ),
    ),
    (
        "related",
        begins(
            r"(?:read more|click here|see more|find out more|learn more) (?:about|on|at|here|in|from)",
            r"for more (?:information|news|stories|on)\b.{0,60}(?:visit|click|see|follow)",
        ),
    ),
    (
        "newsletter",
        begins(
            r"(?:sign up|subscribe|register) (?:for|to|here|now|today|below)\b.{0,90}\b(?:newsletters?|"
            r"inbox|e-?mails?|alerts?|updates|free|podcast|channel|briefing|digest|the)",
            r"get (?:the|our|more)\b.{0,90}\b(?:inbox|newsletter)",
        ),
    ),
    (
        "share",
        begins(
            r"follow (?:us|me|him|her|@\w+|[\w ]{1,40}) on (?:twitter|facebook|x|instagram|linkedin|"
            r"youtube|telegram|tiktok|threads|google)",
            r"(?:like|join|find) us on (?:twitter|facebook|x|instagram|linkedin|youtube|telegram|whatsapp)",
        ),
    ),
    (
        "advertisement",
        begins(
            r"(?:this (?:article|post|page|story) (?:may )?contains? (?:affiliate|paid|sponsored))",
            r"(?:we|[\w ]{1,30}) may (?:earn|receive) (?:a |an )?(?:\w+ )?commission",
        ),
    ),
)

_ALL_LABELS = in_one((*_LABELS, *german.LABELS, *french.LABELS))
_ALL_OPENINGS = in_one((*_OPENINGS, *german.OPENINGS, *french.OPENINGS))


def label_kind(text: str) -> RemovedKind | None:
    """The kind of a line that is a label or control of a page and nothing else; None for any other."""
    return _label_kind(text) if len(text) <= MAX_SHORT else None


@functools.lru_cache(maxsize=CACHED)
def _label_kind(text: str) -> RemovedKind | None:
    folded = lowered(text)
    if _SHARE_SIGN.search(folded) and _SHARE_BAR.match(folded):
        return "share"
    return first_kind(_ALL_LABELS, folded)


def opening_kind(text: str) -> RemovedKind | None:
    """The kind of a short line that begins as boilerplate does; None for any other."""
    return _opening_kind(text) if len(text) <= 2 * MAX_SHORT else None


@functools.lru_cache(maxsize=CACHED)
def _opening_kind(text: str) -> RemovedKind | None:
    folded = lowered(text)
    return first_kind(_ALL_OPENINGS, folded)


def lowered(text: str) -> str:
    """A text as the patterns want it."""
    return text.lower().replace("’", "'").replace("‘", "'").replace("\xa0", " ")
