"""Asking whether a key may be sent to a host, and remembering the answer for this user."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import typer

from vaar.cli.console import err, notes
from vaar.respondents.allowed_hosts import remember
from vaar.respondents.base import Respondent
from vaar.respondents.key_safety import KeyRisk, key_risks


def allowed_hosts(
    respondents: Iterable[Respondent], given: Iterable[str], *, keys_elsewhere: bool = False
) -> tuple[str, ...]:
    """The hosts that may have a key; who sits at a terminal is asked about the others.

    Parameters
    ----------
    given : iterable of str
        Hosts that the command allows.
    keys_elsewhere : bool
        Whether other machines ask, whose environments hold the keys.
    """
    hosts = [host.lower() for host in given]
    risks = key_risks(respondents, keys_elsewhere=keys_elsewhere)
    if _at_terminal():
        for risk in risks:
            err.print(f"warning: {risk.told}.", style="bold yellow", markup=False, soft_wrap=True)
            if risk.host in hosts or typer.confirm(f"Send it to {risk.host}?", err=True):
                hosts.append(risk.host)
    _remember([risk for risk in risks if risk.host in hosts])
    return tuple(hosts)


def _at_terminal() -> bool:
    """Whether somebody can be asked; a process may have been started without these streams."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _remember(allowed: list[KeyRisk]) -> None:
    """Say what is remembered and where, so that it can be taken back."""
    path = remember(risk.permission for risk in allowed) if allowed else None
    for risk in allowed if path else ():
        notes.print(
            f"remembered for you in {path}: the key in {risk.variable} may be sent to {risk.host}",
            markup=False,
            soft_wrap=True,
        )
