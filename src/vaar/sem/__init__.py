"""Multi-group structural equation modelling: lavaan's language and numbers.

::

    import vaar.sem as sem

    fit = sem.fit("f =~ x1 + x2 + x3", data, group="school", group_equal=["loadings"])
    fit.params
    fit.measures["cfi"]
"""

from vaar.sem.comparisons.difference_tests import Comparison, compare, wald
from vaar.sem.comparisons.group_alignment import GroupAlignment, group_alignment
from vaar.sem.comparisons.invariance import Invariance, invariance
from vaar.sem.comparisons.item_bias import dmacs
from vaar.sem.comparisons.partial_invariance import PartialInvariance, propose_partial
from vaar.sem.comparisons.score_tests import equality_tests, modification_indices, release_tests
from vaar.sem.data.summary import get_cov
from vaar.sem.fit import fit
from vaar.sem.resampling.bootstrap import Bootstrap, bootstrap
from vaar.sem.resampling.jackknife import Jackknife, jackknife
from vaar.sem.resampling.refit import Refits, refit
from vaar.sem.resampling.samples import MapChunks
from vaar.sem.results.estimates import coef, confint, vcov
from vaar.sem.results.factor_scores import factor_scores
from vaar.sem.results.fit import Fit
from vaar.sem.results.lavaan_script import to_lavaan
from vaar.sem.results.reliability import reliability
from vaar.sem.search.outcome import Outcome

__all__ = [
    "Bootstrap",
    "Comparison",
    "Fit",
    "GroupAlignment",
    "Invariance",
    "Jackknife",
    "MapChunks",
    "Outcome",
    "PartialInvariance",
    "Refits",
    "bootstrap",
    "coef",
    "compare",
    "confint",
    "dmacs",
    "equality_tests",
    "factor_scores",
    "fit",
    "get_cov",
    "group_alignment",
    "invariance",
    "jackknife",
    "modification_indices",
    "propose_partial",
    "refit",
    "release_tests",
    "reliability",
    "to_lavaan",
    "vcov",
    "wald",
]
