"""A model on this machine: replies a second in batches and one by one, and how often they agree.

python benchmarks/session/local.py DIRECTORY_OF_A_MODEL [DTYPE]
"""

import asyncio
import sys
import time

from vaar.respondents.base import Request
from vaar.respondents.local.model_config import LocalModel
from vaar.respondents.local.respondent import LocalRespondent

SESSIONS, TURNS = 32, 8


async def converse(respondent: LocalRespondent, seed: int) -> list[str]:
    messages, said = [], []
    for turn in range(TURNS):
        messages.append({"role": "user", "content": f"Question {turn}: how much, from 1 to 5?"})
        reply = await respondent.reply(Request(list(messages), seed, 1.0, 8))
        messages.append({"role": "assistant", "content": reply.text})
        said.append(reply.text)
    return said


async def measure(path: str, dtype: str, batch: int) -> tuple[float, list[list[str]]]:
    respondent = LocalRespondent(LocalModel("hf/measured", path, dtype=dtype, batch=batch))
    respondent.prepare()
    await converse(respondent, 0)
    started = time.perf_counter()
    said = await asyncio.gather(*(converse(respondent, seed) for seed in range(SESSIONS)))
    elapsed = time.perf_counter() - started
    await respondent.close()
    return SESSIONS * TURNS / elapsed, said


def main() -> None:
    path, dtype = sys.argv[1], (sys.argv[2:] or ["auto"])[0]
    alone, first = asyncio.run(measure(path, dtype, 1))
    for batch in (4, 16):
        rate, said = asyncio.run(measure(path, dtype, batch))
        same = sum(a == b for a, b in zip(first, said, strict=True)) / SESSIONS
        print(
            f"batch {batch:2}: {rate:6.1f} replies/s, one by one {alone:6.1f}, ratio "
            f"{rate / alone:.1f}; sessions with the same replies throughout {same:.0%}"
        )


if __name__ == "__main__":
    main()
