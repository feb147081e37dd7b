"""Captions are told from the body: floors on labelled articles, and what was found to go wrong."""

import pytest

from tests.captions import SAMPLES, Figures, figures, outcomes
from worker.cleaning import clean
from worker.cleaning.captions import MAX_CAPTION, distinct, has_credit, is_credit
from worker.formats.html import read_page
from worker.models import CleanArticle, RawArticle, RawBlock

RECALL, LEAK, INVENTED, BODY = 0.95, 0.02, 0.03, 0.99  # floors and ceilings, a little off what was measured
# Recall, leak and body of the articles that were written without knowledge of the code, a little off what was measured.
UNSEEN = {"html": (0.95, 0.02, 0.97), "txt": (0.65, 0.06, 0.90)}
BODY_TEXT = (
    "The council of Marrow voted on Tuesday to repair the old canal, which has leaked into two streets since spring.",
    "Engineers expect the work to last until winter. Boats will be carried around the site at the city's expense.",
    "A second vote, on the colour of the gates, was put off, since both sides wanted more time to think about it.",
)
CAPTION = "The canal at low water, seen from the bridge on Tuesday."


def read(media: str) -> CleanArticle:
    """An article with this mark-up below its first paragraph."""
    first, *rest = (f"<p>{text}</p>" for text in BODY_TEXT)
    page = f"<article><h1>Council votes to repair the canal</h1>{first}{media}{''.join(rest)}</article>"
    return clean(read_page(page, "utf-8", ()))


@pytest.fixture(scope="module", params=["html", "txt"])
def measured(request: pytest.FixtureRequest) -> Figures:
    return figures(outcomes(request.param))


def test_captions_are_found(measured: Figures):
    assert measured.recall >= RECALL


def test_captions_do_not_leak_into_the_body(measured: Figures):
    assert measured.leak <= LEAK


def test_nothing_else_becomes_a_caption(measured: Figures):
    assert measured.invented <= INVENTED


def test_the_body_is_kept(measured: Figures):
    assert measured.body >= BODY


@pytest.mark.parametrize("ending", UNSEEN)
def test_captions_of_articles_written_without_knowledge_of_the_code_are_told(ending: str):
    recall, leak, body = UNSEEN[ending]
    found = figures(outcomes(ending, SAMPLES / "unseen"))
    assert found.recall >= recall
    assert found.leak <= leak
    assert found.body >= body


@pytest.mark.parametrize(
    "media",
    [
        f"<figure><img><figcaption>{CAPTION}</figcaption></figure>",
        f"<a href='large.jpg'><figure><img><figcaption>{CAPTION}</figcaption></figure></a>",
        f"<figure><img><div><p>{CAPTION}</p></div></figure>",
        f"<div class='photo'><img><p>{CAPTION}</p></div>",
        f"<ul class='gallery'><li><img><p>{CAPTION}</p></li></ul>",
        f"<div><img><span class='caption'>{CAPTION}</span></div>",
        f"<p><img><br>{CAPTION}</p>",
        f"<p><img></p><p><em>{CAPTION}</em></p>",
        f"<table><tr><td><img></td></tr><tr><td>{CAPTION}</td></tr></table>",
        f"<figure><img><figcaption>{CAPTION}</figcaption></figure><p hidden>{CAPTION}</p>",
    ],
)
def test_what_a_reader_sees_with_a_picture_is_its_caption(media: str):
    article = read(media)
    assert article.captions == (CAPTION,)
    assert tuple(block.text for block in article.body) == BODY_TEXT


@pytest.mark.parametrize(
    "media",
    [
        "<img><p>{}</p>",
        "<figure><p>{}</p></figure>",
        "<div class='image-text'><img><p>{}</p></div>",
        "<figure><img><blockquote>{}</blockquote></figure>",
        "<figure><img><figcaption>" + "<p>{0}</p>" * 5,  # never closed, so that it holds all that follows
        "<div class='with-caption'>" + "<p>{0}</p>" * 10 + "</div>",
    ],
)
def test_what_is_no_caption_stays_in_the_body(media: str):
    said = "Nobody in the two streets had been asked, and nobody in them was surprised that it had taken so long."
    article = read(media.format(said))
    assert article.captions == ()
    assert {said, *BODY_TEXT} <= {block.text for block in article.body}


