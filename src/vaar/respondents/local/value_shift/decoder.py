"""The blocks of any decoder, and what may be done to the stream that leaves each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from torch import nn

from vaar.errors import RespondentError

Change = Callable[[Any], Any]
"""From a block's residual stream, (rows, tokens, width), to the one that goes on."""

LAST_LEFT_OUT = 5
"""Blocks at the end of a model that are never shifted."""


def blocks(model: Any) -> Any:
    """The list of a decoder's blocks, in their order.

    It is the list of as many modules as the model's configuration says it has layers that lies
    nearest to the root.

    Raises
    ------
    RespondentError
        There is none.
    """
    wanted = model.config.get_text_config().num_hidden_layers
    lists = [
        (name.count("."), part)
        for name, part in model.named_modules()
        if isinstance(part, nn.ModuleList) and len(part) == wanted
    ]
    if not lists:
        raise RespondentError(
            f"{type(model).__name__} has no list of {wanted} blocks, so that its residual stream "
            "cannot be found; ask a plain decoder"
        )
    return min(lists, key=lambda pair: pair[0])[1]


def may_be_shifted(layers: int) -> range:
    """Positions of the blocks that may be shifted: all but the last five.

    In a model of fewer than twenty blocks it is the last quarter, rounded down, that is left out.
    """
    return range(layers - min(LAST_LEFT_OUT, layers // 4))


@contextmanager
def changed(model: Any, changes: Mapping[int, Change]) -> Iterator[None]:
    """Change what leaves some blocks, by their positions, while the context is open."""
    known = blocks(model)
    handles = [known[at].register_forward_hook(_hook(change)) for at, change in changes.items()]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _hook(change: Change) -> Any:
    def hook(module: Any, given: Any, out: Any) -> Any:
        if isinstance(out, tuple):
            return (change(out[0]), *out[1:])
        return change(out)

    return hook
