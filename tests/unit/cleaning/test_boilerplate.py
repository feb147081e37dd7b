import pytest

from worker.cleaning.notices import notice_kind
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
    ],
)
def test_notices_are_told_by_what_they_say(text: str, kind: str | None):
    assert notice_kind(text) == kind
