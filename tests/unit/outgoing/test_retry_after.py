"""Reading Retry-After."""

from datetime import UTC, datetime

import pytest

from services.runtime.outgoing.retry_after import seconds_to_wait

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Sun, 01 Mar 2026 12:02:00 GMT", 120),
        ("Sun, 01 Mar 2026 12:02:00 -0000", 120),
        ("Sun, 01 Mar 2026 13:02:00 +0100", 120),
        ("Sat, 28 Feb 2026 12:00:00 GMT", 0),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("9" * 400, None),
        ("morgen", None),
        ("", None),
    ],
)
def test_reads_seconds_and_dates(stated: str, seconds: float | None) -> None:
    """Both forms of RFC 9110 are understood; nonsense is as good as nothing."""
    assert seconds_to_wait({"retry-after": stated}, now=lambda: NOW) == seconds


def test_no_header_asks_for_nothing() -> None:
    """Without the header there is nothing to wait for."""
    assert seconds_to_wait({}) is None
