import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.cleaning.whitespace import repair


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("a\xa0b\u2009c\u3000d", "a b c d"),
        ("  a \t\n b  ", "a b"),
        ("so\xadft hy\u200bphen\ufeff", "soft hyphen"),
        ("be\x07ll\x00", "bell"),
        ("“quoted” – dashed — it’s", "“quoted” – dashed — it’s"),
        ("it\x92s", "it’s"),
        ("Spaß“ CAFÉ… Â", "Spaß“ CAFÉ… Â"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_only_white_space_and_encoding_faults_are_rewritten(text: str, repaired: str):
    assert repair(text) == repaired


@given(st.text())
def test_what_is_repaired_has_clean_white_space(text: str):
    repaired = repair(text)
    assert repaired == " ".join(repaired.split())
    assert repaired.encode().decode() == repaired
