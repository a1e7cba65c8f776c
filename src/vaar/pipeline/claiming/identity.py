"""What makes two calls of `vaar run` one run, and how a run may grow in its directory.

A run is its study, seed and way of asking; respondents and sessions may be added. They are told as
blocks of respondents that are asked equally often (:class:`vaar.sessions.plan.Block`), so that
what is added changes nothing of what was planned before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from vaar.errors import RunDirectoryError
from vaar.respondents.simulated.populations import SIMULATED
from vaar.sessions.plan import Block, plan_blocks
from vaar.sessions.records import Session
from vaar.sessions.seeds import SEED_RULES
from vaar.sessions.shard import Shard
from vaar.study.model import Study

SHARD = "shard"
"""Key that only the identity of a shard has."""

DISTRIBUTIONS = "distributions"
"""Key in the identity of a run that asks for the probabilities of all answers."""

SEED_RULE = "seed_rule"
"""Key that says whether every turn has a seed of its own; runs of earlier versions lack it."""

BLOCKS = "blocks"
"""Key that only the identity of a run has whose respondents were not all planned at once."""

BY_RESPONDENT = ("requests",)
"""Keys of mappings by respondent: entries may be added, and none may change."""

MOST_BLOCKS = 10_000
"""Blocks of a run; to lay out each takes time, however few its sessions are."""

_MOST_TOLD = 10

BASE_URL = "base_url"
"""Key of the address that was given for the whole call; which respondent was asked where is told
by its request."""

PLANNED = ("respondents", "sessions", "seed", SEED_RULE, BLOCKS)


def identity_of_blocks(blocks: Sequence[Block]) -> dict[str, Any]:
    """The part of an identity that says which sessions there are."""
    first = blocks[0]
    told: dict[str, Any] = {
        "respondents": list(dict.fromkeys(name for block in blocks for name in block.respondents)),
        "sessions": max(block.sessions for block in blocks),
        "seed": first.seed,
    }
    if first.seed_rule != "session":
        told[SEED_RULE] = first.seed_rule
    if len(blocks) > 1:
        told[BLOCKS] = [
            {
                "respondents": list(block.respondents),
                "sessions": block.sessions,
                "seed": block.seed,
                SEED_RULE: block.seed_rule,
            }
            for block in blocks
        ]
    return told


def blocks_in(identity: Mapping[str, Any]) -> list[Block]:
    """The blocks of a run.

    Raises
    ------
    KeyError, TypeError, ValueError
        The identity does not tell them.
    """
    told = identity.get(BLOCKS) or [identity]
    if not isinstance(told, list) or len(told) > MOST_BLOCKS:
        raise TypeError(f"{BLOCKS} is no list, or has more than {MOST_BLOCKS:,} entries")
    return [_block(one) for one in told]


def _block(told: Mapping[str, Any]) -> Block:
    names, sessions, seed = told["respondents"], told["sessions"], told["seed"]
    rule = told.get(SEED_RULE, "session")
    sound = (
        isinstance(names, list)
        and all(isinstance(name, str) for name in names)
        and isinstance(sessions, int)
        and isinstance(seed, int)
        and rule in SEED_RULES
    )
    if not sound:
        raise TypeError("respondents, sessions or seed are not of their kind")
    return Block(tuple(names), sessions, seed, rule)


def planned_again(study: Study, identity: Mapping[str, Any]) -> list[Session]:
    """The sessions of a stored run, or of the shard of it, from the identity in its ``run.json``.

    Raises
    ------
    KeyError, TypeError, ValueError
        The identity does not tell them.
    """
    planned = plan_blocks(study, blocks_in(identity))
    return Shard.parse(str(identity[SHARD])).share(planned) if SHARD in identity else planned


def grown(
    directory: Path, found: Mapping[str, Any], asked: Mapping[str, Any], sessions_given: bool
) -> dict[str, Any]:
    """The identity of a run in a directory that is asked for something more, or for what is there.

    Parameters
    ----------
    found, asked : mapping
        Identities of the run that is there, and of the one that is asked for, a single block.
    sessions_given : bool
        Whether the number of sessions was asked for; else it is what the run has.

    Raises
    ------
    RunDirectoryError
        They are different runs.
    """
    blocks, (more,) = blocks_in(found), blocks_in(asked)
    differences = list(differences_of_kind(found, asked, "there {!r}, asked {!r}"))
    if found.get(SHARD) != asked.get(SHARD):
        differences.append(f"  shard: there {found.get(SHARD)!r}, asked {asked.get(SHARD)!r}")
    if more.seed not in {block.seed for block in blocks}:
        seeds = list(dict.fromkeys(str(block.seed) for block in blocks))
        there = ", ".join(seeds[:_MOST_TOLD]) + (", …" if len(seeds) > _MOST_TOLD else "")
        differences.append(
            f"  seed: there {there}, asked {more.seed!r}. Sessions of another seed are asked into "
            "a directory of their own; `vaar merge` brings both together"
        )
    if differences:
        raise RunDirectoryError(
            f"{directory}: holds another run.\n" + "\n".join(differences) + "\n"
            "Respondents and sessions may be added to a run; anything else makes another one. "
            "Choose another --out, or give the command that started that run to continue it."
        )
    rule = next(block.seed_rule for block in blocks if block.seed == more.seed)
    more = replace(more, seed_rule=rule)
    if not sessions_given:
        new = tuple(n for n in more.respondents if not _sessions_of(blocks, n, more))
        more = replace(more, respondents=new, sessions=found["sessions"])
    return joined([found, _of_new_respondents(found, asked)], add_block(blocks, more))


def _of_new_respondents(found: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked, without what an older run does not tell of the respondents that it has."""
    there = set(found.get("respondents", ()))
    kept = dict(asked)
    for key in BY_RESPONDENT:
        known = found.get(key, {})
        own = {n: told for n, told in asked.get(key, {}).items() if n not in there or n in known}
        kept[key] = own
        if not own and key not in found:
            del kept[key]
    return kept


