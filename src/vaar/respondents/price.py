"""What a model's tokens cost."""

from __future__ import annotations

from dataclasses import dataclass

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Money per million tokens, as the provider's price list has it.

    Attributes
    ----------
    input, output, cached : float
        Per million tokens sent, received, and sent but read from the provider's cache; ≥ 0.
    currency : str
        Code of the currency.
    """

    input: float
    output: float
    cached: float
    currency: str = "USD"

    def of(self, input_tokens: int, output_tokens: int, cached_tokens: int) -> float:
        """Cost of these tokens; the cached ones are part of ``input_tokens``."""
        fresh = input_tokens - cached_tokens
        total = fresh * self.input + cached_tokens * self.cached + output_tokens * self.output
        return total / _MILLION
