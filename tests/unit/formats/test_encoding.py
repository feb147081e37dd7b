import pytest

from worker.errors import Rejected
from worker.formats.encoding import decode

GERMAN = "Die Gespräche über die Brücke führten zu „nichts“, sagte der Bürgermeister – und ging."
RUSSIAN = "Министры встретились во вторник в столице, чтобы обсудить бюджет на следующий год. " * 5
JAPANESE = "大臣たちは火曜日に首都で会合を開き、来年の予算について話し合いました。" * 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_western_text_is_read_whatever_it_was_saved_as(encoding: str):
    assert decode(GERMAN.encode(encoding)).text == GERMAN


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (JAPANESE, "shift_jis")])
def test_other_scripts_are_guessed_and_the_guess_is_told(text: str, encoding: str):
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert "guess" in decoded.warnings[0]


def test_utf16_that_lost_its_mark_is_read():
    decoded = decode("The ministers met on Tuesday.".encode("utf-16-le"))
    assert (decoded.text, decoded.encoding) == ("The ministers met on Tuesday.", "utf-16-le")
    assert decoded.warnings


def test_a_declared_encoding_is_believed_where_the_bytes_allow_it():
    assert decode("Příliš žluťoučký kůň".encode("iso8859-2"), "iso-8859-2").text == "Příliš žluťoučký kůň"
    assert decode("Příliš".encode(), "shift_jis").text == "Příliš"
    assert decode(b"caf\xe9", "no such thing\x00").text == "café"


def test_utf8_cut_in_a_character_is_read_up_to_it():
    decoded = decode(GERMAN.encode()[:-1] + "ü".encode()[:1])
    assert decoded.text == GERMAN[:-1]
    assert decoded.warnings == ("its last character was cut off",)


def test_a_few_nuls_are_removed_and_many_make_it_binary():
    decoded = decode(b"a long enough line of text\x00 with one of them" * 2)
    assert "\x00" not in decoded.text
    assert decoded.warnings == ("2 NUL characters were removed",)
    with pytest.raises(Rejected) as caught:
        decode(b"a\x00b\x01c\x02" * 50)
    assert caught.value.reason == "binary"


def test_noise_is_undecodable():
    with pytest.raises(Rejected) as caught:
        decode(bytes(range(128, 256)) * 20)
    assert caught.value.reason == "undecodable"
