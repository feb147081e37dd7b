import pytest

from worker.formats.moments import read_internet_date, read_stamp


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        ("20240305T101500Z", "2024-03-05T10:15:00+00:00"),
        ("20240305T101500+0200", "2024-03-05T10:15:00+02:00"),
        ("20240305T1015", "2024-03-05T10:15:00"),
        ("20240305", "2024-03-05"),
        ("2024-03-05T10:15:00-05:00", "2024-03-05T10:15:00-05:00"),
        ("5 March 2024", "2024-03-05"),
        ("20241305", None),
        ("soon", None),
        (None, None),
    ],
)
def test_a_stamp_is_read_in_every_form_and_nothing_is_added(stated: str | None, value: str | None):
    found = read_stamp(stated)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        ("Tue, 05 Mar 2024 10:15:00 +0100", "2024-03-05T10:15:00+01:00"),
        ("Tue, 5 Mar 2024 10:15 EST", "2024-03-05T10:15:00-05:00"),
        ("Tue, 05 Mar 24 10:15:00 GMT", "2024-03-05T10:15:00+00:00"),
        ("Tue, 05 Mar 2024 10:15:00 -0000", "2024-03-05T10:15:00"),
        ("Tue, 35 Mar 2024 10:15:00 +0100", None),
        ("Tuesday, March 5, 2024 10:15 AM", "2024-03-05T10:15:00"),
        ("2024-03-05T10:15:00Z", "2024-03-05T10:15:00+00:00"),
        ("5 Mar 1066 10:15:00 +0000", None),
        ("a" * 10_000, None),
    ],
)
def test_the_date_of_a_mail_or_feed_keeps_its_zone(stated: str, value: str | None):
    found = read_internet_date(stated)
    assert (found.value if found else None) == value
