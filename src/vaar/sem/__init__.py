"""Multi-group structural equation modelling: lavaan's language and numbers.

::

    import vaar.sem as sem

    fit = sem.fit("f =~ x1 + x2 + x3", data, group="school", group_equal=["loadings"])
    fit.params
    fit.measures["cfi"]
"""

from vaar.sem.bootstrap import Bootstrap, bootstrap
from vaar.sem.compare import Comparison, compare, wald
from vaar.sem.factor_scores import factor_scores
from vaar.sem.fit import fit
from vaar.sem.invariance import Invariance, invariance
from vaar.sem.lavaan_script import to_lavaan
from vaar.sem.model_reliability import reliability
from vaar.sem.modification import equality_tests, modification_indices, release_tests
from vaar.sem.outcome import Outcome
from vaar.sem.partial import PartialInvariance, propose_partial
from vaar.sem.refit import Refits, refit
from vaar.sem.resampling import MapChunks
from vaar.sem.result import Fit

__all__ = [
    "Bootstrap",
    "Comparison",
    "Fit",
    "Invariance",
    "MapChunks",
    "Outcome",
    "PartialInvariance",
    "Refits",
    "bootstrap",
    "compare",
    "equality_tests",
    "factor_scores",
    "fit",
    "invariance",
    "modification_indices",
    "propose_partial",
    "refit",
    "release_tests",
    "reliability",
    "to_lavaan",
    "wald",
]
