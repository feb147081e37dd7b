"""RTF documents: their text in one pass, whatever its groups hold; nothing in them is run."""

import re
from typing import NamedTuple

from worker.cleaning.tables import words
from worker.errors import Rejected
from worker.formats.claims import article
from worker.formats.flow import Flow, Role, role_of_style
from worker.formats.links import absolute
from worker.formats.rtf_tokens import CHARACTERS, CHARSETS, SETS, SYMBOLS, by_numbers, code_page, tokens
from worker.models import Document, RawArticle

MAX_DEPTH = 256  # groups within each other
_MOST_WORDS = 4_000  # characters of a name, a title or an address
# Groups that hold no text of the article; one that begins with \* is another, unless a reader must know it.
_PASSED = frozenset(
    words(
        """
    colortbl pict object objdata header headerl headerr headerf footer footerl footerr footerf footnote annotation
    listtable listoverridetable rsidtbl generator shprslt nonshppict sp do tc xe template bkmkstart bkmkend
        """
    )
)
_STARRED = frozenset({"shpinst", "fldinst"})
# Groups whose words are wanted, and what is said of them here.
_PLACES = {
    "fonttbl": "fonts", "stylesheet": "styles", "info": "properties", "title": "title", "fldinst": "field",
    "fldrslt": "link", "listtext": "nowhere", "pntext": "nowhere",
}  # fmt: skip
_PARAGRAPH_ENDS = frozenset({"par", "sect", "page", "\r", "\n"})
_LINK = re.compile(r'HYPERLINK\s+"([^"]{1,2000})"')


class _State(NamedTuple):
    """What holds until a group ends.

    Attributes:
        place: Where its words go: ``text``, ``link`` (which is text), another of ``_PLACES``, or ``nowhere``.
        font: Its number; that of the document's own where negative.
        fallback: How many characters follow one that is written by number, for readers that know no numbers.
        hidden: Whether it is hidden or deleted.
        style: Of the paragraph, its number; none where negative.
        role: Of the paragraph, as it says itself.
    """

    place: str = "text"
    font: int = -1
    fallback: int = 1
    hidden: bool = False
    style: int = -1
    role: Role | None = None

    @property
    def is_text(self) -> bool:
        return self.place in {"text", "link"}


def read(document: Document) -> RawArticle:
    """Read an RTF document; notes, headers, pictures, and hidden and deleted text are left out.

    Raises:
        Rejected: ``too_complex``, ``too_long``, ``too_many_lines`` or ``no_body``.
    """
    reader = _Reader()
    reader.read(document.data.decode("latin-1"))
    if not reader.flow.blocks:
        raise Rejected("parse", "no_body", "there is no text in the document", "body")
    return article("application/rtf", reader.encoding, reader.flow, reader.title)


