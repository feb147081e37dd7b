"""Which single-byte encoding of Latin letters a text is in: the one in which its letters are those of one language."""

_SIGNS = frozenset("‘’‚“”„‹›«»–—…•·€£§©®°¡¿ªº²³½¼¾´™×\xa0\xad")
_LANGUAGES = {  # the letters beyond ASCII; of encodings that fit equally well, the first counts
    "cp1252": (
        "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "áàâãçéêíóôõúü", "àèéìíîòóùú", "áäçéëèêïíóöüú", "åäöéàü", "æøåéôòüöä",
        "áðéíóúýþæö", "àçéèíïóòúü", "éèêëçñïöüôáíóú",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ"),
    "iso8859-2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ"),
    "cp1254": ("çğıİöşüâîû",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöüõšž"),
    "mac_roman": ("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "éèêëçñïöüôáíóú"),
}  # fmt: skip
_LETTERS = {
    encoding: tuple(_SIGNS | set(letters) | set(letters.upper()) for letters in languages)
    for encoding, languages in _LANGUAGES.items()
}
_LEAST = 0.95  # of the characters beyond ASCII, which one language must have; the rest is in names


def latin_encoding(data: bytes) -> str | None:
    """The encoding in which one language explains the bytes beyond ASCII best; None where none does."""
    counts = [(bytes([byte]), data.count(byte)) for byte in range(0x80, 0x100)]
    high = [(byte, count) for byte, count in counts if count]
    total = sum(count for _, count in high)
    best, found = _LEAST * total, None
    for encoding, languages in _LETTERS.items():
        read = [(byte.decode(encoding, "replace"), count) for byte, count in high]
        fits = max(sum(count for char, count in read if char in letters) for letters in languages)
        if fits > best or (found is None and fits >= best):
            best, found = fits, encoding
    return found
