"""Which sessions a run consists of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vaar.errors import OptionError
from vaar.sessions.design import variants
from vaar.sessions.records import Session
from vaar.sessions.seeds import SeedRule, session_seed
from vaar.study.model import Study

MOST_SESSIONS = 2_000_000
"""Sessions of one run: their plan is held in memory, some 400 bytes each."""

LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Block:
    """Respondents that are asked equally often, with one seed.

    Attributes
    ----------
    respondents : tuple of str
    sessions : int
        Of each respondent in each condition.
    seed : int
    seed_rule : {'turn', 'session'}
    """

    respondents: tuple[str, ...]
    sessions: int
    seed: int
    seed_rule: SeedRule = "turn"


def plan_sessions(
    study: Study,
    respondents: Sequence[str],
    sessions: int,
    seed: int,
    seed_rule: SeedRule = "turn",
) -> list[Session]:
    """Lay out a run of one block; see :func:`plan_blocks`."""
    return plan_blocks(study, [Block(tuple(respondents), sessions, seed, seed_rule)])


def plan_blocks(study: Study, blocks: Sequence[Block]) -> list[Session]:
    """Lay out a run: of every block, every respondent, in every condition, so many times.

    Replicates come in rounds, so that every group grows at the same pace. A replicate has the
    same seed for every respondent and in every condition. A session that a block before has
    already is left out, so that a block with more of them goes on where that one ends; sessions
    from another seed are further replicates of their group.

    Returns
    -------
    list of Session
        Numbered from 1. What a block adds changes nothing of those before it, and fewer sessions
        are the beginning of more.

    Raises
    ------
    OptionError
        There would be more than :data:`MOST_SESSIONS`, or a seed is beyond what a journal holds.
    """
    _require_bounded(study, blocks)
    planned: list[Session] = []
    there: set[tuple[str, int, SeedRule, int]] = set()
    replicates: Counter[str] = Counter()
    for block in blocks:
        for drawn in _drawn(study, block):
            key = (drawn.group, block.seed, block.seed_rule, drawn.replicate)
            if key in there:
                continue
            there.add(key)
            replicates[drawn.group] += 1
            replicate = replicates[drawn.group]
            planned.append(
                replace(
                    drawn,
                    number=len(planned) + 1,
                    replicate=replicate,
                    earlier=replicate - drawn.replicate,
                )
            )
    return planned


def _require_bounded(study: Study, blocks: Sequence[Block]) -> None:
    each = (len(block.respondents) * block.sessions for block in blocks)
    if len(study.conditions) * sum(each) > MOST_SESSIONS:
        raise OptionError(
            f"that would be more than {MOST_SESSIONS:,} sessions, which is what one run may have: "
            "ask for fewer, or split the models over several runs"
        )
    if any(not 0 <= block.seed <= LARGEST_SEED for block in blocks):
        raise OptionError(f"a seed is a whole number between 0 and {LARGEST_SEED}")


SessionKey = tuple[str, int | None, int]


def session_key(session: Session) -> SessionKey:
    """What a session is known by in any plan that has it: group, seed of the run, own seed."""
    return session.group, session.run_seed, session.seed


def _drawn(study: Study, block: Block) -> Iterator[Session]:
    """The sessions of a block by itself, in rounds."""
    varied = {
        condition.name: list(variants(study, condition, block.sessions, block.seed))
        for condition in study.conditions
    }
    for replicate in range(1, block.sessions + 1):
        for respondent in block.respondents:
            for condition in varied:
                variant = varied[condition][replicate - 1]
                yield Session(
                    number=0,
                    group=group_name(study, respondent, condition),
                    respondent=respondent,
                    condition=condition,
                    replicate=replicate,
                    seed=session_seed(block.seed, replicate),
                    persona=variant.persona,
                    instrument_order=variant.instrument_order,
                    item_order=study.variation.items,
                    scale_direction=variant.scale_direction,
                    paraphrase=variant.paraphrase,
                    facts=variant.facts,
                    run_seed=block.seed if block.seed_rule == "turn" else None,
                )


def group_name(study: Study, respondent: str, condition: str) -> str:
    """Name the group: the respondent, with the condition where a study has several."""
    return f"{respondent} [{condition}]" if len(study.conditions) > 1 else respondent
