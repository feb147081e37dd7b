"""The values that travel through the pipeline, from the bytes of a file to a clean article."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from schemas.article import Block, Link, Published, Removed
from worker.errors import Rejected

MAX_SHOWN = 200  # characters of a part's name that are shown; a name in an archive may have 65,535

RawKind = Literal["line", "paragraph", "heading", "list_item", "quote", "caption"]


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was dropped.

    Attributes:
        path: Where it lay, relative to the inbox, with ``/`` between the parts and every byte or character
            that cannot safely be shown escaped (see ``worker.names.display``).
        data: Its bytes.
        received_at: When it was claimed, UTC.
        part: Which of the documents in the file this is: the path in an archive, the number of an entry.
        fault: Why it cannot be read, where that was found while the file was unpacked.
        file: SHA-256 and size of the file, where this is a part of it; see ``facts``.
    """

    path: str
    data: bytes
    received_at: datetime
    part: str | None = None
    fault: Rejected | None = None
    file: tuple[str, int] | None = None

    @property
    def name(self) -> str:
        """The name that tells of its format: that of the part, where it has one."""
        return self.part or self.path

    @property
    def label(self) -> str:
        """What to call it before people: the path, and the part behind a ``#``, made safe to show and not too long."""
        if not self.part:
            return self.path
        shown = self.part if len(self.part) <= MAX_SHOWN else "…" + self.part[1 - MAX_SHOWN :]
        return f"{self.path}#" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)

    @property
    def facts(self) -> tuple[str, int]:
        """SHA-256 and size in bytes of the file that was dropped."""
        return self.file or (hashlib.sha256(self.data).hexdigest(), len(self.data))

    def contained(self, part: str, data: bytes) -> "Document":
        """A document within this one."""
        return replace(self, data=data, part=f"{self.part}#{part}" if self.part else part)

    def refused(self, part: str, fault: Rejected, data: bytes = b"") -> "Document":
        """A document within this one that cannot be read, so that it is rejected by itself and the others are not."""
        return replace(self.contained(part, data), fault=fault)


@dataclass(frozen=True, slots=True)
class RawBlock:
    """One line of a text, or one element of a page, before cleaning.

    Attributes:
        kind: ``line`` where the format cannot tell (plain text); else what the mark-up says.
        text: Without line breaks, white space otherwise as it was.
        gap: Whether a blank line, or any other break, stands before it.
        in_body: Whether it belongs to the article's body, as its mark-up says; None where only the text can tell.
    """

    kind: RawKind
    text: str
    gap: bool = True
    in_body: bool | None = None


@dataclass(frozen=True, slots=True)
class RawArticle:
    """What a format makes of a document: its blocks, and what its metadata claim.

    Attributes:
        media_type: For example ``text/plain``.
        encoding: The encoding that the bytes were read in, for example ``utf-8``.
        blocks: In reading order; may still hold the headline and boilerplate.
        headline: From metadata; None where only the text can tell. Likewise the next six.
        links: Of the body.
        warnings: What was noticed on the way, for people.
    """

    media_type: str
    encoding: str
    blocks: tuple[RawBlock, ...]
    headline: str | None = None
    standfirst: str | None = None
    byline: tuple[str, ...] = ()
    published: Published | None = None
    modified: Published | None = None
    source_name: str | None = None
    url: str | None = None
    links: tuple[Link, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """An article with its parts told apart and its boilerplate cut; fields as in ``schemas.article``.

    Attributes:
        month_first: When it was published, were the month written before the day; None where there is no doubt.
    """

    headline: str
    standfirst: str | None
    byline: tuple[str, ...]
    published: Published | None
    body: tuple[Block, ...]
    captions: tuple[str, ...]
    links: tuple[Link, ...]
    removed: tuple[Removed, ...]
    warnings: tuple[str, ...]
    month_first: Published | None = None

    @property
    def text(self) -> str:
        """The body's blocks, joined by blank lines: what offsets into ``text`` count in."""
        return "\n\n".join(block.text for block in self.body)
