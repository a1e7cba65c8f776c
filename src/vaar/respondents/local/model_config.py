"""Which model of this machine is asked, and how it is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vaar.study.conditions import Shift

AUTO = "auto"
DEVICES = r"^(auto|cpu|mps|cuda(:\d+)?)$"
"""Pattern of what may be written as a device."""

BATCH = 16

PROBE_ACCURACY = 0.9
"""Held-out accuracy of a probe above which its layer is shifted."""

Dtype = Literal["auto", "float32", "float16", "bfloat16"]


@dataclass(frozen=True)
class LocalModel:
    """A chat model in the format of Hugging Face transformers.

    Attributes
    ----------
    name : str
        The respondent's name, and its group's.
    path : str
        A directory, or the id of a model in the cache of the Hugging Face hub.
    device : str
        ``'cpu'``, ``'mps'``, ``'cuda'``, ``'cuda:1'`` …; ``'auto'`` takes a graphics card where
        there is one.
    dtype : {'auto', 'float32', 'float16', 'bfloat16'}
        The numbers it computes with; ``'auto'`` takes those its weights are stored in, but never
        float16 on a processor.
    batch : int
        Most conversations in one pass through the model; at least 1.
    temperature : float or None
        Used instead of the study's temperature.
    shift : Shift or None
        What is done to its activations, where a request does not say.
    value_pairs : tuple of (str, str)
        CSV files with the sentences of further values, by the value's name.
    probe_accuracy : float
        Held-out accuracy of a probe above which its layer is shifted; in [0, 1).
    asked_shifts : tuple of Shift
        Those that the study's conditions ask for, so that it is known at loading whether they can
        be made.
    """

    name: str
    path: str
    device: str = AUTO
    dtype: Dtype = "auto"
    batch: int = BATCH
    temperature: float | None = None
    shift: Shift | None = None
    value_pairs: tuple[tuple[str, str], ...] = ()
    probe_accuracy: float = PROBE_ACCURACY
    asked_shifts: tuple[Shift, ...] = ()

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """All shifts that it may be asked for."""
        return (*((self.shift,) if self.shift else ()), *self.asked_shifts)
