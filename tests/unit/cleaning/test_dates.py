import pytest

from tests.growth import grows_too_fast
from worker.cleaning.date_words import LANGUAGES, MONTHS
from worker.cleaning.dates import choose, find_dates, read_date, read_moment, remainder
from worker.cleaning.tables import phrases, words

MORNING, MOMENT = "2024-10-17", "2024-10-17T13:05:00"
LINES = {
    "English": [
        ("Oct 17, 2024 - 13:05", MOMENT),
        ("17 October 2024, 13:05", MOMENT),
        ("October 17, 2024 1:05 PM EDT", MOMENT),
        ("Oct 17, 2024 | 1:05 p.m. ET", MOMENT),
        ("Thursday, Oct. 17th, 2024", MORNING),
        ("Thursday 17th October, 2024", MORNING),
        ("Thursday the 17th of October 2024", MORNING),
        ("Published: 17 October 2024", MORNING),
        ("PublishedOct 17, 2024", MORNING),
        ("Thu 17 Oct 2024 13.05 BST", MOMENT),
        ("1:05 PM EDT, Thu October 17, 2024", MOMENT),
        ("17-Oct-2024 13:05 UTC", f"{MOMENT}+00:00"),
        ("17/10/2024 13:05 CEST", f"{MOMENT}+02:00"),
        ("Updated 5 December 2023 at 09:27 am", "2023-12-05T09:27:00"),
        ("Last updated 2:30 pm, Oct 3, 2024", "2024-10-03T14:30:00"),
        ("Oct. 17, 2024 | 5 min read", MORNING),
        ("12:00 am, 1 May 2024", "2024-05-01T00:00:00"),
        ("17 October 2024 at noon or 17 October 2024", None),
    ],
    "of machines": [
        ("2024-10-17T13:05:00Z", f"{MOMENT}+00:00"),
        ("2024-10-17T13:05-04:00", f"{MOMENT}-04:00"),
        ("2024-10-17 13:05 +0200", f"{MOMENT}+02:00"),
        ("17 October 2024 13:05 UTC+3", f"{MOMENT}+03:00"),
        ("17 October 2024 13:05 (GMT−3)", f"{MOMENT}-03:00"),
        ("2024/10/17 13:05", MOMENT),
        ("17.10.2024", MORNING),
        ("17/10/2024", MORNING),
        ("10/17/2024", MORNING),
    ],
    "German": [
        ("17. Oktober 2024, 13:05 Uhr", MOMENT),
        ("Stand: 17.10.2024 13:05 Uhr", MOMENT),
        ("Do., 17. Okt. 2024, 13.05 Uhr", MOMENT),
        ("Veröffentlicht am Donnerstag, 17. Oktober 2024 um 13:05 Uhr (MESZ)", f"{MOMENT}+02:00"),
        ("13:05 Uhr, 17.10.2024", MOMENT),
        ("17. 10. 2024", MORNING),
        ("5. Jänner 2024", "2024-01-05"),
        ("3. März 2024, 13 Uhr", "2024-03-03T13:00:00"),
    ],
    "French": [
        ("Publié le 17 octobre 2024 à 13h05", MOMENT),
        ("Mis à jour le jeudi 17 octobre 2024 à 13:05", MOMENT),
        ("17/10/2024 13h05", MOMENT),
        ("1er mai 2024", "2024-05-01"),
        ("20 août 2024 à 7 h 05", "2024-08-20T07:05:00"),
        ("Le 2 févr. 2024 à 7h", "2024-02-02T07:00:00"),
        ("13h05 le 17 octobre 2024", MOMENT),
    ],
    "Spanish": [
        ("17 de octubre de 2024", MORNING),
        ("Jueves, 17 de octubre de 2024 - 13:05 CEST", f"{MOMENT}+02:00"),
        ("Publicado el 17 oct. 2024 a las 13:05 h", MOMENT),
        ("1:05 p. m., 17 oct 2024", MOMENT),
        ("Octubre 17 de 2024", MORNING),
        ("1º de mayo de 2024", "2024-05-01"),
    ],
    "Italian": [
        ("17 Ottobre 2024 alle ore 13:05", MOMENT),
        ("Ultimo aggiornamento: 17 ottobre 2024 - 13:05", MOMENT),
        ("giovedì 17 ott 2024, ore 13.05", MOMENT),
        ("1° maggio 2024", "2024-05-01"),
    ],
    "Portuguese": [
        ("17 de outubro de 2024 às 13h05", MOMENT),
        ("Publicado em 17/10/2024 às 13h05", MOMENT),
        ("quinta-feira, 17 out. 2024", MORNING),
        ("1º de março de 2024", "2024-03-01"),
    ],
    "Dutch": [
        ("17 oktober 2024 om 13:05 uur", MOMENT),
        ("Gepubliceerd op donderdag 17 okt. 2024, 13.05 uur", MOMENT),
        ("5 mei 2024", "2024-05-05"),
        ("5 mrt. 2024", "2024-03-05"),
    ],
    "Polish": [
        ("17 października 2024, 13:05", MOMENT),
        ("Opublikowano: 17 października 2024 r., godz. 13:05", MOMENT),
        ("czwartek, 17 paź 2024", MORNING),
        ("1 listopada 2024", "2024-11-01"),
    ],
    "Russian": [
        ("17 октября 2024, 13:05", MOMENT),
        ("17 октября 2024 г. в 13:05 мск", f"{MOMENT}+03:00"),
        ("Опубликовано: четверг, 17 окт. 2024", MORNING),
        ("5 МАЯ 2024 года", "2024-05-05"),
    ],
    "Ukrainian": [
        ("17 жовтня 2024, 13:05", MOMENT),
        ("Оновлено 17 жовтня 2024 року, о 13:05", MOMENT),
        ("Четвер, 17 жовт. 2024", MORNING),
        ("1 листопада 2024 р.", "2024-11-01"),
    ],
    "Turkish": [
        ("17 Ekim 2024 Perşembe, 13:05", MOMENT),
        ("Son güncelleme: 17.10.2024 - 13:05", MOMENT),
        ("3 AĞUSTOS 2024", "2024-08-03"),
    ],
    "Swedish and Danish": [
        ("Publicerad 17 oktober 2024 kl. 13.05", MOMENT),
        ("17. maj 2024", "2024-05-17"),
    ],
    "Arabic": [
        ("الخميس، 17 أكتوبر 2024 13:05", MOMENT),
        ("17 أكتوبر/ تشرين الأول 2024", MORNING),
        ("نشر في: ١٧ أكتوبر ٢٠٢٤ الساعة 13:05 بتوقيت غرينتش", f"{MOMENT}+00:00"),
        ("17 تشرين الأول 2024 1:05 م", MOMENT),
    ],
    "Chinese": [
        ("2024年10月17日 13:05", MOMENT),
        ("发布时间：2024年10月17日 下午1:05", MOMENT),
        ("2024年10月17日 星期四 13时05分", MOMENT),
    ],
    "Japanese": [
        ("2024年10月17日(木) 13時05分", MOMENT),
        ("２０２４年１０月１７日　１３：０５", MOMENT),
        ("2024年10月17日 午後1時5分 公開", MOMENT),
        ("2024/10/17 13:05更新", MOMENT),
    ],
    "Korean": [("2024년 10월 17일 오후 1:05", MOMENT)],
}