def test_what_only_an_attribute_holds_is_no_caption():
    article = read(f"<figure data-caption='{CAPTION}'><img alt='{CAPTION}' title='{CAPTION}'></figure>")
    assert article.captions == ()
    assert CAPTION not in article.text


def test_a_gallery_below_the_body_keeps_all_its_captions():
    captions = [
        f"The canal in the {place} of the town" for place in ("north", "east", "south", "west", "midst", "past")
    ]
    blocks = [RawBlock("paragraph", text, in_body=True) for text in BODY_TEXT]
    gallery = [RawBlock("caption", caption, in_body=False) for caption in captions]
    links = [RawBlock("paragraph", "More pictures", in_body=False)] * 4
    far = RawBlock("caption", "Another town, another canal", in_body=False)
    article = clean(RawArticle("", "", (*blocks, *gallery, *links, far), headline="Canal"))
    assert article.captions == tuple(captions)


def test_the_teaser_of_another_article_is_no_caption():
    teaser = "<figure><a href='/2'><img></a><figcaption><a href='/2'>Bees return to the opera</a></figcaption></figure>"
    assert read(teaser).captions == ()


@pytest.mark.parametrize("control", ["Enlarge this image", "Image", "toggle caption", "Credit:"])
def test_a_control_of_a_picture_is_no_caption(control: str):
    assert read(f"<figure><img><p>{control}</p><figcaption>{CAPTION}</figcaption></figure>").captions == (CAPTION,)


@pytest.mark.parametrize(
    "text",
    [
        "The canal at low water. (AP Photo/Jane Doe)",
        "The canal at low water. Jane Doe/The Marrow Times",
        "The canal at low water on Tuesday. Photo: supplied",
        "The canal at low water (AP)",
        "The canal at low water. Courtesy of the Doe family",
        "Le canal lundi. Crédit photo : Jeanne Dupont",
        "Der Kanal am Dienstag. Foto: Jana Muster/dpa",
        "Канал у вівторок. Фото: Яна Приклад",
        "Kanał we wtorek. Fot. Janina Wzór",
        "Photo: Reuters",
    ],
)
def test_a_credit_ends_or_begins_a_caption(text: str):
    assert has_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "MARROW (AP) — The council of Marrow voted on Tuesday to repair the old canal.",
        "Half of the voters want the canal repaired, according to a Reuters/Ipsos poll published on Monday.",
        "Tea and cake came courtesy of the church, which is the only building that still stands.",
        "The photos by the late Arthur Quill had been found in a shoe box.",
        "In a video by the town's school, her brother tells how she worked.",
        "The gates were open, the council said. (AP)",
        "Boats and/or lorries will carry the mud away.",
    ],
)
def test_prose_that_speaks_of_pictures_has_no_credit(text: str):
    assert not has_credit(text)


def test_a_credit_is_nothing_but_names():
    assert is_credit("Photo: Jane Doe/Agency")
    assert not is_credit("The canal at low water on Tuesday. Photo: Jane Doe/Agency")


def test_a_caption_is_shown_once_with_its_credit_and_without_its_label():
    longer = f"{CAPTION} Photo: Jane Doe"
    assert distinct([CAPTION, f"Image caption, {longer}", longer.upper()]) == (longer,)


def test_a_caption_is_bounded():
    (caption,) = clean(
        RawArticle("", "", (RawBlock("caption", "word " * 500), RawBlock("paragraph", BODY_TEXT[0])), headline="Canal")
    ).captions
    assert len(caption) <= MAX_CAPTION
    assert caption.endswith("word…")


@pytest.mark.parametrize("control", ["Enlarge this image", "Bild vergrößern", "Voir en plein écran", "Ampliar foto"])
def test_what_follows_a_pictures_control_is_its_caption(control: str):
    lines = ["Canal to be repaired", "", *BODY_TEXT[:1], control, "A gate in the rain", *BODY_TEXT[1:]]
    article = clean(RawArticle("text/plain", "utf-8", tuple(RawBlock("line", line) for line in lines if line)))
    assert article.captions == ("A gate in the rain",)
    assert [block.text for block in article.body][-2:] == list(BODY_TEXT[1:])
