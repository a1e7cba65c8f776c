"""What a run is going to do, settled before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from vaar.analyses.settings import Settings
from vaar.errors import RespondentError
from vaar.pipeline.claiming.identity import DISTRIBUTIONS, SHARD, identity_of_blocks
from vaar.pipeline.requests import REQUESTS, digests, records_of, require_answers
from vaar.respondents.base import Respondent
from vaar.respondents.resolve import resolve
from vaar.sessions.plan import Block, plan_sessions
from vaar.sessions.records import Session
from vaar.sessions.shard import Shard
from vaar.study.dump import study_hash
from vaar.study.load import load_study
from vaar.study.model import Study

DEFAULT_STUDY = "privacy_prosocial"
DEFAULT_MODELS = ("simulated",)
DEFAULT_SESSIONS = 200
RUNS = Path("runs")
"""The folder of all runs that name no place of their own."""

_LONGEST_NAME = 100
_FOREIGN = re.compile(r"[^\w.+]+")


@dataclass(frozen=True)
class RunPlan:
    """Study, respondents and sessions of a run, or of one shard of it.

    Attributes
    ----------
    sessions_given : bool
        Whether their number was asked for; else a run that is there already decides.
    earlier : int
        How many of the sessions a run that is there has already.
    """

    study: Study
    respondents: tuple[Respondent, ...]
    sessions: tuple[Session, ...]
    sessions_per_group: int
    seed: int
    base_url: str | None
    models: tuple[str | Path, ...] = ()
    shard: Shard | None = None
    distributions: bool = False
    sessions_given: bool = True
    earlier: int = 0

    def __post_init__(self) -> None:
        for respondent in self.respondents:
            if not respondent.name.isprintable():
                raise RespondentError(
                    f"the respondent {respondent.name!a} has a name with what cannot be seen in "
                    "it, or half a character; give it another"
                )

    @property
    def block(self) -> Block:
        """Its respondents, and how often each is asked."""
        names = tuple(respondent.name for respondent in self.respondents)
        return Block(names, self.sessions_per_group, self.seed)

    @cached_property
    def requests(self) -> dict[str, dict[str, Any]]:
        """What each respondent is sent beside the conversation, by name."""
        return records_of(self.respondents, self.study, self.distributions)

    @property
    def directory(self) -> Path:
        """Where a run is kept unless another place is named: its study and models as asked for."""
        if self.models in ((), DEFAULT_MODELS):
            return RUNS / self.study.name
        asked = [str(model).removesuffix(".yaml").removesuffix(".yml") for model in self.models]
        models = "+".join(_FOREIGN.sub("-", name).strip("-.") for name in asked)
        name = f"{self.study.name}-{models}"
        if len(name) > _LONGEST_NAME:
            name = f"{name[: _LONGEST_NAME - 9]}-{sha256(name.encode()).hexdigest()[:8]}"
        return RUNS / name

    @property
    def identity(self) -> dict[str, Any]:
        """What makes two runs the same."""
        return {
            "study": self.study.name,
            "study_hash": study_hash(self.study),
            **identity_of_blocks([self.block]),
            "base_url": self.base_url,
            **({DISTRIBUTIONS: True} if self.distributions else {}),
            **({SHARD: str(self.shard)} if self.shard else {}),
            **({REQUESTS: digests(self.requests)} if self.requests else {}),
        }


def plan(
    study: str | Path = DEFAULT_STUDY,
    models: Sequence[str | Path] = DEFAULT_MODELS,
    sessions: int | None = None,
    seed: int = 1,
    base_url: str | None = None,
    shard: Shard | None = None,
    distributions: bool = False,
    data: str | Path | None = None,
    draw: int | None = None,
) -> RunPlan:
    """Settle what a run would do, without sending anything; no key is needed for it.

    Parameters are those of :func:`vaar.run`, and the shard, if the sessions are asked on several
    machines.

    Raises
    ------
    StudyError, RespondentError
        Among them: a respondent has no answers in the form that the study asks for.
    """
    loaded = load_study(study, data=data, draw=draw)
    respondents = tuple(resolve(models, loaded, base_url))
    require_answers(respondents, loaded)
    names = [respondent.name for respondent in respondents]
    usual = loaded.sessions or DEFAULT_SESSIONS
    count = usual if sessions is None else sessions
    planned = plan_sessions(loaded, names, count, seed)
    return RunPlan(
        study=loaded,
        respondents=respondents,
        sessions=tuple(shard.share(planned) if shard else planned),
        sessions_per_group=count,
        seed=seed,
        base_url=base_url,
        models=tuple(models),
        shard=shard,
        distributions=distributions,
        sessions_given=sessions is not None,
    )


def check_options(given: Settings, study: Study) -> None:
    """Refuse options that no analysis has, and factors that the study has not, before asking.

    Raises
    ------
    OptionError
        There is no such analysis or option, or a value is not allowed.
    DataError
        There is no such factor.
    """
    if not (given or study.analyses):
        return
    from vaar.analyses.registry import known
    from vaar.analyses.settings import in_force
    from vaar.scoring.design_factors import require_known
    from vaar.scoring.yes_saying import YES_SAYING

    in_force(known(), {}, study.analyses)
    options = in_force(known(), study.analyses, given)
    covariates = [name for name in options["alignment"].covariates if name != YES_SAYING]
    require_known(study, (*options["groups"].by, *covariates))
