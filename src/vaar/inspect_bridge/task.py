"""The study as a task of Inspect AI: ``inspect eval vaar/privacy_prosocial --model …``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig

from vaar.errors import StudyError
from vaar.inspect_bridge.records import FORMAT, KEY, StudyRecord, sample_metadata
from vaar.inspect_bridge.scorers import answers, scale_means
from vaar.inspect_bridge.solver import session
from vaar.respondents.inspect_models.conversion import to_chat_message
from vaar.sessions.plan import plan_sessions
from vaar.sessions.protocol import conduct
from vaar.sessions.records import Session
from vaar.study.dump import dump_study, study_hash
from vaar.study.load import load_study
from vaar.study.model import Study


@task
def privacy_prosocial(
    study: str = "privacy_prosocial",
    sessions: int = 200,
    seed: int = 1,
    condition: str | list[str] | None = None,
) -> Task:
    """Do a model's values predict its actions, as they do in people? One sample is one session.

    The VAAR of a model is computed from all its sessions: ``vaar import LOG.eval --out DIR``.

    Parameters
    ----------
    study : str
        A bundled study's name, a study file, or a directory that holds one.
    sessions : int
        Sessions per condition; at least 1.
    seed : int
        Seed of the sessions' sampling seeds.
    condition : str or list of str, optional
        Keep to these conditions of the study, as if it had no others.
    """
    asked = _in_words(_reduced(load_study(study), condition))
    if sessions < 1:
        raise StudyError(f"sessions={sessions} is too few: give -T sessions=N with N from 1 on")
    planned = plan_sessions(asked, [""], sessions, seed)
    return Task(
        dataset=MemoryDataset([_sample(asked, one) for one in planned], name=asked.name),
        solver=session(asked),
        scorer=[answers(asked), scale_means(asked)],
        config=GenerateConfig(temperature=asked.temperature),
        continue_on_fail=True,
        name=asked.name,
        version=FORMAT,
        metadata={KEY: _record(asked, sessions, seed).model_dump()},
    )


def _reduced(study: Study, condition: str | Sequence[str] | None) -> Study:
    if condition is None:
        return study
    wanted = [condition] if isinstance(condition, str) else list(condition)
    unknown = [name for name in wanted if name not in study.condition]
    if unknown or not wanted:
        raise StudyError(
            f"{study.name} has no condition {', '.join(map(repr, unknown)) or 'of no name'}; it "
            f"has {', '.join(study.condition)}. Give some of them: -T condition=NAME,NAME"
        )
    kept = tuple(one for one in study.conditions if one.name in wanted)
    return replace(study, conditions=kept)


def _in_words(study: Study) -> Study:
    """The study, where all its answers are given in words, by a model as it is."""
    forced = [one for one in study.conditions if one.response != "text"]
    if forced:
        raise StudyError(
            f"{study.name}: condition {forced[0].name!r} has response: {forced[0].response}, and "
            "models of Inspect AI answer in words. Ask it with `vaar run`, or keep to other "
            "conditions: -T condition=NAME,NAME"
        )
    if shifted := [one for one in study.conditions if one.shift]:
        raise StudyError(
            f"{study.name}: condition {shifted[0].name!r} shifts activations, which no model of "
            "Inspect AI has open. Ask it with `vaar run --model hf/PATH`, or keep to other "
            "conditions: -T condition=NAME,NAME"
        )
    return study


def _sample(study: Study, planned: Session) -> Sample:
    opening = next(conduct(study, planned))
    return Sample(
        id=f"{planned.condition}-{planned.replicate:04d}",
        input=[to_chat_message(message) for message in opening.messages],
        metadata=sample_metadata(planned),
    )


def _record(study: Study, sessions: int, seed: int) -> StudyRecord:
    return StudyRecord(
        vaar_version=version("vaar"),
        study=dump_study(study),
        study_hash=study_hash(study),
        sessions=sessions,
        seed=seed,
        seed_rule="turn",
    )
