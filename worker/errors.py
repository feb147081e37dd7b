"""The two families of errors: the document's fault, and the world's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # else every command would load pydantic
    from schemas.rejection import Reason, Stage

HINTS: dict[Reason, str] = {
    "articles_rejected": "Mend the articles named here and drop the file again: the others give no second entry.",
    "binary": "Save the article as text or HTML and drop it again.",
    "crashed": "The file makes the reader crash. Save the article as plain text and drop it again.",
    "damaged": "The file is broken, cut off, or not what it is called. Save or export it again, then drop it.",
    "empty": "The file holds no text. Check that it was saved completely, then drop it again.",
    "encrypted": "The file is locked with a password. Save it without one and drop it again.",
    "future_date": "Correct the date in the file, or drop it again when that day has come.",
    "invalid": "The record would break the contract. Please report this file to the maintainers.",
    "no_body": "Only a headline was found. Put the text of the article below it and drop it again.",
    "no_headline": "Put the headline on a line of its own above the text and drop it again.",
    "not_a_file": "Links, pipes and devices are not followed. Copy the file itself into the inbox.",
    "not_installed": "Install the formats with pip install 'copydesk[worker,formats]', then retry the file.",
    "out_of_memory": "The file needs more memory than one file may have. Split it or save it as plain text.",
    "timed_out": "The file takes too long to read. Split it or save it as plain text and drop it again.",
    "too_complex": "Save the article as plain text, or as the browser's reader view shows it, and drop it again.",
    "too_large": "Split the file, or raise COPYDESK_MAX_FILE_BYTES.",
    "too_long": "Split the file into one article each and drop them again.",
    "too_many_articles": "Split the file into several and drop them again.",
    "too_many_lines": "Split the file into one article each, or save the article without its tables.",
    "undecodable": "Save the file as UTF-8 and drop it again.",
    "unknown_type": "Save the article as text or HTML and drop it again.",
    "unreadable": "Give the service the right to read the file (chmod), then retry it.",
}


class CopydeskError(Exception):
    """What this package raises on purpose."""


class Rejected(CopydeskError):
    """The document's fault: it is never tried again as it is.

    Args:
        stage: Where the document stopped.
        reason: Machine-readable; each has its hint in ``HINTS``.
        detail: What exactly was found, for people.
        field: The field of the record that it is about, if any.
    """

    def __init__(self, stage: Stage, reason: Reason, detail: str, field: str | None = None) -> None:
        super().__init__(stage, reason, detail, field)  # the same arguments, so that it survives copying
        self.stage: Stage = stage
        self.reason: Reason = reason
        self.detail = detail
        self.field = field

    @property
    def hint(self) -> str:
        """What to do next."""
        return HINTS[self.reason]

    def __str__(self) -> str:
        return f"{self.reason} ({self.stage}): {self.detail}"


class Unavailable(CopydeskError):
    """The world's fault (Redis is away, the disk is full): tried again with backoff."""


class Misconfigured(CopydeskError):
    """The operator's fault: said in one line, with the next step, and the program ends."""
