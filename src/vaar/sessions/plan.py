"""Which sessions a run consists of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from vaar.sessions.design import variants
from vaar.sessions.records import Session
from vaar.study.model import Study


def plan_sessions(
    study: Study, respondents: Sequence[str], sessions: int, seed: int
) -> list[Session]:
    """Lay out a run: every respondent, in every condition, ``sessions`` times.

    Replicates come in rounds, so that every group grows at the same pace. A replicate has the
    same sampling seed for every respondent and in every condition.
    """
    varied = {
        condition.name: list(variants(study, condition, sessions, seed))
        for condition in study.conditions
    }
    planned = (
        (respondent, condition.name, replicate)
        for replicate in range(1, sessions + 1)
        for respondent in respondents
        for condition in study.conditions
    )
    return [
        Session(
            number=number,
            group=group_name(study, respondent, condition),
            respondent=respondent,
            condition=condition,
            replicate=replicate,
            seed=session_seed(seed, replicate),
            persona=variant.persona,
            instrument_order=variant.instrument_order,
            item_order=study.variation.items,
            scale_direction=variant.scale_direction,
            paraphrase=variant.paraphrase,
        )
        for number, (respondent, condition, replicate) in enumerate(planned, start=1)
        for variant in (varied[condition][replicate - 1],)
    ]


def group_name(study: Study, respondent: str, condition: str) -> str:
    """Name the group: the respondent, with the condition where a study has several."""
    return f"{respondent} [{condition}]" if len(study.conditions) > 1 else respondent


def session_seed(run_seed: int, replicate: int) -> int:
    """A 31-bit seed (the widest that all servers take), distinct for every replicate of a run."""
    digest = hashlib.blake2b(str(run_seed).encode(), digest_size=4).digest()
    return (int.from_bytes(digest) + replicate) % 2**31
