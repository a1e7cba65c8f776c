from itertools import pairwise
from math import ceil, sqrt
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.timeless_server import Server
from vaar.respondents.http.adaptive_concurrency import FIRST, MOST, SHORTEST, AdaptiveConcurrency
from vaar.respondents.wire.retries import LONGEST_PAUSE


class Line:
    """Calls by the handful: as many at once as may be, all of them taking the same time."""

    def __init__(self, least):
        self.concurrency, self.now = AdaptiveConcurrency(), 0.0
        for _ in range(100):
            if self.limit >= least:
                return
            self.wave(1.0)
        raise AssertionError(f"the limit does not reach {least}")

    @property
    def limit(self):
        return self.concurrency.limit

    def wave(self, took, every=0.0):
        """One wave of calls, sent `every` so many seconds at least; the limit after it."""
        calls = [self.concurrency.sent(self.now) for _ in range(max(10, self.limit))]
        for call in calls:
            self.concurrency.came(call, self.now + took)
        self.now += max(took, every)
        return self.limit

    def refused(self):
        """All that may be in flight are, and the last is refused."""
        calls = [self.concurrency.sent(self.now) for _ in range(self.limit)]
        self.concurrency.refused(calls[-1], self.now)
        for call in calls[:-1]:
            self.concurrency.lost(call)


def test_it_begins_with_four_calls():
    line = Line(0)
    assert line.limit == 4
    assert line.wave(1.0) > 4


def test_a_refusal_takes_a_fifth_and_is_held_to_for_half_a_minute():
    line = Line(100)
    most, at = line.limit, line.now
    line.refused()
    assert line.limit == int(0.8 * most)
    held = []
    while line.now < at + 30.0:  # the last replies come just then
        held.append(line.wave(0.125))
    assert max(held) == held[-1] == round(0.95 * (most - 1))
    assert line.wave(0.125) > held[-1]


@pytest.mark.parametrize(("took", "share"), [(2.0, 1.0), (2.1, 2 / 2.1), (3.0, 2 / 3), (9.0, 0.5)])
def test_twice_as_long_as_the_quickest_is_as_long_as_calls_may_take(took, share):
    line = Line(100)
    line.refused()  # the limit no longer doubles
    line.wave(1.0)
    before = line.limit
    after = line.wave(took)
    assert after > before if share == 1.0 else after == pytest.approx(share * before, abs=1)


def full(concurrency, beside, took):
    """The limit after a call that was sent as the last of so many, and took so long."""
    calls = [concurrency.sent(0.0) for _ in range(beside - concurrency.in_flight)]
    concurrency.came(calls[-1], took)
    for call in calls[:-1]:
        concurrency.lost(call)
    return concurrency.limit


def test_every_reply_adds_a_call_where_half_of_them_are_under_way():
    concurrency = AdaptiveConcurrency()
    assert [full(concurrency, 1, 1.0) for _ in range(9)][-1] == 4
    assert [full(concurrency, 4, 1.0) for _ in range(4)] == [5, 6, 7, 8]
    assert full(concurrency, 3, 1.0) == 8
    assert full(concurrency, 4, 1.0) == 9
    assert [full(concurrency, 9, 1.0) for _ in range(6)] == [10, 11, 12, 13, 14, 15]
    assert full(concurrency, 15, 2.1) == 15, "more than twice as long as the quickest"
    assert full(concurrency, 15, 2.0) == 16


def test_while_a_round_has_no_end_the_limit_grows_fourfold_at_most():
    concurrency = AdaptiveConcurrency()
    for _ in range(10):
        concurrency.sent(0.0)  # and never answered
    assert [full(concurrency, 30, 1.0) for _ in range(20)][-1] == 4 * FIRST


@pytest.mark.parametrize("lost", [0, 10])
def test_calls_beyond_those_of_a_round_count_for_nothing(lost):
    concurrency = AdaptiveConcurrency()
    for _ in range(lost):
        concurrency.lost(concurrency.sent(0.0))
    calls = [concurrency.sent(0.0) for _ in range(20)]
    for call in calls[10:]:
        concurrency.came(call, 1.0)
    before = concurrency.limit
    assert full(concurrency, 30, 4.0) == before + 1, "nothing tells yet that this is long"
    for call in calls[:9]:
        concurrency.came(call, 1.0)
    before = concurrency.limit
    assert full(concurrency, 30, 4.0) == before


