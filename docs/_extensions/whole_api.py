"""Warns of a public name that no page of the reference describes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sphinx.util import logging

PACKAGES = ("vaar", "vaar.sem")


def _check(app: Any, env: Any) -> None:
    described = set(env.domains["py"].data["objects"])
    for package in PACKAGES:
        module = import_module(package)
        for name in module.__all__:
            if name.startswith("__") or described & {f"{package}.{name}", _home(module, name)}:
                continue
            logging.getLogger(__name__).warning("%s.%s is on no page of docs/api", package, name)


def _home(module: Any, name: str) -> str:
    found = getattr(module, name)
    return f"{getattr(found, '__module__', module.__name__)}.{getattr(found, '__name__', name)}"


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("env-check-consistency", _check)
    return {"parallel_read_safe": True}
