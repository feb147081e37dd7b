"""One hostile file: its name, its bytes, and what may become of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.articles import article

MB = 10**6
MOST = 10 * 2**20  # bytes: the default of COPYDESK_MAX_FILE_BYTES

GOOD = article(7)
HEADLINE, _, PROSE = GOOD.partition("\n\n")
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE.split("\n\n"))

Content = str | bytes | Callable[[], str | bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """A hostile file.

    Attributes:
        name: Unique in the corpus.
        content: What it holds, or what makes it: most are too large to be kept.
        expect: What it must end as, ``record`` or reasons of rejections; empty: any of these that explains itself.
        file: What it is called in the inbox.
    """

    name: str
    content: Content
    expect: frozenset[str] = frozenset()
    file: str = "hostile.txt"

    def data(self) -> bytes:
        """The bytes of the file."""
        content = self.content() if callable(self.content) else self.content
        return content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")


def text(name: str, content: Content, expect: str = "", file: str = "hostile.txt") -> Case:
    """A case that is called a text file; ``expect`` holds words."""
    return Case(name, content, frozenset(expect.split()), file)


def page(name: str, content: Content, expect: str = "", file: str = "hostile.html") -> Case:
    """A case that is called a web page."""
    return text(name, content, expect, file)


def html(body: str, head: str = "") -> str:
    """A page with an article in it, and something hostile in its head or after its text."""
    title = f"<title>{HEADLINE}</title>"
    return (
        f"<!doctype html><html><head>{title}{head}</head><body><article><h1>{HEADLINE}</h1>{PARAGRAPHS}</article>"
        f"{body}</body></html>"
    )


def filled(piece: str | bytes, size: int = MOST) -> bytes:
    """A piece, repeated until the size is reached and no further."""
    raw = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else piece
    return raw * (size // len(raw))


def numbered(pattern: str, count: int, start: int = 0) -> str:
    """A pattern with ``{}`` in it, once for each number."""
    return "".join(pattern.replace("{}", str(number)) for number in range(start, start + count))


def each(make: Callable[[str, Content], Case], pieces: Iterable[tuple[str, str | bytes]], size: int) -> list[Case]:
    """A case for each named piece, repeated up to a size."""
    return [make(name, lambda piece=piece: filled(piece, size)) for name, piece in pieces]
