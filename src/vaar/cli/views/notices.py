"""Words that progress, summary and status share: plain text, not yet safe to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vaar.journal.resume import Repair

MOST_REASONS = 5

_FAULTS = {
    "rate_limited": "rate-limited",
    "server_error": "server errors",
    "time_out": "time-outs",
    "connection": "broken connections",
    "unusable_reply": "unusable replies",
    "rejected": "rejected",
    "out_of_memory": "batches too large for memory",
}


def faults_words(faults: Iterable[Mapping[str, int]]) -> str:
    """Calls that did not succeed, summed over respondents: ``'12 rate-limited, 3 time-outs'``."""
    total: Counter[str] = Counter()
    for counted in faults:
        total.update(counted)
    return ", ".join(
        f"{count:,} {_FAULTS.get(kind, kind.replace('_', ' '))}"
        for kind, count in total.most_common()
        if count
    )


def failures(failed: Mapping[str, int]) -> Iterator[str]:
    """Failed sessions by reason, the most frequent first."""
    reasons = sorted(failed.items(), key=lambda item: -item[1])
    for reason, count in reasons[:MOST_REASONS]:
        yield f"{count:,} sessions failed: {reason}"
    if further := sum(count for _, count in reasons[MOST_REASONS:]):
        yield f"{further:,} sessions failed for other reasons: see the report"


def changed_models(models: Mapping[str, Mapping[str, int]]) -> list[str]:
    """One line for each respondent whose replies name more than one model."""
    return [
        f"{respondent} answered as more than one model: "
        + ", ".join(f"{model} ({count:,} replies)" for model, count in ids.items())
        + ". Its sessions may not be of one kind: say so, or run it again"
        for respondent, ids in models.items()
        if len(ids) > 1
    ]


def changed_servers(changes: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[str]:
    """One line for each respondent whose provider, configuration or class of service changed."""
    for what, respondents in changes.items():
        for respondent, named in respondents.items():
            listed = ", ".join(f"{name} ({count:,} replies)" for name, count in named.items())
            yield (
                f"the {what} that served {respondent} changed: {listed}. Its sessions may not be "
                "of one kind: say so, or run it again"
            )


def untold(told: Mapping[str, tuple[int, int]]) -> list[str]:
    """One line for each respondent some of whose replies came without a distribution.

    Parameters
    ----------
    told : mapping of str to (int, int)
        Replies with a distribution, and all replies.
    """
    return [
        f"{respondent} told the probabilities of its answers in {with_one:,} of {replies:,} replies"
        for respondent, (with_one, replies) in told.items()
        if with_one < replies
    ]


def uncounted(replies: Mapping[str, int]) -> Iterator[str]:
    """One line for each respondent whose server told no count of tokens.

    Parameters
    ----------
    replies : mapping of str to int
        How many of its replies came without one.
    """
    for respondent, count in replies.items():
        yield (
            f"{respondent} told no count of tokens in {count:,} replies: what they cost is not "
            "known, and for a cap they count as the most they can be, one token for every byte "
            "sent and the whole ceiling of the reply"
        )


def adapted(requests: Mapping[str, Any]) -> Iterator[str]:
    """What was done otherwise because servers refused it, and what is sent but not heeded.

    Parameters
    ----------
    requests : mapping
        The records of ``run.json``, by respondent. Hostile text.
    """
    for respondent, record in requests.items():
        for made in record.get("adaptations", ()):
            yield f"{respondent}: {made['field']}: {made['change']} ({made['because']})"
        for field, because in record.get("ignored", {}).items():
            yield f"{respondent}: {field} is sent, but {because}"


def repaired(repair: Repair) -> str:
    """What was missing in a journal when a run went on, and what became of it."""
    lost = f"{repair.lost:,} replies are lost; " if repair.lost else ""
    return (
        f"the journal was not all that had been written ({repair.reason}). {lost}"
        f"{repair.sessions:,} sessions were asked again from where a reply was missing. As it was "
        f"found, the journal is kept as {repair.kept_as}"
    )


def money(amount: float, currency: str) -> str:
    """A sum of money; small ones with four decimals."""
    decimals = 2 if amount >= 0.1 or not amount else 4
    return f"{amount:,.{decimals}f} {currency}"
