"""One GGUF file: where it lies, and what is known of it without loading it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vaar.errors import RespondentError
from vaar.respondents.llama_cpp.header import FILE_TYPES, DamagedHeaderError, Fact, read_header
from vaar.respondents.local.published_models import PUBLISHED, weights

GGUF = ".gguf"
_TEMPLATE = "tokenizer.chat_template"


@dataclass(frozen=True)
class ModelFile:
    """A GGUF file of a chat model.

    Attributes
    ----------
    path : Path
    template : str
        The chat template.
    quantisation : str
        How most weights are stored: ``'Q4_K_M'``, ``'F16'`` …
    trained_context : int or None
        Most tokens of a conversation that the model was trained on; None where it does not say.
    """

    path: Path
    template: str
    quantisation: str
    trained_context: int | None

    @cached_property
    def sha256(self) -> str:
        """Of the whole file, which is read for it once: about a second for each gigabyte."""
        with self.path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()


def find(name: str, path: str) -> ModelFile:
    """Find a model's file, and read its head.

    Parameters
    ----------
    name : str
        The respondent's, for messages.
    path : str
        Of the file, or the name of a published model, which is fetched on first use.

    Raises
    ------
    RespondentError
        There is no such file, or it is no GGUF file of a chat model.
    """
    file = weights(PUBLISHED[path]) if path in PUBLISHED else Path(path).expanduser()
    if not file.is_file():
        raise RespondentError(f"{name}: {_absent(file)}")
    try:
        facts = read_header(file)
    except DamagedHeaderError as error:
        raise RespondentError(
            f"{name}: {file} is no GGUF file that can be used: {error}. Fetch it again, whole; a "
            "directory with config.json is a model for hf/PATH"
        ) from None
    except OSError as error:
        raise RespondentError(f"{name}: {file} cannot be read ({error.strerror})") from None
    template = facts.get(_TEMPLATE)
    if not isinstance(template, str) or not template.strip():
        raise RespondentError(
            f"{name}: {file} has no chat template ({_TEMPLATE}), so nothing tells how the model is "
            'spoken to. Give a chat model (often the one named "instruct" or "chat")'
        )
    return ModelFile(file, template, _quantisation(facts), _trained_context(facts))


def _absent(file: Path) -> str:
    if not file.is_dir():
        return f"there is no file {file}; nothing is downloaded: give the path of a {GGUF} file"
    inside = sorted(child.name for child in file.glob(f"*{GGUF}"))
    if inside:
        return f"{file} is a directory; give one of its files: {', '.join(inside[:5])}"
    return f"{file} is a directory without a {GGUF} file; models for transformers are hf/{file}"


def _quantisation(facts: Mapping[str, Fact]) -> str:
    kind = facts.get("general.file_type")
    if kind is None:
        return "not told"
    return FILE_TYPES.get(int(kind), f"file type {kind}")


def _trained_context(facts: Mapping[str, Fact]) -> int | None:
    length = facts.get(f"{facts.get('general.architecture')}.context_length")
    return length if isinstance(length, int) and length > 0 else None
