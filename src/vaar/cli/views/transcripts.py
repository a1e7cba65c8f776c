"""Conversations for the terminal; what was said is shown as it is, never as markup or control."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.text import Text

from vaar.tables.text import visible

if TYPE_CHECKING:
    from vaar.coding.answer import Answer
    from vaar.pipeline.reading.transcripts import Found
    from vaar.sessions.protocol import TurnRequest
    from vaar.sessions.transcript import Exchange

UNKNOWN_PROMPT = "(asked again, as today's rules of coding would not: the words are lost)"


def conversation(found: Found) -> Text:
    """One session: its heading, then prompts and replies under their speakers."""
    session = found.transcript.session
    status = found.transcript.status
    ended = f"{status}: {found.transcript.reason}" if found.transcript.reason else status
    heading = f"session {session.number} · {session.group} · {ended}"
    lines = [Text(visible(f"━━ {heading}"), style="bold")]
    for exchange in found.exchanges:
        lines += _exchange(exchange)
    return Text("\n").join([*lines, Text()])


def _exchange(exchange: Exchange) -> Iterator[Text]:
    if exchange.system:
        yield _said("system", exchange.system)
    again = ", asked again" if exchange.attempt else ""
    yield _said(f"turn {exchange.turn + 1}{again}", exchange.prompt or UNKNOWN_PROMPT)
    yield _said("reply", exchange.reply.text or "(no text)", style="bold")
    yield Text(f"  → {_coded(exchange.answers)}", style="dim")


def _said(speaker: str, text: str, style: str = "") -> Text:
    body = visible(text).replace("\n", "\n  ")
    return Text.assemble((f"[{speaker}]\n", "dim"), (f"  {body}", style))


def _coded(answers: Mapping[str, Answer]) -> str:
    return ", ".join(
        f"{code} = {answer.value if answer.reason is None else answer.reason}"
        for code, answer in answers.items()
    )


def transcript_json(found: Found) -> dict[str, Any]:
    """One session as JSON."""
    one = found.transcript
    return {
        "session": one.session.number,
        "group": one.session.group,
        "respondent": one.session.respondent,
        "condition": one.session.condition,
        "replicate": one.session.replicate,
        "persona": one.session.persona,
        "status": one.status,
        "reason": one.reason,
        "exchanges": [
            {
                "turn": exchange.turn,
                "attempt": exchange.attempt,
                "instrument": exchange.instrument,
                "system": exchange.system,
                "prompt": exchange.prompt,
                "reply": exchange.reply.text,
                "finish_reason": exchange.reply.finish_reason,
                "model": exchange.reply.model,
                "coded": {
                    code: {"value": answer.value, "reason": answer.reason}
                    for code, answer in exchange.answers.items()
                },
            }
            for exchange in found.exchanges
        ],
    }


def session_prompts(requests: Iterable[TurnRequest]) -> Text:
    """What one session sends, in order: every system message and prompt where it is first sent."""
    lines: list[Text] = []
    for request in requests:
        *before, prompt = request.messages
        if all(message["role"] == "system" for message in before):
            lines += [Text("━━ a new conversation", style="bold")] if lines else []
            lines += [_said("system", message["content"]) for message in before]
        lines.append(_said(f"turn {request.turn + 1}", prompt["content"]))
    return Text("\n").join(lines)


def request_json(request: TurnRequest, temperature: float) -> dict[str, Any]:
    """One request as JSON: the whole conversation as it is sent, the replies in it empty."""
    return {
        "turn": request.turn,
        "messages": list(request.messages),
        "temperature": temperature,
        "max_tokens": request.max_tokens,
        "schema": request.schema,
        "choices": list(request.choices),
    }