def joined(identities: Sequence[Mapping[str, Any]], blocks: Sequence[Block]) -> dict[str, Any]:
    """The identity of runs of one kind that are brought together, with these blocks."""
    kept = {key: value for key, value in identities[0].items() if key not in PLANNED}
    for key in BY_RESPONDENT:
        if any(key in identity for identity in identities):
            kept[key] = {
                name: told
                for identity in identities
                for name, told in identity.get(key, {}).items()
            }
    return kept | identity_of_blocks(blocks)


def add_block(blocks: Sequence[Block], more: Block) -> list[Block]:
    """The blocks with one more, as far as they do not hold its sessions already."""
    if all(_sessions_of(blocks, name, more) >= more.sessions for name in more.respondents):
        return list(blocks)
    if blocks and replace(more, sessions=blocks[-1].sessions) == blocks[-1]:
        return [*blocks[:-1], more]
    return [*blocks, more]


def differences_of_kind(
    one: Mapping[str, Any], other: Mapping[str, Any], said: str
) -> Iterator[str]:
    """What keeps two runs from being of one kind, a line each; which sessions they have may differ.

    Parameters
    ----------
    said : str
        A format of both values: ``'{!r} and {!r}'``.
    """
    both_tell = _tells_addresses(one) and _tells_addresses(other)
    passed_over = {*PLANNED, *BY_RESPONDENT, SHARD, *((BASE_URL,) if both_tell else ())}
    for key in dict.fromkeys([*one, *other]):
        if key not in passed_over and one.get(key) != other.get(key):
            yield f"  {key}: {said.format(one.get(key), other.get(key))}"
    for key in BY_RESPONDENT:
        first, second = one.get(key) or {}, other.get(key) or {}
        for name in first:
            if name in second and first[name] != second[name]:
                yield f"  {key} of {name}: {said.format(first[name], second[name])}"


def _tells_addresses(identity: Mapping[str, Any]) -> bool:
    """Whether it is told of every respondent where it is asked; earlier versions did not."""
    told = identity.get("requests") or {}
    names = identity.get("respondents") or ()
    return all(name in told or str(name).startswith(SIMULATED) for name in names)


def _sessions_of(blocks: Sequence[Block], respondent: str, like: Block) -> int:
    """How many sessions of a respondent blocks have from the seed of another block."""
    own = (
        block.sessions
        for block in blocks
        if (block.seed, block.seed_rule) == (like.seed, like.seed_rule)
        and respondent in block.respondents
    )
    return max(own, default=0)
