"""Days resolved against the day of publication."""

from datetime import date

import pytest

from services.extract.engine.resolve.dates import days
from services.extract.engine.text import analyse

THURSDAY = date(2025, 3, 13)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("am 4. Dezember 2024", date(2024, 12, 4)),
        ("am 4.12.2024", date(2024, 12, 4)),
        ("am 7. Mai", date(2024, 5, 7)),
        ("am 13. März", date(2025, 3, 13)),
        ("am 29. Februar", date(2024, 2, 29)),
        ("am Dienstag", date(2025, 3, 11)),
        ("am Donnerstag", date(2025, 3, 13)),
        ("am vergangenen Donnerstag", date(2025, 3, 6)),
        ("am vergangenen Freitag", date(2025, 3, 7)),
        ("am Dienstagabend", date(2025, 3, 11)),
        ("in der Montagausgabe", date(2025, 3, 10)),
        ("in der Freitagsausgabe", date(2025, 3, 7)),
        ("(Samstag)", date(2025, 3, 8)),
        ("am Sonnabend", date(2025, 3, 8)),
        ("gestern", date(2025, 3, 12)),
        ("vorgestern", date(2025, 3, 11)),
        ("heute", date(2025, 3, 13)),
        ("am Dienstag, den 3. Dezember 2024", date(2024, 12, 3)),
    ],
)
def test_day_is_the_most_recent_one(text, day):
    """A weekday or a day without a year is the last such day up to the publication."""
    assert [found.day for found in _days(text, THURSDAY)] == [day]


@pytest.mark.parametrize(
    "text", ["am 31. Februar", "im Mai", "12,5 Prozent", "am 30.2.2024", "1.2.3.4"]
)
def test_what_is_no_day_is_none(text):
    """Impossible days and other figures are passed over."""
    assert _days(text, THURSDAY) == []


@pytest.mark.parametrize("text", ["am Dienstag", "gestern", "am 7. Mai"])
def test_relative_day_needs_a_day_of_publication(text):
    """Without a day of publication only a full date says anything."""
    assert _days(text, None) == []
    assert [found.day for found in _days("am 7. Mai 2020", None)] == [date(2020, 5, 7)]


def _days(text, published_on):
    words = analyse(text).words
    return list(days(words, 0, len(words), published_on))
