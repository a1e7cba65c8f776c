"""A preregistration: the study, its hypotheses, the options of every analysis, and the numbers.

It is a JSON file that can be deposited before anything is asked. Its digest finds careless edits;
it has no key and stops no forger: where that matters, deposit the file where it is dated.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from vaar.analyses.options import plain
from vaar.analyses.registry import known
from vaar.analyses.settings import Settings, in_force
from vaar.errors import DataError
from vaar.files.plain import open_plain
from vaar.files.strict_json import read_object
from vaar.pipeline.plan import RunPlan, check_options
from vaar.pipeline.provenance import now

FORMAT = 1
_WHOLE = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class RegisteredHypothesis:
    """A path with the sign that it has in people, and its weight in the rate."""

    __pydantic_config__: ClassVar[ConfigDict] = _WHOLE

    path: str
    sign: str
    weight: float


@dataclass(frozen=True)
class Registration:
    """What was settled.

    Attributes
    ----------
    written : str
        When, UTC.
    vaar : str
        Version of this package.
    study, title : str
        Name and title of the study.
    identity : mapping
        What makes two runs one: hash of the study, respondents, sessions of each and condition,
        seed, and what is sent beside the conversation.
    hypotheses : tuple of RegisteredHypothesis
    people : str
        SHA-256 of the file of people's answers; empty where there is to be none.
    options : mapping of str to mapping
        The options in force, of the grouping and of every analysis.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _WHOLE

    written: str
    vaar: str
    study: str
    title: str
    identity: Mapping[str, Any]
    hypotheses: tuple[RegisteredHypothesis, ...]
    people: str
    options: Mapping[str, Mapping[str, Any]]

    @property
    def digest(self) -> str:
        """SHA-256 of all."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> str:
        """The text of its file."""
        content = {"format": FORMAT, **asdict(self), "digest": self.digest}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def register(settled: RunPlan, given: Settings, human: Path | None = None) -> Registration:
    """Settle what a plan asks and how it will be analysed.

    Parameters
    ----------
    given : mapping
        Options that replace the study's and the package's, by analysis.
    human : Path, optional
        The file of people's answers that will be the reference.

    Raises
    ------
    OptionError
        There is no such analysis or option, or a value is not allowed.
    DataError
        The file of people cannot be read, or there is no such factor.
    """
    study = settled.study
    check_options(given, study)
    options = in_force(known(), study.analyses, given)
    return Registration(
        written=now(),
        vaar=version("vaar"),
        study=study.name,
        title=study.title,
        identity=json.loads(json.dumps(settled.identity)),
        hypotheses=tuple(
            RegisteredHypothesis(h.path, "+" if h.sign > 0 else "-", float(h.weight))
            for h in study.hypotheses
        ),
        people=people_digest(human),
        options={name: plain(own) for name, own in options.items()},
    )


def people_digest(human: Path | None) -> str:
    """SHA-256 of a file of people's answers; empty for none."""
    if human is None:
        return ""
    try:
        with open(open_plain(human), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{human}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise DataError(f"{human}: cannot be read ({error}). Give a file.") from error


def read_registration(path: Path) -> Registration:
    """Read a preregistration, whole and as it was written.

    Raises
    ------
    DataError
        There is no such file, it is none, or it was edited after it was written.
    """
    try:
        content = read_object(path)
    except FileNotFoundError as error:
        raise DataError(f"{path}: there is no such file; `vaar study freeze` writes one") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: is no preregistration ({error})") from error
    if content.pop("format", None) != FORMAT:
        raise DataError(
            f"{path}: is no preregistration of format {FORMAT}; `vaar study freeze` writes one"
        )
    digest = content.pop("digest", None)
    try:
        found = TypeAdapter(Registration).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DataError(f"{path}: is no preregistration ({where}: {first['msg']})") from error
    if found.digest != digest:
        raise DataError(
            f"{path}: was changed after it was written: what it holds is not what its digest says. "
            "Restore it from where it was deposited."
        )
    return found
