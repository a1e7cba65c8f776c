from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from vaar.respondents.wire.retries import (
    FIRST_WAIT,
    LONGEST_PAUSE,
    LONGEST_WAIT,
    fault_of,
    is_transient,
    retry_after,
    says_full,
    wait_before,
)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_statuses_worth_another_call(status):
    assert is_transient(status)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 413, 422])
def test_statuses_that_stay(status):
    assert not is_transient(status)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (429, "rate_limited"),
        (408, "time_out"),
        (500, "server_error"),
        (529, "server_error"),
        (425, "server_error"),
        (400, "rejected"),
        (401, "rejected"),
        (307, "rejected"),
    ],
)
def test_what_a_status_is_counted_as(status, fault):
    assert fault_of(status) == fault


def test_which_statuses_say_that_the_server_is_full():
    assert [s for s in range(300, 600) if says_full(s)] == [408, 429, 503, 529]


@pytest.mark.parametrize("attempt", [1, 2, 5, 12, 200])
def test_waits_grow_within_bounds(attempt):
    whole = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (attempt - 1))
    waits = [wait_before(attempt, None) for _ in range(50)]
    assert all(whole / 2 <= wait <= whole for wait in waits)
    assert len(set(waits)) > 1


def test_a_server_may_ask_for_more_up_to_the_cap():
    assert wait_before(1, 7.0) == 7.0
    assert wait_before(1, 86_400.0) == LONGEST_PAUSE
    assert wait_before(5, 0.1) >= 4.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("0.25", 0.25),
        ("9" * 400, None),
        (" 0 ", 0.0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1e9", None),
        ("²", None),
    ],
)
def test_retry_after_in_seconds(header, seconds):
    assert retry_after({"Retry-After": header}) == seconds


def test_retry_after_as_a_date():
    soon = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3_000 < retry_after({"Retry-After": soon}) <= 3_600
    assert retry_after({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert retry_after({}) is None


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "Sun, 06 Nov 99999999 08:49:37 GMT",
        "Sat, 40 Nov 2026 99:99:99 GMT",
        "Sun Nov  6 08:49:37 1994 x" + "9" * 500,
    ],
)
def test_a_date_that_no_calendar_has_asks_for_nothing(date):
    assert retry_after({"Retry-After": date}) in (None, 0.0)


def test_retry_after_in_milliseconds():
    assert retry_after({"retry-after-ms": "1500"}) == 1.5
    assert retry_after({"retry-after-ms": "20", "Retry-After": "1"}) == 0.02


def test_a_day_is_believed_and_a_year_is_not():
    assert retry_after({"Retry-After": "86400"}) == 86_400.0
    assert retry_after({"Retry-After": "31536000"}) is None
    assert retry_after({"Retry-After": "9" * 15}) is None
