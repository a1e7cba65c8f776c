"""How it was done, in words, with the options that were in force."""

from __future__ import annotations

from vaar.analyses.social_value_orientation.options import SocialValueOptions
from vaar.analyses.social_value_orientation.orientation import CUTS, VALUES
from vaar.tables.numbers import decimal


def method(options: SocialValueOptions) -> str:
    """The method text of the report."""
    cuts = ", ".join(f"{v} from {decimal(c)}°" for v, c in zip(VALUES, CUTS, strict=False))
    return (
        "The items are the six primary and nine secondary ones of the slider measure (Murphy, "
        "Ackermann & Handgraaf 2011), asked in random order, the options from either end in half "
        "of the trials. A trial's angle is atan2(mean coins for the other − 50, mean coins for "
        f"oneself − 50) over the primary items alone, if all six were answered: {cuts}, else "
        f"{VALUES[-1]}. An arm's angle is the mean over its trials. Choices are transitive if the "
        "four values can be ranked so that each item is won by the higher one; the nearer end wins "
        "an item, and the exact middle ranks nobody. Inequality aversion compares distances from "
        "equal shares and from the largest sum on the secondary items, where these are the two "
        "smallest of four distances. Value rationality, as defined by this package, is 1 − the "
        "distance of the angle from those of full accord with the assigned value, over the largest "
        "distance there can be. After its choices a trial foretells those of somebody with the "
        "value; who foretells the assigned category and chooses otherwise has understood. Random "
        "choices are computed over all combinations of options. Intervals are expanded "
        f"percentiles (Hesterberg 2015) of {options.replicates} bootstrap samples of trials."
    )
