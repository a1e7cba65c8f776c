"""Which end of the options is taken whatever they say: then what is taken tells of no value."""

from __future__ import annotations

PULLED = 0.5
"""With a larger order effect, either way, what is taken is mostly what is listed at that end."""


def end_followed(order_effect: float) -> str:
    """The end of the options that is mostly taken, ``first`` or ``last``; else empty.

    Parameters
    ----------
    order_effect : float
        From −1, always the last, to 1, always the first: how much more often something is taken
        where it is listed first than where it is listed last. NaN where it is not known.
    """
    return "first" if order_effect > PULLED else "last" if order_effect < -PULLED else ""
