"""A models file: a YAML list of the respondents of a run and how each is reached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from vaar.errors import StudyError
from vaar.respondents.http.dialects.anthropic import HOTTEST
from vaar.respondents.http.endpoint import (
    ATTEMPTS,
    OPENAI_BASE_URL,
    TIMEOUT,
    MaxTokensField,
    Structured,
    url_problem,
)
from vaar.respondents.local.model_config import AUTO, DEVICES, Dtype
from vaar.respondents.price import Price
from vaar.respondents.simulated.populations import POPULATIONS, SIMULATED
from vaar.study.explain import explain
from vaar.study.schema import Entry, Text
from vaar.study.source.files import read_document
from vaar.study.source.issues import raise_together, suggestion
from vaar.study.source.yaml_lines import Document
from vaar.vocabulary import HUMAN

Provider = Literal["openai", "anthropic", "google", "hf", "inspect"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)


def _address(base_url: str) -> str:
    if problem := url_problem(base_url):
        raise ValueError(
            f"{problem}; write an address such as http://127.0.0.1:8000/v1 or {OPENAI_BASE_URL}"
        )
    return base_url


def _structured(value: Any) -> Structured:
    if value is True or value is False:
        return "always" if value else "never"
    if value == "auto":
        return "auto"
    raise ValueError("is none of true, false and auto; write one of them")


class PriceEntry(Entry):
    """What a model's tokens cost: money per million tokens."""

    input: float = Field(ge=0, allow_inf_nan=False, description="Tokens sent.")
    output: float = Field(ge=0, allow_inf_nan=False, description="Tokens received.")
    cached: float | None = Field(
        None,
        ge=0,
        allow_inf_nan=False,
        description="Tokens sent that the provider had cached; as input if left out.",
    )
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(
        "USD", description="Code of the currency."
    )

    def as_price(self) -> Price:
        """The price that is written."""
        cached = self.input if self.cached is None else self.cached
        return Price(self.input, self.output, cached, self.currency)


class ModelEntry(Entry):
    """One respondent of a models file."""

    name: Annotated[Text, StringConstraints(max_length=100)] = Field(
        description="The respondent's name in every table; unique."
    )
    provider: Provider | None = Field(
        None, description="How it is reached; as the name begins, else openai, if left out."
    )
    base_url: Annotated[str, AfterValidator(_address)] | None = Field(
        None, description="Address below which the services lie; the provider's own if left out."
    )
    api_key_env: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = (
        Field(
            None, description="Environment variable that holds the key; the provider's if left out."
        )
    )
    model: Text | None = Field(
        None, description="Model id that the server knows, or path; the name without its provider."
    )
    temperature: float | None = Field(
        None, ge=0, le=2, description="Sent instead of the study's temperature."
    )
    max_tokens_field: MaxTokensField = Field(
        "max_tokens", description="What the server calls the ceiling on a reply's tokens."
    )
    structured: Annotated[Any, AfterValidator(_structured)] = Field(
        "auto",
        description="Send a JSON schema for block replies: true, false, or auto (until refused).",
    )
    concurrency: int | None = Field(
        None, ge=1, description="Most calls in flight; as many as the server takes if left out."
    )
    timeout: float = Field(TIMEOUT, gt=0, le=3600, description="Seconds that one call may take.")
    attempts: int = Field(ATTEMPTS, ge=1, le=20, description="Most calls for one reply.")
    price: PriceEntry | None = Field(None, description="Money per million tokens.")
    device: Annotated[str, StringConstraints(pattern=DEVICES)] = Field(
        AUTO, description="What a model on this machine runs on: auto, cpu, mps, cuda or cuda:1."
    )
    dtype: Dtype = Field("auto", description="The numbers that a model on this machine takes.")
    batch: int = Field(
        16, ge=1, description="Most conversations in one pass of a model on this machine."
    )

    @property
    def asked_price(self) -> Price | None:
        """What its tokens cost; None where that is not written."""
        return None if self.price is None else self.price.as_price()

    @property
    def reached_by(self) -> Provider:
        """The provider that is written, else that of the name's prefix, else ``'openai'``."""
        prefix = next((p for p in PROVIDERS if self.name.startswith(f"{p}/")), PROVIDERS[0])
        return self.provider or prefix

    @property
    def served(self) -> str:
        """The model id that is written, else the name without its provider's prefix."""
        return self.model or self.name.removeprefix(f"{self.reached_by}/")