@pytest.mark.parametrize(("share", "grows"), [(0.4, False), (0.5, True)])
def test_after_a_refusal_it_grows_by_its_square_root_where_half_of_it_is_used(share, grows):
    concurrency = Line(100).concurrency
    concurrency.refused(concurrency.sent(0.0), 0.0)
    concurrency._limit = 100.0
    concurrency._begin_round()
    for _ in range(90):
        calls = [concurrency.sent(60.0) for _ in range(round(share * 100))]
        concurrency.came(calls[0], 61.0)
        for call in calls[1:]:
            concurrency.lost(call)
    assert concurrency.limit == (110 if grows else 100)


def test_a_slow_round_ends_the_doubling():
    line = Line(100)
    before = line.wave(9.0)
    assert line.wave(1.0) == pytest.approx(before + sqrt(before), abs=1)


def test_where_a_second_call_was_refused_one_is_sent_at_a_time():
    concurrency = AdaptiveConcurrency()
    first, second = (concurrency.sent(0.0) for _ in range(2))
    concurrency.refused(second, 0.0)
    concurrency.came(first, 1.0)
    limits = set()
    for at in range(29):
        concurrency.came(concurrency.sent(at), at + 1.0)
        limits.add(concurrency.limit)
    assert limits == {1}


def test_a_call_sent_after_a_refusal_may_be_refused_anew():
    concurrency = Line(100).concurrency
    before = concurrency.limit
    calls = [concurrency.sent(100.0) for _ in range(before)]
    concurrency.refused(calls[-1], 101.0)
    late = concurrency.sent(101.0)
    concurrency.refused(calls[-2], 101.5)
    assert concurrency.limit == int(0.8 * before)
    concurrency.refused(late, 102.0)
    assert concurrency.limit == int(0.8 * 0.8 * before)


def test_one_reply_in_ten_may_come_late_without_holding_a_round_back():
    line = Line(100)
    line.refused()  # the limit no longer doubles, and a round begins
    before = line.limit
    calls = [line.concurrency.sent(line.now) for _ in range(before)]
    needed = ceil(0.9 * before)
    for call in calls[: needed - 1]:
        line.concurrency.came(call, line.now + 9.0)
    assert line.limit == before
    line.concurrency.came(calls[needed - 1], line.now + 9.0)
    assert line.limit == before // 2


@pytest.mark.parametrize(("replies", "known"), [(8, False), (9, True)])
@pytest.mark.parametrize("lost", [0, 5])
def test_nine_replies_show_how_long_a_call_takes_and_lost_calls_count_for_nothing(
    replies, known, lost
):
    concurrency = AdaptiveConcurrency()
    for _ in range(lost):
        concurrency.lost(concurrency.sent(0.0))
    for _ in range(replies):  # one after the other, which is no reason to grow
        concurrency.came(concurrency.sent(0.0), 1.0)
    *_, full = [concurrency.sent(1.0) for _ in range(FIRST)]
    concurrency.came(full, 4.0)
    assert (concurrency.limit == FIRST) == known, "three seconds are long where one is known"


def test_a_line_is_shortened_to_eight_calls_and_no_further():
    line = Line(100)
    assert [line.wave(9.0) for _ in range(6)][-2:] == [8, 8]


@pytest.mark.parametrize(("took", "anew"), [(1.25, False), (1.3, True)])
def test_the_quickest_round_is_measured_anew_where_none_came_near_it_for_a_minute(took, anew):
    line = Line(100)
    line.refused()  # the limit no longer doubles
    last, limits = line.now + 1.0, [line.wave(1.0)]
    while line.now < last + 58.0:
        limits.append(line.wave(took))
    assert limits == sorted(limits), "within the minute nothing is measured anew"
    line.now = last + 61.0
    before = line.limit
    half = pytest.approx((before + sqrt(before)) / 2, abs=1)  # it has grown once more by then
    assert (line.wave(took) == half) == anew
    assert line.wave(took) >= 0.95 * before, "the limit is back"
    longest = line.wave(1.9 * took) >= 0.95 * before
    assert longest == anew, "1.9 times as long as the new quickest, more than twice the old"


@pytest.mark.parametrize("noise", [0.0, 0.5, 1.0])
def test_two_hundred_in_flight_within_seconds_where_nothing_speaks_against_it(noise):
    server = Server(noise=noise).run(AdaptiveConcurrency(), 25)
    assert next(at for at, limit in server.limits if limit >= 200) < 10
    assert mean(server.limits_after(20)) > 900


def test_it_never_grows_beyond_what_a_process_can_open():
    server = Server().run(AdaptiveConcurrency(), 15)
    assert max(server.limits_after(0)) == MOST == 1_000, "as docs/respondents.md says"


