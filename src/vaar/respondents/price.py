"""What a model's tokens cost."""

from __future__ import annotations

from dataclasses import dataclass

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Money per million tokens, as the provider's price list has it.

    Attributes
    ----------
    input, output : float
        Per million tokens sent and received; ≥ 0.
    cached : float
        Per million tokens sent but read from the provider's cache; ≥ 0.
    currency : str
        Code of the currency.
    cache_write : float or None
        Per million tokens sent and written to the cache; None: as ``input``.
    reasoning : float or None
        Per million tokens received as thoughts; None: as ``output``.
    """

    input: float
    output: float
    cached: float
    currency: str = "USD"
    cache_write: float | None = None
    reasoning: float | None = None

    def of(
        self,
        input_tokens: int,
        output_tokens: int,
        cached_tokens: int = 0,
        cache_write_tokens: int = 0,
        reasoning_tokens: int = 0,
    ) -> float:
        """Cost of these tokens; cached and written ones are part of the input, thoughts of the
        output.
        """
        write = self.input if self.cache_write is None else self.cache_write
        thought = self.output if self.reasoning is None else self.reasoning
        fresh = max(0, input_tokens - cached_tokens - cache_write_tokens)
        said = max(0, output_tokens - reasoning_tokens)
        total = (
            fresh * self.input
            + cached_tokens * self.cached
            + cache_write_tokens * write
            + said * self.output
            + reasoning_tokens * thought
        )
        return total / _MILLION
