"""File names that lie, hide or break what shows them; the file itself is an article."""

import os

from tests.hostile.case import GOOD, Case, html, text

_NAMES = (
    ("a line break", "line\nbreak.txt"),
    ("a carriage return", "over\rwritten.txt"),
    ("terminal escapes", "\x1b[2J\x1b]0;owned\x07.txt"),
    ("bidi marks", "\u202etxt.exe"),
    ("quotes and dollars", "$(reboot)`id`'\";&|.txt"),
    ("a leading dash", "-rf --.txt"),
    ("an asterisk", "*?[a-z].txt"),
    ("bytes that are no UTF-8", os.fsdecode(b"\xff\xfe\x80.txt")),
    ("half a character", os.fsdecode(b"caf\xc3.txt")),
    ("255 bytes", "n" * 251 + ".txt"),
    ("255 bytes of emoji", "😀" * 62 + ".txt"),
    ("combining marks", "Z" + "\u0301" * 100 + ".txt"),
    ("blanks", "   .txt"),
    ("no ending", "article"),
    ("an ending of 200 letters", "a." + "x" * 200),
    ("many dots", "a....txt...."),
    ("a device of Windows", "CON.txt"),
    ("a backslash", "a\\..\\..\\etc\\passwd"),
    ("our own endings", "a.error.json"),
    ("deep folders", "/".join("d" * 30) + "/a.txt"),
    ("dots as folders", "a../b.../c /a.txt"),
    ("a colon and a brace", "{copydesk}:articles"),
    ("a percent escape", "%2e%2e%2f%00.txt"),
    ("a script", "<script>alert(1)</script>.txt".replace("/", "∕")),
)

CASES: list[Case] = [
    *(text(f"a name of {name}", GOOD, "record", file=file) for name, file in _NAMES),
    text("a text that is called a page", GOOD, "record", file="a.html"),
    text("a page that is called an image", html(""), "record", file="a.png"),
    text("an article that is called a PDF", GOOD, "record", file="a.pdf"),
    text("an article that is called an archive", GOOD, "record", file="a.tar.gz"),
]
