import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.cleaning import captions, notices
from worker.cleaning.captions import may_be_marked
from worker.cleaning.notices import may_be_notice, notice_kind
from worker.cleaning.phrases import label_kind, opening_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Share this article", "share"),
        ("Facebook Twitter WhatsApp Copy link", "share"),
        ("Related:", "related"),
        ("You may also like", "related"),
        ("12 Comments", "comments"),
        ("Leave a reply", "comments"),
        ("Advertisement", "advertisement"),
        ("Skip to main content", "navigation"),
        ("5 min read", "navigation"),
        ("Newsletter", "newsletter"),
        ("Talks end without a result", None),
        ("Share prices fall in London", None),
        ("The advertisement was withdrawn", None),
        ("Advertisement · Scroll to continue", "advertisement"),
        ("Lesen Sie auch:", "related"),
        ("Kommentare (4)", "comments"),
        ("– Anzeige –", "advertisement"),
        ("Auf Facebook teilen", "share"),
        ("Lesezeit: 3 Min.", "navigation"),
        ("Mehr Geld für Kitas", None),
        ("Kommentare aus dem Ausland", None),
        ("À lire aussi", "related"),
        ("12 commentaires", "comments"),
        ("La suite après la publicité", "advertisement"),
        ("Partager sur Facebook", "share"),
        ("S'inscrire à la lettre d'information", "newsletter"),
        ("Lire dans le noir", None),
        ("Partager le pain", None),
    ],
)
def test_labels_of_a_page_are_told_from_headings(text: str, kind: str | None):
    assert label_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Read more: Why bridges matter", "related"),
        ("© 2025 The Valley Echo", "copyright"),
        ("Follow us on Twitter", "share"),
        ("Sign up for our newsletter here", "newsletter"),
        ("Read the letter that the minister wrote", None),
        ("© The Valley Echo Ltd 2025", "copyright"),
        ("Lesen Sie auch: Warum Brücken wichtig sind", "related"),
        ("Lire aussi | Pourquoi les ponts comptent", "related"),
        ("Lire aussi vite que possible, c'est oublier", None),
    ],
)
def test_short_lines_are_told_by_how_they_begin(text: str, kind: str | None):
    assert opening_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We use cookies to improve your experience.", "cookie_notice"),
        ("Become a patron and support our journalism.", "donation"),
        ("Get the news delivered straight to your inbox every day.", "newsletter"),
        ("This material may not be reproduced.", "copyright"),
        ("Villagers donated blankets and bread to the people in the school.", None),
        ("The bakery sells cookies to the whole town.", None),
        ("A site was fined because its visitors could accept cookies with one click.", None),
        ("The firm appeals. “Our cookie policy and our cookie settings are fine,” its lawyer said.", None),
        ("Wir und unsere Partner verwenden Cookies.", "cookie_notice"),
        ("Helfen Sie uns mit einer Spende.", "donation"),
        ("Wer spendet, muss sich auf sein Gefühl verlassen.", None),
        ("Nous utilisons des cookies pour mesurer l'audience.", "cookie_notice"),
        ("Soutenez une presse indépendante : faites un don.", "donation"),
        ("Nous ne voulons pas de dons, nous voulons des murs.", None),
        ("Recevez l'essentiel dans votre boîte mail.", "newsletter"),
    ],
)
def test_notices_are_told_by_what_they_say(text: str, kind: str | None):
    assert notice_kind(text) == kind


NOTICES = [pattern for _, _, patterns in notices._KINDS for _, pattern in patterns]
LETTERS = st.characters(codec="latin-1")


@pytest.mark.parametrize("pattern", NOTICES, ids=lambda pattern: pattern.pattern[:20])
@settings(suppress_health_check=list(HealthCheck))  # many texts that a pattern is drawn as, it does not match
@given(st.data())
def test_a_paragraph_that_is_not_looked_at_is_no_notice(pattern: re.Pattern[str], data: st.DataObject):
    assert may_be_notice(data.draw(st.from_regex(pattern, fullmatch=True, alphabet=LETTERS)))


@given(st.from_regex(captions._MARK, fullmatch=True))
def test_a_line_that_is_not_looked_at_has_no_credit(text: str):
    assert may_be_marked(text)
