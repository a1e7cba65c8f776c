import pytest

from vaar.errors import MissingKeyError, RespondentError
from vaar.respondents.http.endpoint import Endpoint, is_loopback

FAR, NEAR = "https://api.example.org/v1", "http://127.0.0.1:8000/v1"


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        (NEAR, True),
        ("http://localhost:1/v1", True),
        ("http://models.localhost/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://127.1.2.3/v1", True),
        (FAR, False),
        ("http://192.168.0.7:8000/v1", False),
        ("http://localhost.example.org/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
    ],
)
def test_loopback(base_url, expected):
    assert is_loopback(base_url) is expected


def test_urls_are_joined_with_one_slash():
    for base_url in (NEAR, NEAR + "/"):
        assert Endpoint("m", "m", base_url).url("models") == "http://127.0.0.1:8000/v1/models"


def test_key_comes_from_the_named_variable(monkeypatch):
    monkeypatch.setenv("OTHER_KEY", " sk-other \n")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-first")
    assert Endpoint("m", "m", FAR).key() == "sk-first"
    assert Endpoint("m", "m", FAR, api_key_env="OTHER_KEY").key() == "sk-other"


@pytest.mark.parametrize("value", [None, "", "  "])
def test_no_key(monkeypatch, value):
    monkeypatch.delenv("SOME_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("SOME_KEY", value)
    assert Endpoint("m", "m", NEAR, api_key_env="SOME_KEY").key() is None
    with pytest.raises(MissingKeyError, match=r"SOME_KEY is not set.*export SOME_KEY="):
        Endpoint("m", "m", FAR, api_key_env="SOME_KEY").key()


@pytest.mark.parametrize("value", ["sk-secret part", "sk-secret\nX-Evil: 1", "sk-sécret"])
def test_what_cannot_be_a_key_is_not_sent_or_shown(monkeypatch, value):
    monkeypatch.setenv("SOME_KEY", value)
    with pytest.raises(MissingKeyError, match="SOME_KEY holds blanks") as raised:
        Endpoint("m", "m", NEAR, api_key_env="SOME_KEY").key()
    assert value not in str(raised.value)


@pytest.mark.parametrize(
    ("base_url", "message"),
    [
        ("ftp://host/v1", "begins with neither http"),
        ("host:8000", "begins with neither http"),
        ("http:///v1", "names no host"),
        ("http://host:99999/v1", "cannot be read"),
        ("http://[::1/v1", "cannot be read"),
        ("http://me:secret@host/v1", "holds a user name or a password"),
        ("http://host/v1?key=secret", "holds a query or a fragment"),
        ("http://ho st/v1", "names no host"),
    ],
)
def test_addresses_that_are_refused(base_url, message):
    with pytest.raises(RespondentError, match=message) as raised:
        Endpoint("m", "m", base_url)
    assert "secret" not in str(raised.value)
