"""One respondent of a models file: how it is reached and what it is sent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from vaar.respondents.http.call_options import CallOptions, Logprobs, MaxTokensField
from vaar.respondents.http.endpoint import ATTEMPTS, TIMEOUT
from vaar.respondents.http.registry import HTTP_PROVIDERS
from vaar.respondents.local.model_config import AUTO, DEVICES, PROBE_ACCURACY, Dtype
from vaar.respondents.models_file import values
from vaar.respondents.price import Price
from vaar.respondents.wire.messages import SystemRole
from vaar.study.schema.condition_entries import ShiftEntry
from vaar.study.schema.entry import Code, Entry, Text

PROVIDERS = (*HTTP_PROVIDERS, "hf", "gguf", "inspect")
"""Ways to reach a model, each the beginning of names."""

ROUTED = "openrouter"
"""The provider that passes calls on to others."""

Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class PriceEntry(Entry):
    """What a model's tokens cost: money per million tokens."""

    input: Money = Field(description="Tokens sent.")
    output: Money = Field(description="Tokens received.")
    cached: Money | None = Field(
        None, description="Tokens sent that the provider had cached; as input if left out."
    )
    cache_write: Money | None = Field(
        None, description="Tokens sent that it wrote to its cache; as input if left out."
    )
    reasoning: Money | None = Field(
        None, description="Tokens received as thoughts; as output if left out."
    )
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(
        "USD", description="Code of the currency."
    )

    def as_price(self) -> Price:
        """The price that is written."""
        return Price(
            self.input,
            self.output,
            self.input if self.cached is None else self.cached,
            self.currency,
            self.cache_write,
            self.reasoning,
        )


def _provider(value: Any) -> Any:
    if isinstance(value, dict) or value in PROVIDERS:
        return value
    raise ValueError(f"is none of the providers there are; write one of {', '.join(PROVIDERS)}")


class ModelEntry(Entry):
    """One respondent of a models file."""

    name: Annotated[Text, StringConstraints(max_length=100)] = Field(
        description="The respondent's name in every table; unique."
    )
    provider: Annotated[Any, BeforeValidator(_provider)] = Field(
        None,
        description="How it is reached; as the name begins, else openai, if left out. For "
        "OpenRouter also whom it may ask: {only: [NAME]}.",
    )
    base_url: Annotated[str, AfterValidator(values.address)] | None = Field(
        None, description="Address below which the services lie; the provider's own if left out."
    )
    query: Annotated[dict[str, str], AfterValidator(values.query)] = Field(
        default={}, description="Put behind every address, such as api-version."
    )
    api_key_env: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = (
        Field(
            None, description="Environment variable that holds the key; the provider's if left out."
        )
    )
    key_header: Annotated[str, AfterValidator(values.header_name)] | None = Field(
        None, description="Header that the key travels in; the provider's if left out."
    )
    extra_headers: Annotated[dict[str, str], AfterValidator(values.headers)] = Field(
        default={}, description="Further headers; no secrets."
    )
    model: Text | None = Field(
        None, description="Model id that the server knows, or path; the name without its provider."
    )
    temperature: float | None = Field(
        None, ge=0, le=2, description="Sent instead of the study's; null: none is sent."
    )
    top_p: float | None = Field(
        None, gt=0, le=1, description="Share of the probability that tokens are drawn from."
    )
    max_tokens: int | None = Field(
        None, ge=1, le=1_000_000, description="Ceiling on a reply's tokens; else the study's."
    )
    thinking_tokens: int | None = Field(
        None, ge=1, le=1_000_000, description="Room for thoughts on top of that ceiling."
    )
    reasoning_effort: Annotated[Any, AfterValidator(values.effort)] = Field(
        None, description="How much it is to think: none, low, … as the model takes it."
    )
    reasoning_history: Literal["drop", "keep"] = Field(
        "drop", description="Whether earlier thoughts are sent with the conversation."
    )
    extra_body: Annotated[dict[str, Any], AfterValidator(values.body)] = Field(
        default={}, description="Further fields of the body."
    )
    omit: list[Text] = Field(default=[], description="Fields to leave out of the body.")
    system: SystemRole = Field(
        "system",
        description="Role of the system message; user: put in front of the first question.",
    )
    seed: Literal["turn", "none"] = Field(
        "turn", description="Send a seed of its own with every turn, or none."
    )
    seed_field: Text | None = Field(None, description="What the server calls the seed.")
    service_tier: Text | None = Field(None, description="Class of service that is asked for.")
    logprobs: Logprobs = Field(
        "auto", description="Form in which probabilities are asked for: the provider's if auto."
    )
    max_tokens_field: MaxTokensField | None = Field(
        None, description="What the server calls the ceiling on a reply's tokens."
    )
    structured: Annotated[Any, AfterValidator(values.structured)] = Field(
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
    batch: int | None = Field(
        None,
        ge=1,
        description="Most conversations side by side in a model on this machine; hf: 16, gguf: 4.",
    )
    context: int | None = Field(
        None,
        ge=128,
        description="Most tokens of a conversation with a GGUF file; what it takes, at most 8192.",
    )

    shift: ShiftEntry | None = Field(
        None, description="Push its activations towards a value, or away from it; hf only."
    )
    value_pairs: dict[Code, Text] = Field(
        default={},
        description="CSV files with sentences of further values (columns positive, negative).",
    )
    probe_accuracy: float = Field(
        PROBE_ACCURACY,
        ge=0,
        lt=1,
        description="Held-out accuracy of a probe above which its layer is shifted.",
    )

    @property
    def asked_price(self) -> Price | None:
        """What its tokens cost; None where that is not written."""
        return None if self.price is None else self.price.as_price()

    @property
    def reached_by(self) -> str:
        """The provider that is written, else that of the name's prefix, else ``'openai'``."""
        if isinstance(self.provider, str):
            return self.provider
        if isinstance(self.provider, dict):
            return ROUTED
        prefix = self.name.partition("/")[0]
        return prefix if prefix in PROVIDERS and "/" in self.name else PROVIDERS[0]

    @property
    def served(self) -> str:
        """The model id that is written, else the name without its provider's prefix."""
        return self.model or self.name.removeprefix(f"{self.reached_by}/")

    @property
    def sends_temperature(self) -> bool:
        """Whether a temperature is sent: not where ``temperature: null`` is written."""
        return self.temperature is not None or "temperature" not in self.model_fields_set

    @property
    def call_options(self) -> CallOptions:
        """What is sent with every call."""
        return CallOptions(
            temperature=self.temperature,
            sends_temperature=self.sends_temperature,
            top_p=self.top_p,
            max_tokens=self.max_tokens,
            thinking_tokens=self.thinking_tokens,
            reasoning_effort=self.reasoning_effort,
            reasoning_history=self.reasoning_history,
            extra_body=self.extra_body,
            omit=tuple(self.omit),
            system=self.system,
            sends_seed=self.seed == "turn",
            seed_field=self.seed_field,
            routing=self.provider if isinstance(self.provider, dict) else None,
            service_tier=self.service_tier,
            logprobs=self.logprobs,
            max_tokens_field=self.max_tokens_field,
            structured=self.structured,
        )
