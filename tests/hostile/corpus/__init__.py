"""The hostile corpus: every case, by family. It is made when it is needed and never stored."""

from tests.hostile.case import Case
from tests.hostile.corpus import (
    archives,
    characters,
    containers,
    dates,
    documents,
    encodings,
    floods,
    json_ld,
    lines,
    mails,
    marked_down,
    markup,
    metadata,
    names,
    patterns,
    pdf,
    structured,
    xml,
)

FAMILIES = (
    archives,
    characters,
    containers,
    dates,
    documents,
    encodings,
    floods,
    json_ld,
    lines,
    mails,
    marked_down,
    markup,
    metadata,
    names,
    patterns,
    structured,
    pdf,
    xml,
)

CASES: tuple[Case, ...] = tuple(case for family in FAMILIES for case in family.CASES)
