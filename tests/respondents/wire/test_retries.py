from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from vaar.respondents.wire.retries import (
    FIRST_WAIT,
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
    assert wait_before(1, 86_400.0) == LONGEST_WAIT
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
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < retry_after({"Retry-After": soon}) <= 30
    assert retry_after({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert retry_after({}) is None
