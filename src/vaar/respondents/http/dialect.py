"""How one family of servers is asked, and what one provider of that family does differently."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.choosing.enum_forms import CHAT_SCHEMA, EnumForm
from vaar.respondents.wire.messages import SystemRole

LogprobsForm = Literal["openai", "together", "none"]


class UnusableReplyError(ValueError):
    """The JSON holds no reply. The message says what is missing, in words that are safe to show."""


@dataclass(frozen=True)
class Form:
    """How calls to one model are made now: what its options ask for and its server takes.

    Attributes
    ----------
    model : str
        The id that the server knows.
    options : CallOptions
    temperature : float or None
        None: not sent.
    ceiling : int
        On the tokens of a reply, thoughts included.
    ceiling_field, seed_field : str
        What the server calls the ceiling and the seed; the latter is empty where none is sent.
    seed : object
        What stands where the seed does.
    schema : dict or None
        JSON schema of the reply; None: not sent.
    logprobs : {'openai', 'together', 'none'}
        Form in which probabilities of tokens are asked for.
    top_logprobs : int
        Of how many tokens; 0: of none.
    system : {'system', 'developer', 'user'}
        Role in which the system message is sent.
    thoughts_field : str
        What a message's earlier thoughts are called where they are sent again; empty: they are not.
    choices : tuple of str
        The answers of which the reply is to be one; empty where it is written freely.
    drawn : bool
        Whether only the probabilities of the first token are wanted, to draw the answer from.
    """

    model: str
    options: CallOptions
    temperature: float | None
    ceiling: int
    ceiling_field: str
    seed_field: str
    seed: object
    schema: Mapping[str, Any] | None
    logprobs: LogprobsForm
    top_logprobs: int
    system: SystemRole
    thoughts_field: str = ""
    choices: tuple[str, ...] = ()
    drawn: bool = False


class Dialect(Protocol):
    """How one family of servers is asked, and what its answers mean.

    A dialect opens no connection and holds no state. Whatever a server sends is hostile:
    :meth:`reply` raises nothing but :class:`UnusableReplyError`, the others nothing at all.

    Attributes
    ----------
    models_path : str
        Where the server lists its models, below the base URL.
    """

    models_path: str

    def path(self, model: str) -> str:
        """Where a turn is asked, below the base URL: ``'chat/completions'``."""
        ...

    def fields(self, form: Form) -> dict[str, Any]:
        """The body that asks for one turn, without the conversation."""
        ...

    def conversation(self, messages: Sequence[Message], form: Form) -> str:
        """The conversation as members of the body, in JSON without the braces around them."""
        ...

    def reply(self, payload: object, request: Request, latency: float) -> Reply:
        """The reply in the server's JSON to a call that succeeded.

        Raises
        ------
        UnusableReplyError
            It holds none.
        """
        ...

    def model_ids(self, payload: object) -> list[str]:
        """The ids in the server's list of models."""
        ...


@dataclass(frozen=True)
class Ignored:
    """A field that servers take without an error, and do nothing with.

    Attributes
    ----------
    field : str
        Its name in the body, with dots where it lies deeper.
    because : str
        Which models, and who says so.
    applies : callable
        Whether it is so for a model and its options.
    """

    field: str
    because: str
    applies: Callable[[str, CallOptions], bool] = lambda model, options: True


@dataclass(frozen=True)
class Provider:
    """One provider, or one kind of server: what it does in its own way within its dialect.

    Attributes
    ----------
    name : str
        How the names of its models begin, and what a models file calls it.
    dialect : Dialect
    base_url : str
        Its address, or the one that such a server usually has.
    any_address : bool
        Whether its users have addresses of their own: then ``--base-url`` is for it too.
    needs_key : bool
        Whether it wants a key wherever it is not on this machine.
    key_env : str
        Environment variable that holds the key, unless a models file names another.
    key_header : str
        Header that the key travels in; in ``Authorization`` as a bearer token.
    headers : mapping of str to str
        Sent with every call.
    ceiling_field, seed_field : str
        What it calls the ceiling on a reply and the seed; the latter is empty where it has none.
    thoughts_field : str
        What it calls a message's thoughts; empty where none can be sent.
    seeds : int
        Seeds are sent modulo this.
    plain : mapping
        What switches off all that would narrow the model's own probabilities.
    reasoning : callable
        From a model and its options to the fields that say how much it is to think.
    routing : callable
        From the options to the fields that say whom a gateway may pass the call on to.
    logprobs : {'openai', 'together', 'none'}
        The form in which it tells probabilities of tokens.
    most_logprobs : int
        Of how many tokens it tells them at most.
    enum_form : EnumForm or None
        How it is told that a reply is to be one of a few answers; None where it cannot be.
    ignored : tuple of Ignored
        What it is known to take and not to heed.
    thinking : str
        What to write in a models file about a model that thinks where it should answer.
    tells_cost : bool
        Whether replies say what they cost, in US dollars.
    hosts_path : str
        Where a gateway lists who serves a model, with ``{model}`` for its id; empty: nowhere.
    note : str
        What else its users should know; shown by ``vaar models list``.
    """

    name: str
    dialect: Dialect
    base_url: str = ""
    any_address: bool = False
    needs_key: bool = True
    key_env: str = "OPENAI_API_KEY"
    key_header: str = "Authorization"
    headers: Mapping[str, str] = field(default_factory=dict)
    ceiling_field: str = "max_tokens"
    seed_field: str = "seed"
    thoughts_field: str = ""
    seeds: int = 2**63
    plain: Mapping[str, Any] = field(default_factory=dict)
    reasoning: Callable[[str, CallOptions], dict[str, Any]] = lambda model, options: {}
    routing: Callable[[CallOptions], dict[str, Any]] = lambda options: {}
    logprobs: LogprobsForm = "openai"
    most_logprobs: int = 20
    enum_form: EnumForm | None = CHAT_SCHEMA
    ignored: tuple[Ignored, ...] = ()
    thinking: str = ""
    tells_cost: bool = False
    hosts_path: str = ""
    note: str = ""
