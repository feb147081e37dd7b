"""Patterns that are grouped by their first character find what they find when they are joined."""

import itertools
import re

from worker.formats.html_names import grouped

PATTERNS = (
    r"(?:photo|image)-?_?credit|\bads?\b",
    r"[-_]ads?\b|p(?:ie|odcast)|ads?[-_]",
    r"cred(?:it)?|image|photo-?box",
)


def test_the_first_of_the_patterns_that_fits_is_found_at_each_place():
    joined = re.compile("|".join(f"(?P<p{number}>{pattern})" for number, pattern in enumerate(PATTERNS)))
    pattern, owners = grouped(*PATTERNS)
    pieces = ["photo", "image", "-", "_", "credit", "cred", "ad", "ads", "pie", "podcast", "box", " ", "x"]
    seen = set[int]()
    for names in map("".join, itertools.product(pieces, repeat=4)):
        wanted = [(match.span(), int(str(match.lastgroup)[1:])) for match in joined.finditer(names)]
        assert [(match.span(), owners[(match.lastindex or 0) - 1]) for match in pattern.finditer(names)] == wanted
        seen.update(owner for _, owner in wanted)
    assert seen == set(range(len(PATTERNS)))