_LOCAL = {"device", "dtype", "batch"}
_ENDPOINT = {
    *("base_url", "api_key_env", "max_tokens_field", "structured"),
    *("concurrency", "timeout", "attempts", "price"),
}
_IDLE: dict[Provider, set[str]] = {
    "openai": _LOCAL,
    "anthropic": {*_LOCAL, "max_tokens_field"},
    "google": {*_LOCAL, "max_tokens_field"},
    "hf": _ENDPOINT,
    "inspect": {*_LOCAL, "max_tokens_field"},
}


class ModelsFile(Entry):
    """The file: entries are validated one by one, so that each problem has its place."""

    models: list[dict[str, Any]] = Field(min_length=1)


def read_models_file(path: Path) -> list[ModelEntry]:
    """Read a models file.

    Raises
    ------
    StudyError
        With file, line, what was found, what is allowed and what to do; several problems are told
        together.
    """
    document = read_document(path)
    try:
        count = len(ModelsFile.model_validate(document.data).models)
    except ValidationError as error:
        raise_together(explain(error, document, ModelsFile))
        raise
    problems: list[StudyError] = []
    entries: list[ModelEntry] = []
    for part in (_part(document, position) for position in range(count)):
        try:
            entries.append(ModelEntry.model_validate(part.data))
        except ValidationError as error:
            problems += explain(error, part, ModelEntry)
    raise_together(problems or list(_wrong_names(entries, document)))
    return entries


def _part(document: Document, position: int) -> Document:
    """One entry as a document of its own, with its lines in the file."""
    root = ("models", position)
    lines = {place[2:]: n for place, n in document.lines.items() if place[:2] == root}
    written = {place[2:]: text for place, text in document.written.items() if place[:2] == root}
    return Document(document.file, document.data["models"][position], lines, written)


def _wrong_names(entries: list[ModelEntry], document: Document) -> Iterator[StudyError]:
    names = [entry.name for entry in entries]
    for i, entry in enumerate(entries):
        problem = _wrong_simulation(entry) or _wrong_keys(entry) or _too_hot(entry)
        if entry.name == HUMAN:
            problem = f'the name "{HUMAN}" is kept for people\'s answers; choose another'
        if entry.name in names[:i]:
            problem = f'the name "{entry.name}" stands here again; a run needs each name once'
        if problem:
            yield document.problem(problem, "models", i, "name")


def _wrong_keys(entry: ModelEntry) -> str | None:
    """Keys that say nothing about a respondent of this kind, and would be passed over."""
    idle = sorted(entry.model_fields_set & _IDLE[entry.reached_by])
    if not idle:
        return None
    return (
        f'"{entry.name}" is reached by provider {entry.reached_by}, which has no '
        f"{', '.join(idle)}; remove {'it' if len(idle) == 1 else 'them'}, or write another provider"
    )


def _too_hot(entry: ModelEntry) -> str | None:
    if entry.reached_by != "anthropic" or (entry.temperature or 0.0) <= HOTTEST:
        return None
    return (
        f'"{entry.name}" is reached by provider anthropic, which takes temperatures from 0 to '
        f"{HOTTEST:g}, not {entry.temperature:g}; write one of them"
    )


def _wrong_simulation(entry: ModelEntry) -> str | None:
    if not entry.name.startswith(SIMULATED):
        return None
    known = [SIMULATED + name for name in POPULATIONS]
    if entry.name not in known:
        hint = suggestion(entry.name, known)
        return f'no population "{entry.name}"{hint}; allowed are {", ".join(known)}'
    if entry.model_fields_set != {"name"}:
        return (
            f'"{entry.name}" is simulated in process and takes no further keys; remove them, or '
            f"give an endpoint a name that does not begin with {SIMULATED}"
        )
    return None
