"""The SEM engine alone: is the regression of one factor on another the same in two groups?"""

import numpy as np
import pandas as pd

import vaar.sem as sem

rng = np.random.default_rng(1)
parts = []
for school, slope in {"north": 0.2, "south": 0.7}.items():
    cause = rng.normal(size=300)
    effect = slope * cause + rng.normal(size=300)
    items = {f"x{k}": cause + rng.normal(size=300) for k in (1, 2, 3)}
    items |= {f"y{k}": effect + rng.normal(size=300) for k in (1, 2, 3)}
    parts.append(pd.DataFrame(items).assign(school=school))
data = pd.concat(parts, ignore_index=True)

model = """
    cause  =~ x1 + x2 + x3
    effect =~ y1 + y2 + y3
    effect ~ c(north, south)*cause
"""
fit = sem.fit(model, data, group="school", estimator="MLR", group_equal=["loadings"])
print(fit)
print(sem.wald(fit, "north == south"))
