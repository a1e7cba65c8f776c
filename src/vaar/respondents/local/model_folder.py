"""Where the files of a local model lie, and the hash by which it is known.

A model is a directory in the format of transformers, or one GGUF file.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from vaar.errors import RespondentError
from vaar.respondents.local.published_models import PUBLISHED, weights

GGUF = ".gguf"
_READ_BY_TRANSFORMERS = (".safetensors", ".bin", ".json", ".jinja", ".model", ".txt", GGUF)
_DIGITS = 12


def find(path: str) -> Path:
    """The directory or GGUF file of a model.

    Parameters
    ----------
    path : str
        A path, the id of a model in the Hugging Face cache, or the name of a published model. Only
        the last is ever downloaded.

    Raises
    ------
    RespondentError
        There is none, or it holds no model.
    """
    if path in PUBLISHED:
        return weights(PUBLISHED[path])
    folder = Path(path).expanduser()
    if folder.suffix == GGUF and folder.is_file():
        return folder
    if not folder.is_dir():
        folder = _cached(path, folder)
    if not (folder / "config.json").is_file():
        raise RespondentError(
            f"hf/{path}: {folder} holds no config.json, so no model; give the directory into "
            "which transformers saved one (save_pretrained), or a GGUF file"
        )
    return folder


def fingerprint(found: Path) -> str:
    """Twelve hexadecimal digits from the content of every file that the model is read from.

    The same for copies of a model, wherever they lie, and another once a weight or the chat
    template differs.
    """
    whole = hashlib.sha256()
    files = [found] if found.is_file() else sorted(found.iterdir())
    for file in files:
        if file.suffix in _READ_BY_TRANSFORMERS and file.is_file():
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").digest()
            whole.update(file.name.encode() + b"\0" + digest)
    return whole.hexdigest()[:_DIGITS]


def _cached(path: str, folder: Path) -> Path:
    from huggingface_hub import snapshot_download

    if folder.exists():
        raise RespondentError(
            f"hf/{path}: this is a file; give the directory that holds the model's config.json, "
            f"or a {GGUF} file"
        )
    try:
        return Path(snapshot_download(path, local_files_only=True))
    except Exception:  # an id that cannot be one, or one that is not in the cache
        raise RespondentError(
            f"hf/{path}: there is no such directory, and no model of this name in the cache of "
            "the Hugging Face hub. Nothing is downloaded during a run: give the path of a "
            f"directory, or fetch the model first (hf download {path})"
        ) from None
