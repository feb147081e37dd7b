import pytest

from worker.cleaning.bylines import clean_names, is_label, lone_names, read_byline, unglued


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
        ("By Jane Doe, Reuters and John Roe", ("Jane Doe", "John Roe")),
        ("By A. Doe, B. Roe & C. Poe", ("A. Doe", "B. Roe", "C. Poe")),
        ("By Jane Doe in Sandhaven", ("Jane Doe",)),
        ("By Jane Doe Special to The Valley Echo", ("Jane Doe",)),
        ("By Jane Doe, Special to The Valley Echo", ("Jane Doe",)),
        ("By Jane Doe, MD, RDN, and John Roe", ("Jane Doe", "John Roe")),
        ("By Jane Doe, Valley Voice Reporter", ("Jane Doe",)),
        ("By Jane Doe @janedoe", ("Jane Doe",)),
        ("By Jane Doe | jane@example.org | The Valley Echo", ("Jane Doe",)),
        ("By Jane Doe Staff Writer", ("Jane Doe",)),
        ("Jane Doe, Defence correspondent", ("Jane Doe",)),
        ("Jane Doe, example.org", ("Jane Doe",)),
        ("News by Jane Doe News Reporter", ("Jane Doe",)),
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


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Von Lena Groß und Jörg Weiß", ("Lena Groß", "Jörg Weiß")),
        ("Von Lena Groß für die Talpost", ("Lena Groß",)),
        ("Text: Lena Groß, Redakteurin", ("Lena Groß",)),
        ("Par Élodie Lefèvre et Jean-Luc Moreau", ("Élodie Lefèvre", "Jean-Luc Moreau")),
        ("Par Élodie Lefèvre, envoyée spéciale à Sablonne", ("Élodie Lefèvre",)),
        ("Por Ana Ruiz y José Ortega y Vega", ("Ana Ruiz", "José Ortega y Vega")),
        ("Por Ana Ruiz desde Arenal", ("Ana Ruiz",)),
        ("Por João da Silva e Inês Gonçalves", ("João da Silva", "Inês Gonçalves")),
        ("di Marco D'Angelo e Chiara Rossi", ("Marco D'Angelo", "Chiara Rossi")),
        ("Door Pieter van der Meer en Sanne de Vries", ("Pieter van der Meer", "Sanne de Vries")),
        ("Av Åsa Lindström och Björn Öberg", ("Åsa Lindström", "Björn Öberg")),
        ("Af Søren Kjær og Mette Ravn", ("Søren Kjær", "Mette Ravn")),
        ("Przez Jana Kowal i Piotr Nowak", ("Jana Kowal", "Piotr Nowak")),
        ("Szerző: Nagy Péter és Kovács Éva", ("Nagy Péter", "Kovács Éva")),
        ("Yazan: Ayşe Yılmaz", ("Ayşe Yılmaz",)),
        ("Oleh Budi Santosa dan Siti Rahma", ("Budi Santosa", "Siti Rahma")),
        ("Автор: Иван Петров и Анна Смирнова", ("Иван Петров", "Анна Смирнова")),
        ("Текст: Олена Ковальчук", ("Олена Ковальчук",)),
        ("Γράφει ο Γιώργος Παπάς", ("Γιώργος Παπάς",)),
        ("بقلم أحمد المصري", ("أحمد المصري",)),
        ("作者：张伟", ("张伟",)),
        ("記者 山田太郎", ("山田太郎",)),
        ("김민수 기자", ("김민수",)),
    ],
)
def test_a_byline_is_read_in_other_languages(line: str, names: tuple[str, ...]):
    assert read_byline(line) == names


@pytest.mark.parametrize(
    "name",
    [
        "Seán Ó Briain",
        "Đorđe Đorđević",
        "Pieter van der Meer",
        "Abdul al-Rashid",
        "Gabriele d’Annunzio",
        "Siobhán O’Dea",
        "Jean-Luc Moreau",
        "J. R. Smith Jr",
        "John Roe III",
        "Min Jin Lee",
        "Yo-Yo Ma",
        "Nguyễn Văn An",
        "María del Carmen de la Vega",
    ],
)
def test_a_name_is_kept_as_it_is_written(name: str):
    assert read_byline(f"By {name}") == clean_names([name]) == (name,)


@pytest.mark.parametrize(
    "claimed",
    [
        "admin",
        "jdoe",
        "Newsroom",
        "Valley Echo Staff",
        "Valley Tribune",
        "Sandhaven Institute",
        "Talpost Redaktion",
        "Echo.com BrandRoom",
        "XBC Sport",
        "ECHONews Desk",
        "The Associated Press",
        "Agence France-Presse",
        "新华社",
        "https://example.org/staff/jane-doe",
    ],
)
def test_what_is_no_person_is_no_author(claimed: str):
    assert clean_names([claimed]) == ()


@pytest.mark.parametrize(
    "line", ["Photo by Jane Doe", "Reviewed by Jane Doe", "Sponsored by Jane Doe", "Edited by J. Doe"]
)
def test_who_did_something_else_is_no_author(line: str):
    assert read_byline(line) == ()


@pytest.mark.parametrize(
    ("claimed", "site", "people", "names"),
    [
        ("Krystle", "The Valley Echo", True, ("Krystle",)),
        ("Krystle", "The Valley Echo", False, ()),
        ("Echo", "The Valley Echo", True, ()),
        ("Admin", None, True, ()),
        ("EchoDesk", None, True, ()),
    ],
)
def test_one_word_is_a_name_only_where_it_is_said_to_be_a_person(claimed, site, people, names):
    assert clean_names([claimed], site, people=people) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jane Doe", ("Jane Doe",)),
        ("Jane Doe and John Roe in Sandhaven", ("Jane Doe", "John Roe")),
        ("Robert E. Roe, Ph.D.", ("Robert E. Roe",)),
        ("Jane Doe Senior Writer", ("Jane Doe",)),
        ("Harbour Talks Resume on Tuesday.", ()),
        ("Skip Advertisement", ()),
        ("أحمد المصري", ()),
    ],
)
def test_names_that_stand_alone(text: str, names: tuple[str, ...]):
    assert lone_names(text) == names


@pytest.mark.parametrize(
    ("line", "told"), [("By", True), ("Written by:", True), ("Autor:", True), ("Reviewed by", False)]
)
def test_a_label_announces_an_author(line: str, *, told: bool):
    assert is_label(line) is told


@pytest.mark.parametrize(
    ("line", "apart"),
    [
        ("By Jane DoePublished: May 17, 2024", "By Jane Doe Published: May 17, 2024"),
        ("By Jane DoeMay 17, 2024", "By Jane Doe May 17, 2024"),
        ("Jane Doe Jane Doe", "Jane Doe"),
        ("By Jane Doe", "By Jane Doe"),
    ],
)
def test_parts_that_were_pasted_together_come_apart(line: str, apart: str):
    assert unglued(line) == apart