@pytest.mark.parametrize(("line", "value"), [case for cases in LINES.values() for case in cases], ids=str)
def test_date_lines_are_read_as_news_sites_print_them(line: str, value: str | None):
    published = read_date(line)
    assert (published.value if published else None) == value
    assert published is None or published.timezone_known == ("T" in published.value and published.value[-6] in "+-")


@pytest.mark.parametrize(
    "line",
    [
        "31 June 2024",
        "31.02.2024",
        "31/02/2024",
        "2024-02-30",
        "32 mai 2024",
        "0 May 2024",
        "2024年13月1日",
        "October 2024",
        "20241017",
        "1.2.3.2024",
        "17 May 1024",
        "17 October 0024",
        "5 Mayday 2024",
        "May 2024",
        "Version 10.12.2024",
        "v. 10.12.2024",
        "10.12.2024.1",
        "€ 10.12.2024",
        "10.12.2024 €",
        "10.12.2024,50",
        "Tel. 030-12-10-2024",
        "+49 12-10-2024",
        "0171/12/10/2024",
        "Room 12, 2024",
        "10 k 2024",
        "",
    ],
)
def test_what_is_impossible_or_another_number_is_no_date(line: str):
    assert find_dates(line) == []


@pytest.mark.parametrize(
    "line", ["17.10.2024 25:61 Uhr", "17 October 2024 13:60", "17 October 2024 13:05 pm", "17 October 2024, 13"]
)
def test_an_impossible_time_is_none_and_the_day_counts(line: str):
    assert [found.published.value for found in find_dates(line)] == [MORNING]