@pytest.mark.parametrize("most", [2, 10, 50, 400])
@pytest.mark.parametrize("retry_after", [None, 1.0])
def test_just_below_a_hard_limit(most, retry_after):
    server = Server(most=most, retry_after=retry_after).run(AdaptiveConcurrency(), 200)
    assert 0.75 * most <= mean(server.limits_after(50)) <= 1.05 * most
    assert server.refusals < server.replies / 10
    assert server.replies > 0.8 * most / server.service * 180


def test_a_server_that_takes_one_call_gets_one():
    server = Server(most=1, service=2.0).run(AdaptiveConcurrency(), 120)
    assert max(server.limits_after(5)) <= 2  # it tries two now and then
    assert mean(server.limits_after(5)) < 1.2


@pytest.mark.parametrize("slots", [20, 60])
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_a_server_with_a_line_is_kept_busy_with_a_short_line(slots, noise):
    server = Server(slots=slots, noise=noise).run(AdaptiveConcurrency(), 300)
    settled = server.limits_after(100)
    assert slots <= mean(settled) <= 3 * slots
    work = server.service * (1 if noise == 0 else 1.14)
    assert server.replies > 0.9 * slots / work * 280


def test_a_server_with_one_slot_never_has_a_long_line():
    server = Server(slots=1).run(AdaptiveConcurrency(), 300)
    assert max(server.limits_after(0)) <= 40
    assert mean(server.limits_after(100)) <= 3 * SHORTEST


def test_it_backs_off_from_a_server_that_answers_slower_and_slower():
    server, concurrency = Server(slower=0.05), AdaptiveConcurrency()
    server.run(concurrency, 150)
    assert min(server.limits_after(0)[100:]) < MOST / 10


def test_it_comes_back_when_a_limit_is_lifted():
    server, concurrency = Server(most=20), AdaptiveConcurrency()
    server.run(concurrency, 60)
    assert concurrency.limit <= 21
    server.most = None
    server.run(concurrency, 120)
    assert concurrency.limit > 60


def test_it_falls_when_a_limit_is_lowered():
    server, concurrency = Server(most=200), AdaptiveConcurrency()
    server.run(concurrency, 60)
    server.most = 20
    server.run(concurrency, 60)
    assert concurrency.limit <= 25


def test_few_sessions_are_no_reason_to_grow():
    assert max(Server(sessions=30).run(AdaptiveConcurrency(), 60).limits_after(0)) <= 70


def test_one_refusal_among_many_calls_lowers_the_limit_once():
    concurrency = AdaptiveConcurrency()
    server = Server()
    server.run(concurrency, 2.2)
    before = concurrency.limit
    calls = [concurrency.sent(server.now) for _ in range(10)]
    for call in calls:
        concurrency.refused(call, server.now + 0.1)
    assert concurrency.limit == pytest.approx(0.8 * before, rel=0.1)


def test_a_server_that_asks_for_it_is_left_alone():
    concurrency = AdaptiveConcurrency()
    concurrency.refused(concurrency.sent(10.0), 11.0, retry_after=5.0)
    assert concurrency.resumes == 16.0
    concurrency.refused(concurrency.sent(10.0), 11.0, retry_after=2.0)
    assert concurrency.resumes == 16.0
    concurrency.refused(concurrency.sent(20.0), 20.0, retry_after=86_400.0)
    assert concurrency.resumes == 20.0 + LONGEST_PAUSE


def test_a_fixed_number_stays():
    concurrency = AdaptiveConcurrency(7)
    Server(most=3).run(concurrency, 20)
    assert concurrency.limit == 7


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["sent", "came", "refused", "lost"]),
        st.floats(0, 100),
        st.none() | st.floats(0, 1e6),
    ),
    max_size=300,
)


@given(EVENTS)
def test_whatever_happens_the_limit_is_usable_and_calls_are_counted(events):
    concurrency, now, under_way = AdaptiveConcurrency(), 0.0, []
    assert concurrency.limit == FIRST
    for kind, seconds, retry_after in events:
        now += seconds
        if kind == "sent":
            under_way.append(concurrency.sent(now))
        elif under_way:
            call = under_way.pop()
            if kind == "came":
                concurrency.came(call, now)
            elif kind == "lost":
                concurrency.lost(call)
            else:
                concurrency.refused(call, now, retry_after)
        assert 1 <= concurrency.limit <= MOST
        assert concurrency.in_flight == len(under_way)
        assert concurrency.resumes <= now + LONGEST_PAUSE


def test_time_never_moves_a_limit_by_more_than_doubling_at_once():
    server = Server(noise=0.5).run(AdaptiveConcurrency(), 30)
    assert all(after <= 2 * before + 1 for (_, before), (_, after) in pairwise(server.limits))
