"""Which model of this machine is asked, and how it is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AUTO = "auto"
DEVICES = r"^(auto|cpu|mps|cuda(:\d+)?)$"
"""Pattern of what may be written as a device."""

BATCH = 16

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
    """

    name: str
    path: str
    device: str = AUTO
    dtype: Dtype = "auto"
    batch: int = BATCH
    temperature: float | None = None
