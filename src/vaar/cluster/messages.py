"""What the driver of a run and its workers tell each other."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from vaar.respondents.base import Respondent
from vaar.respondents.resolve import resolve
from vaar.sessions.records import Session, Status, Turn
from vaar.study.model import Study


@dataclass(frozen=True)
class Recipe:
    """What a worker makes its respondents from, and asks of them: no files, no keys.

    Attributes
    ----------
    models : tuple of (str, str or None)
        Each as given to ``--model``; of a models file, its content too.
    base_url : str or None
        Endpoint of models that name none, as the driver sees it.
    distributions : bool
        Whether the probabilities of all answers are asked for.
    """

    models: tuple[tuple[str, str | None], ...]
    base_url: str | None
    distributions: bool = False

    @classmethod
    def of(
        cls, models: Sequence[str | Path], base_url: str | None, distributions: bool = False
    ) -> Recipe:
        """Write down what the driver itself made its respondents from."""
        given = tuple((str(model), _content(str(model))) for model in models)
        return cls(given, base_url or os.environ.get("OPENAI_BASE_URL"), distributions)

    def respondents(self, study: Study) -> dict[str, Respondent]:
        """Make the respondents, by name; each takes its key from this machine's environment."""
        with TemporaryDirectory() as directory:
            names = [
                name if content is None else _stored(content, Path(directory) / f"{number}.yaml")
                for number, (name, content) in enumerate(self.models)
            ]
            return {r.name: r for r in resolve(names, study, self.base_url)}


def _content(model: str) -> str | None:
    is_file = model.endswith((".yaml", ".yml"))
    return Path(model).read_text(encoding="utf-8") if is_file else None


def _stored(content: str, path: Path) -> str:
    path.write_text(content, encoding="utf-8")
    return str(path)


@dataclass(frozen=True)
class Order:
    """From driver to worker: what the last report held is durable; and what to do now.

    Attributes
    ----------
    sessions : tuple of (Session, tuple of Turn)
        To begin, each with the replies that it has already.
    stop : str
        Why nothing further is to be asked; empty while it is.
    """

    sessions: tuple[tuple[Session, tuple[Turn, ...]], ...] = ()
    stop: str = ""


@dataclass(frozen=True)
class Report:
    """From worker to driver: what has come since the last report.

    Attributes
    ----------
    turns : tuple of Turn
        Replies; their sessions wait until the next order says that they are durable.
    ends : tuple of (int, Status, str or None)
        Sessions that ended, and how; they wait likewise.
    left : tuple of int
        Sessions that the worker has done with, ended or not.
    halted : dict
        Respondents to which no call can succeed, and why.
    capacity : dict
        How many conversations each respondent takes here side by side.
    faults : dict
        Calls that did not succeed, by respondent and kind.
    adaptations : dict
        What servers were found to refuse, by respondent.
    """

    turns: tuple[Turn, ...]
    ends: tuple[tuple[int, Status, str | None], ...]
    left: tuple[int, ...]
    halted: dict[str, str]
    capacity: dict[str, int]
    faults: dict[str, Counter[str]] = field(default_factory=dict)
    adaptations: dict[str, list[dict[str, str]]] = field(default_factory=dict)