@pytest.mark.parametrize(
    "line", ["The treaty was signed on 4 May 2020 in Rome", "Am 4. Mai 2020 in Rom unterzeichnet", "She may 5, 2024"]
)
def test_running_text_with_a_date_is_no_date_line(line: str):
    assert read_date(line) is None


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("17.10.2024 - 18.10.2024", ["2024-10-17", "2024-10-18"]),
        ("17 October 2024, 09:00-10:30", ["2024-10-17T09:00:00"]),
        ("Oct. 17, 2024 Updated 5:30 a.m.", ["2024-10-17"]),
        ("Oct 17, 2024 9:05 AM Oct 18, 2024 6:02 PM", ["2024-10-17T09:05:00", "2024-10-18T18:02:00"]),
    ],
)
def test_a_time_belongs_to_the_date_beside_it_only(line: str, values: list[str]):
    assert [found.published.value for found in find_dates(line)] == values


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Updated 18 Oct 2024, published 17 Oct 2024", MORNING),
        ("Publié le 17/10/2024 à 13h05, mis à jour le 18/10/2024 à 9h", MOMENT),
        ("Aktualisiert am 18.10.2024, veröffentlicht am 17.10.2024", MORNING),
        ("Actualizado: 18 oct 2024. Publicado: 17 oct 2024", MORNING),
        ("Aggiornato il 18 ottobre 2024 · Pubblicato il 17 ottobre 2024", MORNING),
        ("Atualizado em 18/10/2024 | Publicado em 17/10/2024", MORNING),
        ("Bijgewerkt op 18 oktober 2024, gepubliceerd op 17 oktober 2024", MORNING),
        ("Aktualizacja: 18 października 2024, publikacja: 17 października 2024", MORNING),
        ("Обновлено 18 октября 2024, опубликовано 17 октября 2024", MORNING),
        ("Оновлено 18 жовтня 2024, опубліковано 17 жовтня 2024", MORNING),
        ("Güncelleme: 18.10.2024 Yayınlanma: 17.10.2024", MORNING),
        ("تحديث: 18 أكتوبر 2024 نشر: 17 أكتوبر 2024", MORNING),
        ("2024年10月18日更新 2024年10月17日公開", MORNING),
        ("18.10.2024 (aktualisiert), 17.10.2024", MORNING),
        ("Stand: 17.10.2024", MORNING),
    ],
)
def test_a_change_is_not_the_publication_where_both_stand(line: str, value: str):
    assert choose(find_dates(line)).published.value == value


def test_a_change_is_known_as_one():
    assert [found.updated for found in find_dates("Mis à jour le 18 mai 2024, publié le 17 mai 2024")] == [True, False]


@pytest.mark.parametrize(
    ("line", "day_first", "month_first"),
    [
        ("03/04/2024", "2024-04-03", "2024-03-04"),
        ("03-04-2024 13:05", "2024-04-03T13:05:00", "2024-03-04T13:05:00"),
        ("03.04.2024", "2024-04-03", None),
        ("04/04/2024", "2024-04-04", None),
        ("2024/03/04", "2024-03-04", None),
    ],
)
def test_a_date_that_can_be_read_two_ways_has_both_readings(line: str, day_first: str, month_first: str | None):
    (found,) = find_dates(line)
    assert found.published.value == day_first
    assert (found.month_first.value if found.month_first else None) == month_first


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Jane Doe | Published Oct 17, 2024 13:00", "Jane Doe"),
        ("Sam Miller | 17 Oct 2024", "Sam Miller"),
        ("Von Jana Beispiel, veröffentlicht am 17. Oktober 2024", "Von Jana Beispiel"),
        ("Jane Doe Dec 5, 2023 12:00 PM 2 Shares", "Jane Doe  2 Shares"),
        ("17 octobre 2024 par Jeanne Exemple", "par Jeanne Exemple"),
    ],
)
def test_the_rest_of_a_line_with_a_date_is_told(line: str, rest: str):
    assert remainder(line, find_dates(line)) == rest


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        ("2024-10-17T13:00:00.1234567Z", "2024-10-17T13:00:00.123456+00:00"),
        ("2024-10-17T13:00:00Z[UTC]", "2024-10-17T13:00:00+00:00"),
        ("03/04/2024", None),
        ("17 octobre 2024", "2024-10-17"),
        ("soon", None),
    ],
)
def test_a_moment_of_metadata_is_read_where_it_is_certain(stated: str, value: str | None):
    found = read_moment(stated)
    assert (found.value if found else None) == value


def test_no_name_of_a_month_means_two():
    for names in LANGUAGES.values():
        for number, month in enumerate(phrases(names), start=1):
            for name in words(month):
                assert MONTHS[name] == number


@pytest.mark.parametrize(
    "piece", ["1 May 2024 ", "12.10.", "1:1:", "May ", " ", "2024-", "9", "2024年", "1. ", "à ", "١"]
)
def test_time_grows_no_faster_than_a_line(piece: str):
    half, whole = (piece * (size // len(piece)) for size in (500_000, 1_000_000))
    assert not grows_too_fast(lambda line: (find_dates(line), read_date(line)), whole, half)
