import json

from tests.unit.formats.reading import HEADLINE, HERRING, articles, document, fates, labels, parts, sample

LINE = json.dumps({"title": "River rises", "body": "The river rose by four metres in the night."})


def test_the_lines_of_jq_are_articles():
    assert [raw.headline for raw in articles(sample("news.jsonl"))] == [HEADLINE, HERRING]


def test_a_part_is_the_number_of_its_line_and_empty_lines_count():
    found = document(f"\ufeff{LINE}\r\n\r\n  \n{LINE}\n\n{LINE}", "a.jsonl")
    assert labels(found) == ["1", "4", "6"]
    assert [part.label for part in parts(found)][-1] == "a.jsonl#6"


def test_a_bad_line_is_rejected_by_itself_and_says_which_it_is():
    found = document("\n".join([LINE, "{", LINE, "[]", "5", "words", "{}", LINE]), "a.ndjson")
    assert fates(found) == ["read", "damaged", "read", *["damaged"] * 4, "read"]
    faults = [part.fault.detail for part in parts(found) if part.fault]
    assert faults[0].startswith("line 2 is no JSON: ")
    assert faults[1] == "line 4 is no JSON object"


def test_a_deep_line_is_rejected_by_itself():
    assert fates(document(f"{LINE}\n" + "[" * 90_000 + f"\n{LINE}", "a.jsonl")) == ["read", "too_complex", "read"]


def test_lines_are_told_by_content_whatever_the_name():
    assert labels(document(f"{LINE}\n{LINE}", "a.txt")) == ["1", "2"]
    assert labels(document(LINE, "a.jsonl")) == ["1"]
