"""How much an item's parameters that differ between groups change its scores.

dMACS after Nye & Drasgow (2011), Journal of Applied Psychology 96, 966–980: the root mean square
difference between the answers that two groups' parameters predict, over the latent variable of the
second group, in pooled standard deviations of the item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.comparisons.measurement import Measurement, Scale, measurements_of, place_of
from vaar.sem.results.fit import Fit

if TYPE_CHECKING:
    import pandas as pd


@checks_arguments
def dmacs(fit: Fit, reference: str | None = None) -> pd.DataFrame:
    """Bias of every item in every group, by the parameters of a fit.

    Latent variables must be on one scale in all groups: some loadings and intercepts are held
    equal, as with partial invariance. For a fit without equalities align the groups first
    (:func:`vaar.sem.group_alignment`), and take the table from there.

    Parameters
    ----------
    reference : str, optional
        The group that others are held against; the first by default.

    Returns
    -------
    DataFrame
        latent, item, group, dmacs (0 where the parameters are those of the reference; about .2 is
        called small, .4 medium and .7 large, after Nye et al. 2019) and mean_difference, in units
        of the item's answers.

    Raises
    ------
    DataError
        Groups that share no parameters, no means, cross-loadings, paths between latent variables,
        or ordinal items.
    """
    import pandas as pd

    if not len(fit.layout.shared):
        raise DataError(
            "the groups of the fit share no parameters, so that latent variables have no common "
            "scale: hold some equal by group_equal, or use group_alignment(fit).dmacs()"
        )
    first = place_of(fit, reference)
    tables = [bias_table(each, each.scale, fit.groups, first) for each in measurements_of(fit)]
    return pd.concat(tables, ignore_index=True)


def bias_table(
    of: Measurement, scale: Scale, groups: tuple[str, ...], reference: int
) -> pd.DataFrame:
    """The rows of one latent variable."""
    import pandas as pd

    size, shift = scale.bias(reference)
    others = [g for g in range(len(groups)) if g != reference]
    return pd.DataFrame(
        [
            (of.latent, item, groups[g], size[g, j], shift[g, j])
            for j, item in enumerate(of.items)
            for g in others
        ],
        columns=["latent", "item", "group", "dmacs", "mean_difference"],
    )
