"""What a user has allowed is remembered for that user, and by nothing that a stranger can write."""

import json
import os

import pytest

from vaar.respondents import allowed_hosts
from vaar.respondents.allowed_hosts import Permission, place, remember, remembered
from vaar.respondents.key_safety import key_risks
from vaar.respondents.resolve import resolve

ALLOWED = Permission("gpu.example", "OPENAI_API_KEY", "plain http")


@pytest.fixture(autouse=True)
def own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-Zq81hT5vYp0aQx9LmN3bWc7")
    monkeypatch.setenv("COMPANY_KEY", "a-company-key-of-no-published-form")
    return tmp_path / "config" / "vaar" / "allowed_hosts.json"


def test_what_was_allowed_is_known_the_next_time_and_adds_up(own):
    assert remembered() == frozenset()
    assert remember([ALLOWED]) == own
    other = ALLOWED._replace(host="other.example")
    remember([other])
    assert remembered() == {ALLOWED, other}
    assert own.stat().st_mode & 0o777 == 0o600
    assert "sk-" not in own.read_text()


def test_it_holds_for_that_host_key_and_way_alone(study, tmp_path):
    remember([ALLOWED])
    models = tmp_path / "models.yaml"

    def hosts_asked_about(address, variable="OPENAI_API_KEY"):
        entry = f"{{name: openai/m, base_url: '{address}', api_key_env: {variable}}}"
        models.write_text(f"models:\n  - {entry}\n")
        return [risk.host for risk in key_risks(resolve([models], study))]

    assert hosts_asked_about("http://gpu.example:8000/v1") == []
    assert hosts_asked_about("http://gpu.example/v1", "COMPANY_KEY") == ["gpu.example"]
    assert hosts_asked_about("https://gpu.example/v1") == ["gpu.example"]
    assert hosts_asked_about("http://gpu.example.net/v1") == ["gpu.example.net"]


def test_a_file_that_others_may_write_allows_nothing(own):
    remember([ALLOWED])
    for path, mode in ((own, 0o620), (own, 0o602), (own.parent, 0o777)):
        before = path.stat().st_mode
        path.chmod(mode)
        assert remembered() == frozenset(), oct(mode)
        path.chmod(before)
    assert remembered() == {ALLOWED}


def test_a_file_of_another_user_allows_nothing(own, monkeypatch):
    remember([ALLOWED])
    monkeypatch.setattr(os, "getuid", lambda: own.stat().st_uid + 1)
    assert remembered() == frozenset()


@pytest.mark.parametrize(
    "content",
    ["", "[", "[]", '{"allowed": 7}', '{"allowed": [7]}', '{"allowed": [{"host": NaN}]}'],
)
def test_a_damaged_file_allows_nothing(own, content):
    remember([ALLOWED])
    own.write_text(content)
    assert remembered() == frozenset()
    assert remember([ALLOWED]) == own and remembered() == {ALLOWED}


def test_no_directory_that_one_works_in_is_taken_for_ones_own(own, monkeypatch, tmp_path):
    strangers = tmp_path / "run" / "vaar"
    strangers.mkdir(parents=True)
    (strangers / own.name).write_text(json.dumps({"allowed": [ALLOWED._asdict()]}))
    monkeypatch.chdir(tmp_path / "run")
    monkeypatch.setenv("XDG_CONFIG_HOME", ".")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert place() == tmp_path / "home" / ".config" / "vaar" / own.name
    assert remembered() == frozenset()
    monkeypatch.setenv("HOME", ".")
    assert place() is None and remember([ALLOWED]) is None and remembered() == frozenset()


def test_what_a_link_leads_to_is_left_alone_and_an_unwritable_home_is_no_error(own, tmp_path):
    own.parent.mkdir(parents=True)
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    own.symlink_to(theirs)
    remember([ALLOWED])
    assert theirs.read_text() == "theirs" and remembered() == {ALLOWED}
    own.unlink()
    own.parent.rmdir()
    own.parent.write_text("no folder")
    assert allowed_hosts.remember([ALLOWED]) is None
