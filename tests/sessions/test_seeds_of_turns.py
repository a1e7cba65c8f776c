"""Respondents without traits, over HTTP, behind a server that honours seeds: no correlations."""

import asyncio
from contextlib import closing
from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from support.scripted import instrument, tiny_study, with_condition
from support.seeded_server import seeded_server
from vaar.journal.journal import Journal
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.respondent import HttpRespondent
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions

N, ITEMS = 120, 5
NAMES = ("openai/a", "openai/b")


def answers(tmp_path, history, seed_rule):
    """Answers by respondent: (sessions, items of both instruments)."""
    study = with_condition(tiny_study(), history=history)
    instruments = (instrument("alpha", ITEMS), instrument("beta", ITEMS))
    study = replace(study, instruments=instruments)
    planned = plan_sessions(study, NAMES, N, seed=3, seed_rule=seed_rule)
    number = {session.number: session for session in planned}

    async def go(journal):
        async with seeded_server() as url:
            respondents = {
                name: HttpRespondent(Endpoint(name, "m", url, concurrency=8)) for name in NAMES
            }
            try:
                await run_sessions(study, planned, respondents, journal)
            finally:
                for respondent in respondents.values():
                    await respondent.close()

    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        journal.plan(planned)
        asyncio.run(go(journal))
        found = {name: np.zeros((N, 2 * ITEMS)) for name in NAMES}
        for turn in journal.turns(study):
            session = number[turn.session]
            found[session.respondent][session.replicate - 1, turn.turn] = int(turn.reply.text)
    return found


def alpha(scores):
    """Cronbach's α."""
    k = scores.shape[1]
    return k / (k - 1) * (1 - scores.var(axis=0, ddof=1).sum() / scores.sum(axis=1).var(ddof=1))


def off_diagonal(matrix):
    return matrix[np.triu_indices_from(matrix, 1)]


@pytest.mark.slow
@pytest.mark.parametrize("history", ["carried", "isolated"])
def test_items_and_groups_have_nothing_in_common(tmp_path, history):
    found = answers(tmp_path, history, "turn")
    one, other = found[NAMES[0]], found[NAMES[1]]
    items = off_diagonal(np.corrcoef(one.T))
    assert abs(items.mean()) < 4 / sqrt(N * len(items))  # r of independents has SD 1/√N
    assert np.abs(items).max() < 4.2 / sqrt(N)  # of 45; beyond 4.2 SD: 1 in 800
    of_alpha = sqrt(2 * ITEMS / ((ITEMS - 1) * N))  # its SD where nothing is measured
    assert abs(alpha(one[:, :ITEMS])) < 4 * of_alpha
    scales = np.corrcoef(one[:, :ITEMS].sum(axis=1), one[:, ITEMS:].sum(axis=1))[0, 1]
    groups = np.corrcoef(one.sum(axis=1), other.sum(axis=1))[0, 1]
    assert max(abs(scales), abs(groups)) < 4 / sqrt(N)


@pytest.mark.slow
def test_one_seed_for_all_turns_makes_correlations_out_of_nothing(tmp_path):
    """The rule of earlier versions: it shows that the test above can fail."""
    one = answers(tmp_path, "carried", "session")[NAMES[0]]
    assert alpha(one) > 0.95