class _Reader:
    """What is known of a document while it is read.

    Attributes:
        flow: Its text.
        title: In its properties.
        encoding: The code page of what no font says otherwise.
    """

    def __init__(self) -> None:
        self.flow = Flow()
        self.title = ""
        self.encoding = "cp1252"
        self._state = _State()
        self._groups: list[_State] = []
        self._raw = bytearray()  # not yet decoded: a character may take two bytes
        self._skip = 0  # characters that are for readers without numbers
        self._fonts: dict[int, str] = {}
        self._default_font = -1
        self._styles: dict[int, str] = {}
        self._words = ""  # of a place that is not the text
        self._in_paragraph = self._in_table = self._in_row = False

    def read(self, source: str) -> None:
        starred = False
        for token in tokens(source):
            kind = token.lastgroup
            if kind == "text":
                self._take(token[0].encode("latin-1"))
            elif kind == "hex":
                self._take(bytes.fromhex(token[0].replace("\\'", "")))
            elif kind == "brace":
                self._brace(token[0])
                if not self._groups:  # the document's own has ended
                    break
            elif kind == "numbers":
                self._decode()
                text, self._skip = by_numbers(token[0], self._state.fallback)
                self._add(text)
            elif kind == "symbol":
                self._symbol(token[0][1])
            else:
                self._word(token["word"], int(token["number"] or 1), starred=starred)
            starred = token[0] == "\\*"
        self._decode()
        self._end_paragraph()
        self._end_row()

    def _take(self, raw: bytes) -> None:
        """Bytes in the code page of their font."""
        if self._skip:
            self._skip, raw = max(0, self._skip - len(raw)), raw[self._skip :]
        self._raw += raw

    def _decode(self) -> None:
        if self._raw:
            font = self._state.font if self._state.font >= 0 else self._default_font
            text = self._raw.decode(self._fonts.get(font, self.encoding), "replace")
            self._raw.clear()
            self._add(text)

    def _add(self, text: str) -> None:
        if self._state.place == "nowhere":
            return
        if not self._state.is_text:
            self._words = (self._words + text)[:_MOST_WORDS]
        elif not self._state.hidden:
            self._begin_paragraph()
            self.flow.add(text)

    def _brace(self, brace: str) -> None:
        self._decode()
        self._skip = 0
        if brace == "{":
            if len(self._groups) == MAX_DEPTH:
                raise Rejected("parse", "too_complex", f"more than {MAX_DEPTH} groups within each other")
            self._groups.append(self._state)
        elif self._groups:
            if len(self._groups) == 1:
                self._end_paragraph()
            ended, self._state = self._state, self._groups.pop()
            self._end_group(ended)

    def _end_group(self, ended: _State) -> None:
        if ended.place == "styles" and (name := self._words.strip(" ;")):
            self._styles[max(0, ended.style)] = name
        elif ended.place == "title" and self._state.place != "title":
            self.title = self._words
        elif ended.place == "field" and self._state.is_text and (link := _LINK.search(self._words)):
            self._begin_paragraph()
            self.flow.begin_link(absolute(link[1]))
        elif ended.place == "link" and self._state.place != "link":
            self.flow.end_link()
        if ended.place == "styles" or ended.place != self._state.place:
            self._words = ""

    def _symbol(self, symbol: str) -> None:
        self._decode()
        if self._skip:
            self._skip -= 1
        elif symbol in _PARAGRAPH_ENDS:
            self._text_word(symbol, 1)
        elif symbol in SYMBOLS:
            self._add(SYMBOLS[symbol])

    def _word(self, word: str, number: int, *, starred: bool) -> None:
        self._decode()
        self._skip = 0
        state = self._state
        if word in CHARACTERS:
            self._add(CHARACTERS[word])
        elif word in _PASSED or (starred and word not in _STARRED):
            self._state = state._replace(place="nowhere")
        elif word in _PLACES:
            self._place(word)
        elif word == "uc":
            self._state = state._replace(fallback=min(max(number, 0), 9))
        elif word == "s":
            self._state = state._replace(style=number)
        elif word in {"v", "deleted"}:
            self._state = state._replace(hidden=number != 0)
        elif word == "plain":
            self._state = state._replace(hidden=False, font=-1)
        elif state.is_text and self._text_word(word, number):
            return
        else:
            self._font_word(word, number)

    def _place(self, word: str) -> None:
        if self._state.place == "nowhere" or (word == "title" and self._state.place != "properties"):
            return
        if word in {"listtext", "pntext"} and self._groups:  # the sign of a list's point, in a group of its own
            self._groups[-1] = self._groups[-1]._replace(role=self._groups[-1].role or "list_item")
        self._state = self._state._replace(place=_PLACES[word])
        self._words = ""

    def _font_word(self, word: str, number: int) -> None:
        if word == "f":
            self._state = self._state._replace(font=number)
        elif word == "deff":
            self._default_font = number
        elif word == "fcharset" and number in CHARSETS:
            self._fonts[self._state.font] = CHARSETS[number]
        elif word in SETS:
            self.encoding = SETS[word]
        elif word == "ansicpg":
            self.encoding = code_page(number) or self.encoding

    def _text_word(self, word: str, number: int) -> bool:
        """Whether a word is about paragraphs and tables; it is then done."""
        if word in _PARAGRAPH_ENDS:
            self._end_paragraph()
        elif word == "pard":
            self._state = self._state._replace(style=-1, role=None)
            self._in_table = False
        elif word == "outlinelevel" and 0 <= number < 9:
            self._state = self._state._replace(role="heading")
        elif word == "ls" and number:
            self._state = self._state._replace(role=self._state.role or "list_item")
        elif word == "intbl":
            self._in_table = True
        elif word in {"cell", "nestcell"}:
            self._end_paragraph()
            self.flow.begin_cell()
        elif word in {"row", "nestrow"}:
            self._end_paragraph()
            self._end_row()
        else:
            return False
        return True

    def _begin_paragraph(self) -> None:
        if self._in_paragraph:
            return
        if not self._in_table:
            self._end_row()
        elif not self._in_row:
            self._in_row = True
            self.flow.begin_row()
        self._in_paragraph = True
        self.flow.begin()

    def _end_paragraph(self) -> None:
        if self._in_paragraph:
            self._in_paragraph = False
            self.flow.be(role_of_style(self._styles.get(self._state.style, "")) or self._state.role)
            self.flow.end()

    def _end_row(self) -> None:
        if self._in_row:
            self._in_row = False
            self.flow.end_row()
