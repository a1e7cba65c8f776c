"""An Inspect log of a vaar study, read back. Everything in a log is text of others."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from vaar.errors import LogError, StudyError
from vaar.inspect_bridge.keys import quoted, without_keys
from vaar.inspect_bridge.records import KEY, SaidRecord, StudyRecord, sample_metadata
from vaar.inspect_bridge.unpacked import DamagedPartError, require_shallow, unpacked_size
from vaar.respondents.inspect_models.conversion import THROUGH_INSPECT
from vaar.respondents.key_safety import refuse_keys
from vaar.sessions.plan import plan_sessions
from vaar.sessions.records import Session, Status, Turn
from vaar.sessions.replay import replay
from vaar.sessions.seeds import SeedRule
from vaar.study.dump import study_hash
from vaar.study.load import load_study
from vaar.study.model import Study

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

Record = TypeVar("Record", bound=BaseModel)

SUFFIXES = (".eval", ".json")
SURELY_READ = 256 * 2**20
"""Bytes that a log may unpack to, however small it is."""

MOST_PACKED = 100
"""How many times its size a larger log may unpack to; a conversation packs to a tenth or so."""

SURELY_PLANNED = 100_000
"""Sessions in each condition that a log may tell of, however few samples it holds."""

MOST_PLANNED = 100
"""How many times its samples a larger log may tell of: what an eval that died had still to ask."""

_Plan = Mapping[tuple[str, int], Session]

_NOT_NEEDED = {"messages", "events", "attachments", "timelines", "error_retries"}
_SAMPLING = (
    *("temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty"),
    *("reasoning_effort", "reasoning_tokens"),
)
_CANCELLED = ("CancelledError(", "Cancelled(")
_ALLOWED = "Give logs of `inspect eval vaar/privacy_prosocial`, as Inspect wrote them"


@dataclass(frozen=True)
class LoggedSession:
    """One sample of a log.

    Attributes
    ----------
    session : Session
        As it was planned; its number is that of the log.
    status : {'complete', 'failed', 'pending'}
    reason : str or None
        Why it failed.
    turns : tuple of Turn
        What was said before it ended.
    """

    session: Session
    status: Status
    reason: str | None
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class StudyLog:
    """One log of a vaar study.

    Attributes
    ----------
    hash : str
        Of the study.
    sessions, seed : int
        Of the plan, as given to the task.
    seed_rule : {'turn', 'session'}
        Whether every turn has a seed of its own.
    model : str
        As Inspect names it: ``PROVIDER/MODEL``.
    name : str
        The respondent's.
    logged : tuple of LoggedSession
        The samples that are in the log; a plan may hold more.
    origin : dict
        Where it came from, for ``run.json``.
    """

    path: Path
    study: Study
    hash: str
    sessions: int
    seed: int
    seed_rule: SeedRule
    model: str
    name: str
    logged: tuple[LoggedSession, ...]
    origin: dict[str, Any]


def read_study_log(path: Path, name: str | None = None) -> StudyLog:
    """Read one log.

    Parameters
    ----------
    path : Path
        A file ending in ``.eval`` or ``.json``.
    name : str, optional
        The respondent's name; by default ``inspect/PROVIDER/MODEL``.

    Raises
    ------
    LogError
        It is no log of a vaar study, is damaged, or holds what a study has not asked.
    """
    log = _read(path)
    record = _study_record(log, path)
    study = _study(record, path)
    if (log.eval.config.epochs or 1) > 1:
        raise _epochs(path, log.eval.config.epochs)
    model = log.eval.model
    named = name or THROUGH_INSPECT + model
    refuse_keys(f"{path}: the name of its model (--name gives another)", named)
    _require_samples(log, record, path)
    planned = plan_sessions(study, [named], record.sessions, record.seed, record.seed_rule)
    plan = {(session.condition, session.replicate): session for session in planned}
    samples = [_logged(sample, study, plan, path) for sample in log.samples or ()]
    return StudyLog(
        path=path,
        study=study,
        hash=record.study_hash,
        sessions=record.sessions,
        seed=record.seed,
        seed_rule=record.seed_rule,
        model=model,
        name=named,
        logged=tuple(samples),
        origin=dict(_origin(log, record, path)),
    )


def _read(path: Path) -> EvalLog:
    if not path.is_file():
        raise LogError(f"{path}: there is no such file. {_ALLOWED}")
    if path.suffix not in SUFFIXES:
        raise LogError(f"{path}: is named neither .eval nor .json. {_ALLOWED}")
    _require_bounded(path)
    try:
        from inspect_ai.log import read_eval_log
    except ImportError as error:
        raise LogError(
            f"{path}: reading it needs Inspect AI, which is not installed ({error}). Install it: "
            "pip install 'vaar[inspect]'"
        ) from None
    try:
        return read_eval_log(path.absolute(), exclude_fields=_NOT_NEEDED)
    except Exception as error:  # whatever a damaged file makes Inspect, zip or JSON say
        raise LogError(
            f"{path}: cannot be read as an Inspect log "
            f"({type(error).__name__}: {quoted(str(error))}). {_ALLOWED}; restore a damaged "
            "one from a copy"
        ) from error


def _require_bounded(path: Path) -> None:
    """Refuse a log that unpacks to more than any log of its size does, or is damaged unseen."""
    packed = path.stat().st_size
    most = max(SURELY_READ, MOST_PACKED * packed)
    try:
        if path.suffix == ".json":
            require_shallow(path.read_bytes(), "it")
            return
        with zipfile.ZipFile(path) as archive:
            unpacked = unpacked_size(archive, most)
    except DamagedPartError as error:
        raise LogError(f"{path}: {quoted(str(error))}. Restore it from a copy") from None
    except (OSError, zipfile.BadZipFile, RuntimeError, ImportError):
        return  # of the other kind, or damaged, or nothing can read it: told on reading
    if unpacked > most:
        raise LogError(
            f"{path}: has {packed / 1e6:.1f} MB and unpacks to more than {most / 1e6:,.0f} MB, "
            "which no log of Inspect does. Restore it from a copy"
        )


def _require_samples(log: EvalLog, record: StudyRecord, path: Path) -> None:
    """Refuse a log without samples, or with so few that its sessions would fill memory first."""
    there = len(log.samples or ())
    if not there:
        raise LogError(
            f"{path}: holds no sample. Run the eval with its samples in the log (without "
            "--no-log-samples), and import it when the first has ended"
        )
    if record.sessions > max(SURELY_PLANNED, MOST_PLANNED * there):
        raise LogError(
            f"{path}: tells of {record.sessions:,} sessions in each condition and holds {there:,}, "
            "which no eval leaves behind. Restore it from a copy, or import it when more have ended"
        )


def _study_record(log: EvalLog, path: Path) -> StudyRecord:
    held = (log.eval.metadata or {}).get(KEY)
    if held is None:
        task = quoted(log.eval.task)
        raise LogError(
            f"{path}: is the log of another task ({task}), not of a vaar study. {_ALLOWED}"
        )
    return _checked(StudyRecord, held, f"{path}: the study in its metadata")


def _study(record: StudyRecord, path: Path) -> Study:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "study.yaml"
        file.write_text(record.study, encoding="utf-8", errors="replace")
        try:
            study = load_study(file, asked=True)
        except StudyError as error:
            said = str(error).replace(str(file), "study.yaml")
            raise LogError(f"{path}: the study in its metadata cannot be read: {said}") from None
    if study_hash(study) != record.study_hash:
        raise LogError(
            f"{path}: the study in its metadata is not the one that its hash names. The log was "
            "changed after it was written, or a version of vaar wrote it that reads studies "
            f"otherwise ({quoted(record.vaar_version)}): import it with that one"
        )
    return study


def _logged(sample: EvalSample, study: Study, plan: _Plan, path: Path) -> LoggedSession:
    where = f"{path}: sample {quoted(str(sample.id))}"
    if sample.epoch != 1:
        raise _epochs(path, sample.epoch)
    session = _planned(sample, plan, where)
    if sample.invalidation is not None:
        return LoggedSession(session, "pending", None, ())
    if KEY not in sample.store and sample.error is None:
        raise LogError(
            f"{where} holds no replies of vaar. Leave the task's own solver in place (no --solver)"
        )
    said = _checked(SaidRecord, sample.store.get(KEY, {}), where)
    turns = tuple(turn.in_session(session.number) for turn in said.turns)
    whole = _is_whole(study, session, turns, where)
    return LoggedSession(session, *_ended(sample, said.reason, whole), without_keys(turns))


def _planned(sample: EvalSample, plan: _Plan, where: str) -> Session:
    """The session of the plan that a sample is, and says to be in every detail."""
    said = sample.metadata
    planned = plan.get((str(said.get("condition")), _whole_number(said.get("replicate"))))
    if planned is None or any(said.get(k) != v for k, v in sample_metadata(planned).items()):
        raise LogError(
            f"{where} is not a session of the plan that stands in the log. The log was changed, or "
            "another version of vaar planned it: import it with the one in its metadata"
        )
    return planned


def _whole_number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _is_whole(study: Study, session: Session, turns: tuple[Turn, ...], where: str) -> bool:
    kept, whole = replay(study, session, turns, by_the_rules=True)
    if kept < len(turns):
        stray = turns[kept]
        raise LogError(
            f"{where} holds turn {stray.turn}, attempt {stray.attempt}, where the study asks "
            "something else. The log was changed, or written under other coding rules: import it "
            "with the version of vaar in its metadata"
        )
    return whole


def _ended(sample: EvalSample, reason: str, whole: bool) -> tuple[Status, str | None]:
    if reason:
        return "failed", quoted(reason)
    if whole:
        return "complete", None
    if sample.limit is not None:
        return "failed", f"limit: {sample.limit.limit:g} of Inspect ({sample.limit.type})"
    if sample.error is not None and not sample.error.message.startswith(_CANCELLED):
        return "failed", f"inspect_error: {quoted(sample.error.message)}"
    return "pending", None


def _checked(record: type[Record], held: object, where: str) -> Record:
    try:
        return record.model_validate(held)
    except ValidationError as error:
        raise LogError(
            f"{where} is damaged, or of another version of vaar: {_first(error)}"
        ) from None


def _first(error: ValidationError) -> str:
    finding = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in finding["loc"]) or "all of it"
    return quoted(f"{place}: {finding['msg']}")


def _epochs(path: Path, epochs: int | None) -> LogError:
    return LogError(
        f"{path}: was run in {epochs} epochs, and a session is asked once. Run the eval without "
        "--epochs; -T sessions=N says how many sessions there are"
    )


def _origin(log: EvalLog, record: StudyRecord, path: Path) -> Iterator[tuple[str, Any]]:
    yield "file", path.name
    with path.open("rb") as file:
        yield "sha256", hashlib.file_digest(file, "sha256").hexdigest()
    yield "status", log.status
    for name in ("eval_id", "run_id", "created", "model"):
        yield name, quoted(str(getattr(log.eval, name)))
    sampling = ((name, getattr(log.plan.config, name)) for name in _SAMPLING)
    yield "sampling", {name: value for name, value in sampling if value is not None}
    yield "inspect_ai", quoted(str(log.eval.packages.get("inspect_ai", "")))
    yield "vaar", quoted(record.vaar_version)
    yield "started", quoted(str(log.stats.started_at))
    yield "completed", quoted(str(log.stats.completed_at))
