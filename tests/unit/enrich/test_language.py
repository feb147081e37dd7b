import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.enrich.language import detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The ministers met in the capital on Tuesday to discuss the budget.", "en"),
        ("Die Minister trafen sich am Dienstag in der Hauptstadt.", "de"),
        ("Les ministres se sont réunis mardi dans la capitale.", "fr"),
        ("Міністри зустрілися у вівторок у столиці.", "uk"),
        ("Привет мир сегодня", "ru"),
        ("日本語のニュース", "ja"),
        ("部长们开会", "zh"),
        ("한국어 뉴스", "ko"),
    ],
)
def test_languages_are_told_apart(text: str, code: str):
    language = detect_language(text)
    assert language.code == code
    assert language.confidence > 0.9


@pytest.mark.parametrize(
    "text", ["", "1234 5678 9012 3456", "!", "ab", "Hello", "Le Monde", "日本", "asdfgh qwertz yxcvbn"]
)
def test_hopeless_input_has_no_language(text: str):
    assert detect_language(text).code == "und"


@given(st.text())
def test_any_text_gives_a_language(text: str):
    assert 0 <= detect_language(text).confidence <= 1


def test_the_model_is_loaded_only_when_it_is_needed():
    code = "import sys, worker.enrich.language as m; m.detect_language(''); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
