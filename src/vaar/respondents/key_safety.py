"""Where a key may travel unasked: to known hosts, over connections that others cannot read.

Texts that name a model or an address hold no key, and may be shown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from vaar.errors import RespondentError
from vaar.respondents.allowed_hosts import Permission, remembered
from vaar.respondents.base import Respondent
from vaar.respondents.http.endpoint import Endpoint, is_loopback
from vaar.respondents.http.registry import HTTP_PROVIDERS
from vaar.respondents.wire.key_forms import SHORTEST_SECRET_PART, holds_key
from vaar.respondents.wire.redaction import looks_like_key, withhold

_LONGEST_WORD = 16


@dataclass(frozen=True)
class KeyRisk:
    """A host to which a key would be sent that nobody has allowed.

    Attributes
    ----------
    name : str
        The respondent's.
    why : str
        What may become of the key, as the end of a sentence.
    variable : str
        The environment variable that holds the key.
    way : str
        ``plain http`` or ``models file``.
    """

    name: str
    host: str
    why: str
    variable: str
    way: str

    @property
    def permission(self) -> Permission:
        """What allows it."""
        return Permission(self.host, self.variable, self.way)

    @property
    def told(self) -> str:
        """In a sentence."""
        return f"{self.name}: {self.why}"


def key_risks(
    respondents: Iterable[Respondent],
    allowed: Collection[str] = (),
    *,
    keys_elsewhere: bool = False,
) -> list[KeyRisk]:
    """The hosts to which keys would be sent, but should not unasked.

    Parameters
    ----------
    allowed : collection of str
        Hosts that are allowed, beside those that the user has allowed before for the same key.
    keys_elsewhere : bool
        Whether other machines ask, whose environments hold the keys.
    """
    endpoints = (getattr(respondent, "endpoint", None) for respondent in respondents)
    found = (_risk(e, keys_elsewhere) for e in endpoints if isinstance(e, Endpoint))
    before = remembered()
    return [
        risk
        for risk in found
        if risk is not None and risk.host not in allowed and risk.permission not in before
    ]


def require_allowed(
    respondents: Iterable[Respondent], allowed: Collection[str], *, keys_elsewhere: bool = False
) -> None:
    """Refuse to send a key where that has not been allowed.

    Raises
    ------
    RespondentError
    """
    if risks := key_risks(respondents, allowed, keys_elsewhere=keys_elsewhere):
        hosts = " ".join(f"--allow-host {host}" for host in dict.fromkeys(r.host for r in risks))
        told = "\n".join(risk.told for risk in risks)
        raise RespondentError(
            f"{told}\nNothing was sent. If that is meant, add {hosts} (in Python allow_hosts=…); "
            "else correct the address."
        )


def _risk(endpoint: Endpoint, keys_elsewhere: bool) -> KeyRisk | None:
    host = (urlsplit(endpoint.address).hostname or "").lower()
    variable = endpoint.key_variable
    if is_loopback(endpoint.address) or not (keys_elsewhere or os.environ.get(variable, "")):
        return None
    if urlsplit(endpoint.address).scheme == "http":
        why = f"the key in {variable} would travel to {host} over plain http, readable on the way"
        return KeyRisk(endpoint.name, host, why, variable, "plain http")
    if endpoint.from_file and host not in _known_hosts():
        why = f"a models file sends the key in {variable} to {host}, which is none of the providers"
        return KeyRisk(endpoint.name, host, why, variable, "models file")
    return None


def _known_hosts() -> set[str]:
    addresses = (provider.base_url for provider in HTTP_PROVIDERS.values())
    return {urlsplit(address).hostname or "" for address in addresses if address}


def refuse_keys(what: str, text: str) -> None:
    """Refuse a name or an address that holds a key, without showing it.

    A key is what has the published form of one, or what a provider's variable holds.

    Raises
    ------
    RespondentError
    """
    if looks_like_key(text) or any(holds_key(text, key) for key in _known_keys()):
        raise RespondentError(
            f"{what} holds what looks like a key, and would be shown wherever the model is named. "
            "Put the key into the environment variable of its provider, and leave it out here"
        )


def refuse_own_key(endpoint: Endpoint) -> None:
    """Refuse an endpoint whose key stands where it would be shown or stored, without showing it.

    Raises
    ------
    RespondentError
    """
    refuse_keys("the name of a model", f"{endpoint.name} {endpoint.model}")
    key = os.environ.get(endpoint.key_variable, "").strip()
    if not _is_secret(key):
        return
    body = json.dumps(dict(endpoint.options.extra_body), default=str)
    pairs = (*endpoint.headers.items(), *endpoint.query.items())
    told = (*endpoint.options.omit, *(part for pair in pairs for part in pair))
    named = (endpoint.name, endpoint.model, endpoint.address, endpoint.key_header)
    if any(holds_key(text, key) for text in (*named, body, *told)):
        raise RespondentError(
            f"a model of the provider {endpoint.provider.name} has the key in "
            f"{endpoint.key_variable} in its name, its address or what is sent, where it would be "
            "shown and stored. Leave it out there; it is sent in its header"
        )


def without_known_keys(text: str) -> str:
    """A text without the keys that the variables of the providers hold."""
    for key in _known_keys():
        text = withhold(text, key)
    return text


def _known_keys() -> list[str]:
    variables = {provider.key_env for provider in HTTP_PROVIDERS.values() if provider.key_env}
    keys = (os.environ.get(variable, "").strip() for variable in variables)
    return [key for key in keys if _is_secret(key)]


def _is_secret(key: str) -> bool:
    """Whether a key is no short word, as servers on one's own machines are given."""
    return len(key) >= _LONGEST_WORD or (
        len(key) >= SHORTEST_SECRET_PART and any(map(str.isdigit, key))
    )
