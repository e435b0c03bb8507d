"""Days that a text speaks of, resolved against the day it was published.

„am Dienstag“ is the most recent Tuesday, the day of publication included; „vergangenen Freitag“
lies before it; „am 7. Mai“ is the last such day. Without a day of publication only a full date
says anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner jan.", "februar feber feb.", "märz mrz.", "april apr.", "mai", "juni",
            "juli", "august aug.", "september sept. sep.", "oktober okt.", "november nov.",
            "dezember dez.",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag sonnabend", "sonntag")
    )
    for name in names.split()
}
_PARTS_OF_DAY = ("abend", "morgen", "vormittag", "mittag", "nachmittag", "nacht", "früh")
_EDITIONS = ("ausgabe", "sausgabe", "zeitung")
_RELATIVE = {"heute": 0, "gestern": 1, "vorgestern": 2}
_BEFORE = ("vergangenen", "vergangener", "letzten", "vorigen", "vergangene", "letzte", "vorige")
_CENTURY = 2000
_TWO_DIGITS = 100


@dataclass(frozen=True, slots=True)
class Day:
    """A day that the tokens from `first` up to `end`, exclusive, speak of."""

    first: int
    end: int
    day: date


def days(words: Sequence[str], first: int, end: int, published_on: date | None) -> Iterator[Day]:
    """Find the days that the tokens from `first` up to `end` speak of, in reading order."""
    index = first
    while index < end:
        found = _day_at(words, index, end, published_on)
        if found is None:
            index += 1
        else:
            yield found
            index = found.end


def _day_at(words: Sequence[str], index: int, end: int, today: date | None) -> Day | None:
    """The day that is spoken of at a token, or None."""
    word = words[index]
    if word[0].isdigit():
        return _numeric(word, index) or _calendar(words, index, end, today)
    lower = word.lower()
    if today is not None and lower in _RELATIVE:
        return Day(index, index + 1, today - timedelta(days=_RELATIVE[lower]))
    weekday = _weekday(lower) if word[0].isupper() else None
    if weekday is None or today is None:
        return None
    after = _date_behind(words, index + 1, end, today)
    if after is not None:
        return after
    before = index > 0 and words[index - 1].lower() in _BEFORE
    return Day(index, index + 1, _last_weekday(weekday, today, before=before))


def is_weekday(word: str) -> bool:
    """Whether a word names a weekday, perhaps with a part of the day."""
    return _weekday(word.lower()) is not None


def _weekday(lower: str) -> int | None:
    """The weekday of „Dienstag“, „Dienstagabend“ or „Dienstagausgabe“, Monday 0."""
    if lower in _WEEKDAYS:
        return _WEEKDAYS[lower]
    for ending in (*_PARTS_OF_DAY, *_EDITIONS):
        if lower.endswith(ending):
            return _WEEKDAYS.get(lower.removesuffix(ending).removesuffix("s"))
    return None


def _last_weekday(weekday: int, today: date, *, before: bool) -> date:
    """The last such weekday up to `today`, or before it."""
    back = (today.weekday() - weekday) % 7
    return today - timedelta(days=7 if before and back == 0 else back)


def _date_behind(words: Sequence[str], index: int, end: int, today: date) -> Day | None:
    """A calendar date right behind a weekday: „Dienstag, den 3. Dezember“."""
    while index < end and words[index].lower() in (",", "den", "dem", "der"):
        index += 1
    if index < end and words[index][0].isdigit():
        return _numeric(words[index], index) or _calendar(words, index, end, today)
    return None


def _numeric(word: str, index: int) -> Day | None:
    """A date in figures: 4.12.2024."""
    parts = word.rstrip(".").split(".")
    if len(parts) != len(("day", "month", "year")) or not all(part.isdecimal() for part in parts):
        return None
    number, month, year = (int(part[:5]) for part in parts)
    day = _date(year + _CENTURY if year < _TWO_DIGITS else year, month, number)
    return Day(index, index + 1, day) if day else None


def _calendar(words: Sequence[str], index: int, end: int, today: date | None) -> Day | None:
    """A date with the month's name: 4. Dezember 2024, 7. Mai."""
    number = words[index].rstrip(".")
    if index + 1 >= end or not number.isdecimal() or len(number) > len("31"):
        return None
    month = _MONTHS.get(words[index + 1].lower())
    if month is None:
        return None
    if index + 2 < end and words[index + 2].isdecimal() and len(words[index + 2]) == len("2024"):
        day = _date(int(words[index + 2]), month, int(number))
        return Day(index, index + 3, day) if day else None
    day = _last_such_day(month, int(number), today)
    return Day(index, index + 2, day) if day else None


def _last_such_day(month: int, number: int, today: date | None) -> date | None:
    """The last day of that number and month up to `today`; leap days need not be last year's."""
    if today is None:
        return None
    for year in range(today.year, today.year - 5, -1):
        day = _date(year, month, number)
        if day is not None and day <= today:
            return day
    return None


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
