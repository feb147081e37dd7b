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


POLISH = "Ministrowie spotkali się we wtorek w stolicy, żeby omówić budżet na przyszły rok: łąka, źródło."
CZECH = "Ministři se sešli v úterý v hlavním městě, aby jednali o rozpočtu na příští rok."
TURKISH = "Bakanlar salı günü başkentte bir araya geldi ve gelecek yılın bütçesini görüştü."
FRENCH = "Les ministres se sont réunis à la forêt où l’âge d’or naît ; « déjà », dit-il."
ENGLISH = "“It’s over,” she said – the ministers met in the capital on Tuesday."
CHINESE = "部长们星期二在首都开会，讨论明年的预算。市长说，这条河已经恢复平静。" * 3
ARABIC = "اجتمع الوزراء يوم الثلاثاء في العاصمة لمناقشة ميزانية العام المقبل. "


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (POLISH, "iso8859-2"),
        (POLISH, "cp1250"),
        (CZECH, "iso8859-2"),
        (CZECH, "cp1250"),
        (TURKISH, "cp1254"),
        (FRENCH, "cp1252"),
        (ENGLISH, "cp1252"),
        (ENGLISH, "mac_roman"),
        (CHINESE, "gb18030"),
        (CHINESE, "big5"),
    ],
)
def test_the_letters_of_a_language_tell_the_encoding(text: str, encoding: str):
    text = text.encode(encoding, "ignore").decode(encoding)
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert "guess" in decoded.warnings[0]


@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, JAPANESE, CHINESE, ARABIC, ENGLISH])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_of_every_script_is_read_without_its_mark(text: str, encoding: str):
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)
    assert decoded.warnings == (f"read as {encoding}: it has no byte order mark",)


def test_curly_quotes_are_read_where_latin_1_is_declared():
    assert decode(ENGLISH.encode("cp1252"), "ISO-8859-1").text == ENGLISH


def test_japanese_in_seven_bits_is_no_ascii():
    assert decode(JAPANESE.encode("iso2022_jp"), "ISO-2022-JP").text == JAPANESE


def test_windows_1252_amid_utf8_is_read_and_noted():
    data = (GERMAN + "\n" + FRENCH).encode() + b"\n\x93It\x92s a caf\xe9,\x94 she said in the ch\xe2teau."
    decoded = decode(data)
    assert decoded.text.endswith("“It’s a café,” she said in the château.")
    assert decoded.encoding == "utf-8"
    assert decoded.warnings == ("5 bytes that are not UTF-8 were read as windows-1252",)


def test_what_is_left_of_a_cut_character_is_told_to_be_broken():
    decoded = decode(GERMAN.encode() + b" \xe2\x80 und \xc3 weiter")
    assert decoded.text.endswith(" \ufffd und \ufffd weiter")
    assert decoded.warnings == ("2 broken characters could not be read",)
