"""Keys go unasked only where they belong, and names and addresses hold none."""

import pytest

from vaar.errors import RespondentError
from vaar.respondents.key_safety import key_risks, require_allowed, without_known_keys
from vaar.respondents.resolve import resolve

KEY = "sk-Zq81hT5vYp0aQx9LmN3bWc7"
OWN_KEY = "a-company-key-of-no-published-form"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("COMPANY_KEY", OWN_KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


@pytest.fixture
def models(tmp_path, study):
    """The respondents of a models file with one model."""

    def read(**entry):
        lines = "".join(f", {name}: '{value}'" for name, value in entry.items())
        path = tmp_path / "models.yaml"
        path.write_text(f"models:\n  - {{name: openai/m{lines}}}\n")
        return resolve([path], study)

    return read


@pytest.mark.parametrize(
    "base_url",
    ["http://10.0.0.7:8000/v1", "http://gpu.example:8000/v1", "http://API.openai.com/v1"],
)
def test_a_key_over_plain_http_is_asked_about(study, base_url):
    respondents = resolve(["openai/m"], study, base_url)
    (risk,) = key_risks(respondents)
    assert "plain http" in risk.why and KEY not in risk.told
    with pytest.raises(RespondentError, match=f"Nothing was sent.*--allow-host {risk.host}"):
        require_allowed(respondents, ())
    require_allowed(respondents, [risk.host])


@pytest.mark.parametrize(
    "entry",
    [
        {"base_url": "https://collector.example/v1"},
        {"base_url": "https://collector.example/v1", "api_key_env": "COMPANY_KEY"},
        {"base_url": "https://api.openai.com.collector.example/v1"},
        {"base_url": "https://collector.example/api.openai.com", "api_key_env": "COMPANY_KEY"},
    ],
)
def test_a_models_file_that_sends_a_key_to_a_strange_host_is_asked_about(models, entry):
    (risk,) = key_risks(models(**entry))
    assert risk.host.endswith("collector.example") and "models file" in risk.why


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"base_url": "https://api.openai.com/v1"},
        {"base_url": "http://127.0.0.1:8000/v1"},
        {"base_url": "http://localhost:8000/v1", "api_key_env": "COMPANY_KEY"},
        {"base_url": "https://collector.example/v1", "api_key_env": "NOT_SET"},
        {"base_url": "http://10.0.0.7:8000/v1", "api_key_env": "NOT_SET"},
    ],
)
def test_known_hosts_this_machine_and_no_key_need_no_question(models, entry):
    assert key_risks(models(**entry)) == []


def test_an_address_that_is_given_by_hand_over_https_is_meant(study):
    assert key_risks(resolve(["openai/m"], study, "https://gateway.example/v1")) == []


def test_where_other_machines_ask_their_keys_count(models):
    respondents = models(base_url="http://10.0.0.7:8000/v1", api_key_env="NOT_SET")
    assert key_risks(respondents, keys_elsewhere=True)


@pytest.mark.parametrize(
    ("name", "base_url"),
    [
        (f"openai/{KEY}", None),
        (f"openai/x{KEY}y", None),
        (f"anthropic/{KEY}", None),
        ("openai/m", f"https://gateway.example/{KEY}/v1"),
        ("openai/m", "https://gateway.example/AIzaSyA1234567890abcdefghijklmnopqrstu"),
        ("openai/ghp_abcdefghijklmnop1234567890abcdefgh", None),
    ],
)
def test_a_key_in_a_name_or_an_address_is_refused_unseen(study, name, base_url):
    with pytest.raises(RespondentError, match="looks like a key") as told:
        resolve([name], study, base_url)
    assert KEY not in str(told.value) and "AIza" not in str(told.value)


def test_a_known_key_of_no_published_form_is_refused_too(study, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", OWN_KEY)
    with pytest.raises(RespondentError, match="looks like a key"):
        resolve([f"openai/{OWN_KEY}"], study)


@pytest.mark.parametrize(
    "entry",
    [
        {"base_url": f"https://gateway.example/{OWN_KEY}/v1"},
        {"base_url": f"https://gateway.example/{OWN_KEY.replace('-', '%2D').upper()}/v1"},
        {"model": OWN_KEY},
        {"model": OWN_KEY[::-1]},
        {"model": KEY},
    ],
)
def test_the_key_of_a_models_file_is_refused_in_it(models, entry):
    with pytest.raises(RespondentError, match="key") as told:
        models(api_key_env="COMPANY_KEY", **entry)
    assert OWN_KEY not in str(told.value) and KEY not in str(told.value)


@pytest.mark.parametrize(
    "where",
    [
        *("extra_headers: {X-Team: %s}", "extra_headers: {%s: x}", "query: {%s: x}"),
        *("query: {x: %s}", "extra_body: {a: [%s]}", "omit: [%s]", "key_header: %s"),
    ],
)
def test_what_is_sent_holds_no_such_key(tmp_path, study, where, monkeypatch):
    own = "plain-word-99-of-seven"
    monkeypatch.setenv("COMPANY_KEY", own)
    path = tmp_path / "models.yaml"
    sent = where % own
    path.write_text(f"models:\n- {{name: openai/m, api_key_env: COMPANY_KEY, {sent}}}\n")
    with pytest.raises(RespondentError, match="the key in COMPANY_KEY") as told:
        resolve([path], study)
    assert own not in str(told.value)


def test_a_word_that_a_server_of_ones_own_is_given_is_no_key(study, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "lm-studio")
    assert resolve(["openai/lm-studio-community/gemma"], study, "http://127.0.0.1:1234/v1")


@pytest.mark.parametrize(
    ("name", "base_url"),
    [
        ("openai/gpt-4o", "https://me.openai.azure.com/openai/deployments/gpt-4o-mini-2024-07-18"),
        ("openai/6f9619ff-8b86-d011-b42d-00c04fc964ff", None),
        ("openai/m", "https://host.example/6f9619ff8b86d011b42d00c04fc964ff/v1"),
        ("openai/ft:gpt-4o-mini-2024-07-18:acme::9abcdefg", None),
        ("openai/accounts/fireworks/models/llama-v3p1-405b-instruct", None),
        ("openai/Qwen/Qwen2.5-72B-Instruct-GPTQ-Int4", None),
        ("openai/team/key_experiments_with_values", None),
        ("openai/hf-internal-testing/tiny-random-gpt2", None),
        ("openai/m", "https://host.example/sk-inference-gateway-prod/hf-endpoints-production/v1"),
    ],
)
def test_paths_and_identifiers_are_no_keys(study, name, base_url):
    assert len(resolve([name], study, base_url)) == 1


def test_a_text_is_told_without_the_keys_of_this_machine():
    told = without_known_keys(f"no file {KEY}; wrong: {KEY[:12]}…")
    assert told == "no file [key]; wrong: [key]…"
