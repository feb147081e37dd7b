"""Text whose bytes were once read in the wrong encoding, and text that only looks so."""

import json

import pytest

from tests.unit.formats.reading import document
from worker.formats import read_document
from worker.formats.encoding import Decoded
from worker.formats.mojibake import mended, read_text

GERMAN = "Die Rückkehr der Möwen über den Fluß freute die Bürger – „endlich“, sagte der Bürgermeister."
POLISH = "Łódź i Kraków: źródło wody jest już czyste, mówią mieszkańcy."
RUSSIAN = "Министры встретились во вторник — «наконец», сказал мэр."
JAPANESE = "大臣たちは火曜日に首都で会合を開いた。"
FRENCH = "Voilà l’été à Paris : « déjà », dit-il."


def misread(text: str, encoding: str = "cp1252", times: int = 1) -> str:
    """A text as it looks when its UTF-8 was read as another encoding; what that does not define became C1 controls."""
    for _ in range(times):
        text = "".join(_character(byte, encoding) for byte in text.encode())
    return text


def _character(byte: int, encoding: str) -> str:
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeError:
        return chr(byte)


def text_of(text: str) -> str:
    return mended(Decoded(text, "utf-8")).text


@pytest.mark.parametrize("text", [GERMAN, POLISH, RUSSIAN, JAPANESE, FRENCH, "It’s 5 °C, she said – “mild”."])
@pytest.mark.parametrize(("encoding", "times"), [("cp1252", 1), ("cp1252", 2), ("latin-1", 1), ("cp1251", 1)])
def test_utf8_that_was_read_as_another_encoding_is_read_again(text: str, encoding: str, times: int):
    found = read_text(misread(text, encoding, times).encode())
    assert found.text == text
    assert "had been read as another encoding" in found.warnings[0]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("itâ€™s cafÃ© Â£5", "it’s café £5"),
        ("The cafÃ© reopened.", "The café reopened."),
        ("“The cafÃ© is open,” she said – itâ€™s true.", "“The café is open,” she said – it’s true."),
        ("<p>Die RÃ¼ckkehr</p><p>© Möwe</p>", "<p>Die Rückkehr</p><p>© Möwe</p>"),
        ("Ã\x81rea ðŸ˜€", "Área 😀"),
    ],
)
def test_single_sequences_that_no_language_has_are_read_again(text: str, meant: str):
    assert text_of(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        GERMAN,
        POLISH,
        RUSSIAN,
        FRENCH,
        "NÃO, SÃO PAULO NÃO É A AMANHÃ",
        "«AMANHû, disse o título; “IRMÔ",
        "L’ÎLE À L’ÂGE D’OR",
        "Spaß“ CAFÉ… Â",
        "Un café…» dit-il",
        "Сіль і Рівне — «Січ»",
        'The site showed "cafÃ©" to its readers.',
        "<p>He saw &quot;Ã¤&quot; instead</p>",
        "<p>He saw <code>cafÃ©</code> instead</p>",
        "Aus „Rückkehr“ wird „RÃ¼ckkehr“, schreibt er.",
        "Aus Rückkehr wird RÃ¼ckkehr.",
        "Ã© is what becomes of it, and Ã¨ is the other.",
    ],
)
def test_what_is_right_or_only_quotes_mojibake_stays_as_it_is(text: str):
    found = mended(Decoded(text, "utf-8"))
    assert (found.text, found.warnings) == (text, ())


def test_examples_in_a_document_that_is_broken_itself_do_not_protect_it():
    text = "Das „CafÃ©“ ist Ã¶ffentlich.\nDie BrÃ¼cke auch.\nDas Ãœbrige fÃ¼r alle."
    assert "Brücke" in text_of(text)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_is_read_again_whether_it_is_written_in_escapes_or_not(ascii_only: bool):
    fields = {"title": misread("Die Brücke"), "text": misread(GERMAN) + "\n\n\\u00fc \U0001f600"}
    found = read_document(document(json.dumps(fields, ensure_ascii=ascii_only), "a.json"))
    assert (found.headline, found.blocks[0].text) == ("Die Brücke", GERMAN)
    assert found.blocks[-1].text == "\\u00fc \U0001f600"
    assert found.warnings


def test_json_that_quotes_mojibake_stays_as_it_is():
    fields = {"title": "A wrong letter", "text": 'The site showed "cafÃ©" to all of its readers on that day.'}
    found = read_document(document(json.dumps(fields), "a.json"))
    assert found.blocks[0].text == fields["text"]
    assert found.warnings == ()


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md"])
def test_each_format_notes_what_was_read_again(name: str):
    page = f"<html><body><h1>Ein Titel</h1><p>{misread(GERMAN)}</p></body></html>"
    found = read_document(document(page if name == "a.html" else f"# Titel\n\n{misread(GERMAN)}\n", name))
    assert any(block.text == GERMAN for block in found.blocks)
    assert any("read again" in warning for warning in found.warnings)
