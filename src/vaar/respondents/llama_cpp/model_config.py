"""Which GGUF file is asked, and how it is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SLOTS = 4
CONTEXT = 8192

LlamaDevice = Literal["auto", "cpu"]


@dataclass(frozen=True)
class LlamaModel:
    """A chat model in one GGUF file.

    Attributes
    ----------
    name : str
        The respondent's name, and its group's.
    path : str
        Of the file, or the name of a published model.
    device : {'auto', 'cpu'}
        ``'auto'`` puts the layers on a graphics card as far as they fit, where there is one.
    slots : int
        Conversations side by side; at least 1. Memory is taken for all of them when the model is
        loaded.
    context : int or None
        Most tokens of a conversation with its reply; None: what the model was trained on, at most
        8,192.
    temperature : float or None
        Used instead of the study's temperature.
    """

    name: str
    path: str
    device: LlamaDevice = "auto"
    slots: int = SLOTS
    context: int | None = None
    temperature: float | None = None

    def context_of(self, trained: int | None) -> int:
        """Tokens that a conversation with its reply may have.

        Parameters
        ----------
        trained : int or None
            What the model was trained on; more is never given.
        """
        wanted = self.context or CONTEXT
        return wanted if trained is None else min(wanted, trained)
