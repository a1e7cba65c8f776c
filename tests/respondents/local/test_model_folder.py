import shutil

import pytest
from huggingface_hub import constants

from vaar.errors import RespondentError
from vaar.respondents.local.model_folder import find, fingerprint


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def test_a_directory(model):
    assert find(str(model)) == model


def test_a_home_directory(model, monkeypatch):
    monkeypatch.setenv("HOME", str(model.parent))
    assert find("~/model") == model


def test_a_model_of_the_hub_that_is_in_the_cache(model, tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    stored = tmp_path / "hub" / "models--org--small"
    commit = "a" * 40
    shutil.copytree(model, stored / "snapshots" / commit)
    (stored / "refs").mkdir()
    (stored / "refs" / "main").write_text(commit)
    assert find("org/small") == stored / "snapshots" / commit


@pytest.mark.parametrize("path", ["org/none", "./none", "/none/at/all", "a b", "x/y/z"])
def test_nothing_of_this_name(path, tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        RespondentError, match=r"no such directory.*Nothing is downloaded"
    ) as caught:
        find(path)
    assert f"hf download {path}" in str(caught.value)


def test_a_file_is_no_directory(model):
    with pytest.raises(RespondentError, match="this is a file"):
        find(str(model / "config.json"))


def test_a_directory_without_a_model(tmp_path):
    with pytest.raises(RespondentError, match=r"holds no config\.json, so no model"):
        find(str(tmp_path))


def test_copies_have_one_fingerprint(model, tmp_path):
    copy = shutil.copytree(model, tmp_path / "copy")
    (copy / "README.md").write_text("about")
    assert fingerprint(copy) == fingerprint(model)
    assert len(fingerprint(model)) == 12


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "chat_template.jinja"])
def test_other_content_has_another_fingerprint(model, name):
    before = fingerprint(model)
    (model / name).write_bytes(b"weightt")
    assert fingerprint(model) != before


def test_a_gguf_file_is_a_model(tmp_path):
    file = tmp_path / "small.gguf"
    file.write_bytes(b"GGUF")
    assert find(str(file)) == file
    known = fingerprint(file)
    file.write_bytes(b"GGUF!")
    assert len(known) == 12
    assert fingerprint(file) != known


def test_a_published_model_is_found_where_its_weights_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("vaar.respondents.local.model_folder.weights", lambda model: tmp_path)
    assert find("smollm2") == tmp_path
