"""How near to 0 a path is negligible; apart from the rule, so that options load no statistics."""

from __future__ import annotations

DELTA = 0.10
"""δ: standardised paths nearer to 0 than this count as negligible, unless another is chosen."""
