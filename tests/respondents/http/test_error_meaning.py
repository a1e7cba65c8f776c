import pytest

from vaar.respondents.http.error_meaning import Meaning, meaning_of
from vaar.respondents.wire.error_reading import read_error


def error(message="", **others):
    return {"error": {"message": message, **others}}


SAID = {
    Meaning.WITHHELD: [
        (400, error("The response was filtered", code="content_filter")),
        (
            400,
            error(
                "The response was filtered due to the prompt triggering Azure OpenAI's content "
                "management policy.",
                innererror={"code": "ResponsibleAIPolicyViolation"},
            ),
        ),
        (400, error("Content Exists Risk", type="invalid_request_error")),
        (400, error("<400> InternalError.Algo.DataInspectionFailed: Input data may contain …")),
        (400, {"code": "data_inspection_failed", "message": "Output data may contain …"}),
        (
            403,
            error(
                'm requires moderation on X. Your input was flagged for "violence".',
                code=403,
                metadata={"reasons": ["violence"], "flagged_input": "…", "provider_name": "X"},
            ),
        ),
        (403, error("Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO")),
        (400, error("Output blocked by content filtering policy", type="invalid_request_error")),
        (400, error("Invalid prompt: your prompt was flagged as …", code="invalid_prompt")),
        (400, error("The request was rejected because it was considered high risk")),
        (422, error("", code="content_policy_violation")),
        (400, error("Your request was rejected by the safety system.", code="moderation_blocked")),
    ],
    Meaning.SPENT: [
        (402, error("Insufficient Balance")),
        (402, {"detail": "pay"}),
        (429, error("You exceeded your current quota", type="insufficient_quota", code=None)),
        (429, error("You exceeded your current quota", code="insufficient_quota")),
        (400, error("Your credit balance is too low to access the API.", type="x")),
        (429, error("reached", details={"error_code": "enforced_spend_limit_reached"})),
        (403, error("Your team has used all available credits or reached its monthly limit")),
        (429, error("exceeded_current_quota_error", type="exceeded_current_quota_error")),
        (429, error("Your prepayment credits are depleted. Please go to …")),
        (400, error("Access denied, account is in arrearage.", code="Arrearage")),
        (429, [error("You exceeded your current quota, please check your plan")]),
        (400, error("You have reached your specified API usage limits.")),
    ],
    Meaning.ANOTHER_DAY: [
        (429, error("Rate limit reached for m on requests per day (RPD): Limit 200, Used 200")),
        (429, error("Rate limit exceeded: free-models-per-day. Add credits to unlock 1000")),
        (429, error("tokens per day (TPD): Limit 100000, Used 99999")),
        (
            429,
            error(
                "You exceeded your current quota, please check your plan and billing details.",
                status="RESOURCE_EXHAUSTED",
                details=[
                    {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel"}]},
                    {"retryDelay": "31s"},
                ],
            ),
        ),
        (429, error("you have used up your daily free allocation")),
        (429, error("Weekly limit reached")),
    ],
    Meaning.LOCATION: [
        (
            403,
            error(
                "Country, region, or territory not supported",
                code="unsupported_country_region_territory",
            ),
        ),
        (
            400,
            error("User location is not supported for the API use.", status="FAILED_PRECONDITION"),
        ),
        (403, error("This model is not available in your region.")),
        (403, error("", code="unsupported_country")),
        (451, error("The service is not offered in your country")),
    ],
    Meaning.CONTEXT: [
        (
            400,
            error(
                "This model's maximum context length is 4096 tokens.",
                code="context_length_exceeded",
            ),
        ),
        (400, error("prompt is too long: 210000 tokens > 200000 maximum")),
        (400, error("The input token count (9) exceeds the maximum number of tokens allowed (8).")),
        (
            400,
            error(
                "the request exceeds the available context size", type="exceed_context_size_error"
            ),
        ),
        (
            400,
            error(
                "'max_tokens' or 'max_completion_tokens' is too large: 64. This model's maximum "
                "context length is 8 tokens"
            ),
        ),
        (
            422,
            error(
                "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. "
                "Please reduce the length"
            ),
        ),
        (413, {"detail": "too big"}),
    ],
    Meaning.CUT: [
        (
            400,
            error(
                "Could not finish the message because max_tokens or model output limit was reached."
            ),
        ),
    ],
    Meaning.FAILED_DRAW: [
        (
            400,
            error("Failed to validate JSON.", code="json_validate_failed", failed_generation="x"),
        ),
    ],
    Meaning.KEY: [
        (401, error("Incorrect API key provided: sk-x***.", code="invalid_api_key")),
        (403, error("You do not have access")),
        (
            400,
            error(
                "API key not valid.",
                status="INVALID_ARGUMENT",
                details=[{"reason": "API_KEY_INVALID"}],
            ),
        ),
        (401, {"detail": "Unauthorized"}),
        (403, error("Your account has been deactivated for violating our usage policies")),
        (403, error("Your organization has been disabled: policy violation")),
    ],
    Meaning.MODEL: [
        (404, error("model: m", type="not_found_error")),
        (400, error("m is not a model", code="model_not_found")),
        (404, error("The API deployment does not exist", code="DeploymentNotFound")),
        (404, {"detail": "Not Found"}),
    ],
    Meaning.ADDRESS: [
        (405, {"detail": "Method Not Allowed"}),
        (301, None),
        (308, None),
        (410, None),
    ],
    Meaning.TRANSIENT: [
        (429, error("Rate limit reached for m on requests per minute (RPM): Limit 3")),
        (429, error("Rate limit reached: 60 requests per minute, 1000 requests per day")),
        (
            429,
            error(
                "You exceeded your current quota, please check your plan and billing details.",
                status="RESOURCE_EXHAUSTED",
                details=[{"violations": [{"quotaId": "GenerateRequestsPerMinutePerProject"}]}],
            ),
        ),
        (500, error("oops")),
        (503, error("The model is overloaded", status="UNAVAILABLE")),
        (529, error("Overloaded", type="overloaded_error")),
        (520, None),
        (524, None),
        (408, None),
    ],
    Meaning.REJECTED: [
        (400, error("no")),
        (422, {"detail": [{"msg": "no"}]}),
        (400, error("messages: roles must alternate")),
    ],
}
CASES = [(status, payload, meaning) for meaning, cases in SAID.items() for status, payload in cases]


@pytest.mark.parametrize(("status", "payload", "meaning"), CASES)
def test_what_servers_say(status, payload, meaning):
    assert meaning_of(status, read_error(payload)) is meaning


@pytest.mark.parametrize(
    ("wait", "meaning"), [(600.0, Meaning.TRANSIENT), (601.0, Meaning.ANOTHER_DAY)]
)
def test_a_pause_of_more_than_ten_minutes_is_not_waited_for(wait, meaning):
    assert meaning_of(429, read_error(error("slow")), wait) is meaning
    assert meaning_of(503, read_error(None), wait) is meaning


def test_a_question_on_policies_in_an_error_of_the_server_blocks_nothing():
    assert meaning_of(500, read_error(error("content policy service failed"))) is Meaning.TRANSIENT
