"""Multi-group structural equation modelling: lavaan's language and numbers.

::

    import vaar.sem as sem

    fit = sem.fit("f =~ x1 + x2 + x3", data, group="school", group_equal=["loadings"])
    fit.params
    fit.measures["cfi"]
"""

from vaar.sem.fit import fit
from vaar.sem.outcome import Outcome
from vaar.sem.result import Fit

__all__ = ["Fit", "Outcome", "fit"]
