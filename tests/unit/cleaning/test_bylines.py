import pytest

from worker.cleaning.bylines import clean_names, is_person, read_byline


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Jane Doe, Reuters", ("Jane Doe",)),
        ("BY JANE DOE", ("JANE DOE",)),
        ("By Jane Doe, health editor", ("Jane Doe",)),
        ("By Jane Doe @janedoe Chief reporter", ("Jane Doe",)),
        ("Interview: Jane Doe", ("Jane Doe",)),
        ("By Jane Doe (jane@example.org), Staff Writer", ("Jane Doe",)),
        ("Written by: Ludwig van der Berg", ("Ludwig van der Berg",)),
        ("By J. K. O’Neill-Smith, PhD", ("J. K. O’Neill-Smith",)),
    ],
)
def test_a_byline_gives_its_names_and_nothing_else(line: str, names: tuple[str, ...]):
    assert read_byline(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "By Tuesday the water had risen by four metres.",
        "By the river",
        "Reuters",
        "Jane Doe",
        "Paris, Reuters Staff",
        "By Staff Reporter",
        "Jane Doe, the mayor, said that she would go.",
        "",
    ],
)
def test_no_name_is_invented(line: str):
    assert read_byline(line) == ()


def test_a_site_is_not_its_own_author():
    assert clean_names(["The Valley Echo", "https://example.org/jane", "By Jane Doe"], "The Valley Echo") == (
        "Jane Doe",
    )


def test_the_same_author_is_named_once():
    assert clean_names(["Jane Doe", "jane doe", "JANE DOE", "Jane Doe; John Roe"]) == ("Jane Doe", "John Roe")


@pytest.mark.parametrize("text", ["Jane Doe", "José María de la Cruz", "J. R. Hartley"])
def test_names_are_told_by_their_form(text: str):
    assert is_person(text)
