"""Pasted pages: whose name beside the headline is the author's."""

from datetime import UTC, datetime

import pytest

from worker.cleaning import clean
from worker.formats import read_document
from worker.models import CleanArticle, Document, RawArticle, RawBlock

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HEADLINE = "Harbour wall holds through the night"
PROSE = [
    "The wall held back the water through the night, the harbour office said on Friday, and the lower town stayed dry.",
    "Gauges at the fish market showed a rise of eleven centimetres while the gates were shut, which will please many.",
    "The office had ordered the gates shut nine hours earlier, when the first warnings came in from the islands.",
    "Nobody was hurt, and the ferries to the islands were running again by noon, the office said in its report.",
]


def pasted(*front: str, above: tuple[str, ...] = ()) -> CleanArticle:
    lines = [*above, HEADLINE, "", *front, "", *(line for text in PROSE for line in (text, ""))]
    return clean(read_document(Document("a.txt", "\n".join(lines).encode(), NOW)))


@pytest.mark.parametrize(
    ("front", "names"),
    [
        (("By Jane Doe",), ("Jane Doe",)),
        (("By", "Jane Doe"), ("Jane Doe",)),
        (("By", "* Jane Doe | Echo Media"), ("Jane Doe",)),
        (("Jane Doe", "May 17, 2024"), ("Jane Doe",)),
        (("* Jane Doe", "* May 17, 2024"), ("Jane Doe",)),
        (("Jane Doe and John Roe in Sandhaven", "May 17, 2024"), ("Jane Doe", "John Roe")),
        (("Jane Doe", "Senior Editor", "May 17, 2024"), ("Jane Doe",)),
        (("Jane Doe", "Harbour office watcher", "May 17, 2024"), ("Jane Doe",)),
        (("Jane Doe", "Contributing Reporter"), ("Jane Doe",)),
        (("Jane Doe", "·", "5 min read"), ("Jane Doe",)),
        (("Jane Doe@janedoe", "May 17, 2024"), ("Jane Doe",)),
        (("By Jane DoePublished: May 17, 2024",), ("Jane Doe",)),
        (("May 17, 2024 by Jane Doe",), ("Jane Doe",)),
        (("Posted on May 17, 2024 by Jane Doe In Harbours",), ("Jane Doe",)),
        (("* By Jane Doe on May 17, 2024",), ("Jane Doe",)),
        (("Von Lena Groß", "17. Mai 2024"), ("Lena Groß",)),
        (("Sand Haven",), ()),
        (("Harbour Market", "May 17, 2024"), ()),
        (("Reviewed by", "John Roe", "May 17, 2024"), ()),
        (("May 17, 2024 by Newsroom",), ()),
        (("Share", "May 17, 2024"), ()),
    ],
)
def test_a_name_is_the_authors_by_what_is_beside_it(front: tuple[str, ...], names: tuple[str, ...]):
    assert pasted(*front).byline == names


def test_a_name_far_below_the_headline_is_nobodys_byline():
    article = pasted(*PROSE, "Jane Doe", "May 17, 2024", *PROSE)
    assert article.byline == ()


def test_the_source_is_no_author():
    lines = [
        "Ferry runs again",
        "Harbor Echo Correspondent",
        "May 17, 2024",
        *("The ferry ran again on Friday, they said.",) * 3,
    ]
    blocks = tuple(RawBlock("line", line) for line in lines)
    assert clean(RawArticle("text/plain", "utf-8", blocks, source_name="Harbor Echo")).byline == ()
    assert clean(RawArticle("text/plain", "utf-8", blocks)).byline == ("Harbor Echo",)
