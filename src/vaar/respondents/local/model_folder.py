"""Where the files of a local model lie, and the hash by which it is known."""

from __future__ import annotations

import hashlib
from pathlib import Path

from vaar.errors import RespondentError

_READ_BY_TRANSFORMERS = (".safetensors", ".bin", ".json", ".jinja", ".model", ".txt")
_DIGITS = 12


def find(path: str) -> Path:
    """The directory of a model: a path, or the id of a model in the Hugging Face cache.

    Nothing is ever downloaded.

    Raises
    ------
    RespondentError
        There is none, or it holds no model.
    """
    folder = Path(path).expanduser()
    if not folder.is_dir():
        folder = _cached(path, folder)
    if not (folder / "config.json").is_file():
        raise RespondentError(
            f"hf/{path}: {folder} holds no config.json, so no model; give the directory into "
            "which transformers saved one (save_pretrained)"
        )
    return folder


def fingerprint(folder: Path) -> str:
    """Twelve hexadecimal digits from the content of every file that the model is read from.

    The same for copies of a model, wherever they lie, and another once a weight or the chat
    template differs.
    """
    whole = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix in _READ_BY_TRANSFORMERS and file.is_file():
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").digest()
            whole.update(file.name.encode() + b"\0" + digest)
    return whole.hexdigest()[:_DIGITS]


def _cached(path: str, folder: Path) -> Path:
    from huggingface_hub import snapshot_download

    if folder.exists():
        raise RespondentError(
            f"hf/{path}: this is a file; give the directory that holds the model's config.json"
        )
    try:
        return Path(snapshot_download(path, local_files_only=True))
    except Exception:  # an id that cannot be one, or one that is not in the cache
        raise RespondentError(
            f"hf/{path}: there is no such directory, and no model of this name in the cache of "
            "the Hugging Face hub. Nothing is downloaded during a run: give the path of a "
            f"directory, or fetch the model first (hf download {path})"
        ) from None
