"""Random samples of other designs: rows in clusters, weights, moments in place of rows, and models
with equations, bounds or two levels.

Everything is drawn from the seed. All data are simulated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from agreement_cases import Case

_LEVELS = {
    "configural": "",
    "metric": "loadings",
    "scalar": "loadings|intercepts",
    "paths": "loadings|intercepts|regressions",
}


@dataclass(frozen=True)
class Design:
    """A sample and the parts of models for it.

    Attributes
    ----------
    data : DataFrame
        Items, predictors x and z (of clusters), school, cluster, and weights that average 1 in each
        group.
    items : tuple of tuples of str
        Of the two latent variables.
    """

    name: str
    data: pd.DataFrame
    items: tuple[tuple[str, ...], tuple[str, ...]]
    rng: np.random.Generator

    @property
    def factors(self) -> str:
        return "\n".join(f"f{k} =~ " + " + ".join(own) for k, own in enumerate(self.items))

    @property
    def model(self) -> str:
        return f"{self.factors}\nf1 ~ f0 + x"


def design(seed: int) -> Design:
    """The sample of a seed."""
    rng = np.random.default_rng([seed, 12])
    counts = rng.integers(3, 5, size=2)
    items = tuple(
        tuple(f"y{k}{chr(97 + i)}" for i in range(count)) for k, count in enumerate(counts)
    )
    parts = [_group(rng, number, items) for number in range(2)]
    data = pd.concat(parts, ignore_index=True)
    data["weight"] /= data.groupby("school")["weight"].transform("mean")
    return Design(f"design{seed}", data, items, rng)  # type: ignore[arg-type]


def _group(
    rng: np.random.Generator, number: int, items: tuple[tuple[str, ...], ...]
) -> pd.DataFrame:
    size = rng.integers(2, 9, size=int(rng.integers(50, 80)))
    at = np.repeat(np.arange(len(size)), size)

    def mixed(share: float) -> np.ndarray:
        outer, inner = rng.normal(size=len(size)), rng.normal(size=len(at))
        return np.sqrt(share) * outer[at] + np.sqrt(1 - share) * inner

    z, x = rng.normal(size=len(size))[at], mixed(0.3)
    first = 0.4 * x + 0.4 * z + mixed(0.3)
    second = rng.uniform(0.2, 0.6) * first - 0.3 * x + 0.8 * mixed(0.3)
    values = {
        item: number * 0.1 + rng.uniform(0.6, 1.1) * latent + rng.uniform(0.5, 0.9) * mixed(0.15)
        for own, latent in zip(items, (first, second), strict=True)
        for item in own
    }
    weight = 0.3 + rng.random(len(at)) + 0.7 * (x > 0)
    table = pd.DataFrame(values | {"x": x, "z": z, "weight": weight}).round(4)
    return table.assign(school=f"s{number}", cluster=[f"c{number}_{i}" for i in at])


def design_sets(seeds: range) -> Iterator[tuple[str, pd.DataFrame, list[Case]]]:
    """Data sets by name, with their cases: each sample with all its answers, and with gaps."""
    for seed in seeds:
        made = design(seed)
        gaps = made.data.copy()
        for item in [item for own in made.items for item in own[1:]]:
            gaps.loc[made.rng.random(len(gaps)) < 0.06, item] = np.nan
        yield made.name, made.data, list(_cases(made))
        yield f"{made.name}gaps", gaps, list(_gap_cases(made))


def _cases(made: Design) -> Iterator[Case]:
    plain = Case(made.name, "", made.name, made.model)
    std = "std_lv" if made.rng.random() < 0.5 else "marker"
    clustered = replace(
        plain, kind="drawn: clusters", estimator="MLR", cluster="cluster", identification=std
    )
    yield replace(clustered, name=f"{made.name}_cluster_one", group="")
    yield from _levels(replace(clustered, name=f"{made.name}_cluster"))
    weighted = replace(plain, kind="drawn: weights", estimator="MLR", weight="weight")
    yield replace(weighted, name=f"{made.name}_weight_one", group="")
    yield from _levels(replace(weighted, name=f"{made.name}_weight"))
    both = replace(clustered, kind="drawn: clusters and weights", weight="weight")
    yield from _levels(replace(both, name=f"{made.name}_both", fixed_x=False))
    moments = replace(plain, kind="drawn: moments", fixed_x=False)
    for kind in ("cov", "cor"):
        own = replace(moments, name=f"{made.name}_{kind}", moments=kind)
        yield replace(own, name=f"{own.name}_one", group="")
        if kind == "cov":
            yield from _levels(own)
    yield from _constrained(made, plain)
    yield from _bounded(made, plain)
    yield from _two_levels(made, plain)


def _gap_cases(made: Design) -> Iterator[Case]:
    name = f"{made.name}gaps"
    gaps = Case(name, "", name, made.model, "MLR", "fiml", cluster="cluster", fixed_x=False)
    clustered = replace(gaps, kind="drawn: clusters, FIML", name=f"{name}_cluster")
    yield from _levels(clustered)
    both = replace(gaps, kind="drawn: clusters and weights, FIML", weight="weight")
    yield from _levels(replace(both, name=f"{name}_both"))


def _levels(case: Case) -> Iterator[Case]:
    previous = ""
    for level, equal in _LEVELS.items():
        name = f"{case.name}_{level}"
        yield replace(case, name=name, equal=equal, previous=previous)
        previous = name


def _constrained(made: Design, plain: Case) -> Iterator[Case]:
    """Labels on loadings, paths and residuals, and equations among them."""
    (a, b, c, *_), (d, e, f, *_) = made.items
    labelled = (
        f"f0 =~ {a} + p*{b} + q*{c}\nf1 =~ {d} + r*{e} + s*{f}\nf1 ~ u*f0 + v*x\nf0 ~ w*x\n"
        f"{b} ~~ k*{b}\n{c} ~~ l*{c}\n{e} ~~ m*{e}"
    )
    half = round(float(made.rng.uniform(0.4, 0.9)), 2)
    texts = {
        "sum": "p + q == 2",
        "ratio": f"p == {half}*q\nuw := u*w",
        "value": f"r == {half}\ns == r",
        "chain": "p == q\nq == r\ntotal := v + u*w\nshare := u*w/total",
        "several": "p + r == 2*q\nu == -v\nk == (l + m)/2",
        "shares": "k == l\nl == m\np - q == s - 1",
        "idle": "p > -3\nk < 40",
    }
    for word, lines in texts.items():
        case = replace(
            plain, kind="drawn: equations", model=f"{labelled}\n{lines}", meanstructure="True"
        )
        for estimator in ("ML", "MLR"):
            name = f"{made.name}_{word}_{estimator}"
            yield replace(case, name=name, estimator=estimator, group="")
    vector = labelled.replace("p*", "c(p1, p2)*").replace("u*", "c(u1, u2)*")
    vector = vector.replace("q*", "c(q1, q2)*").replace("w*", "c(w1, w2)*")
    for letter in "rsvklm":
        vector = vector.replace(f" {letter}*", f" c({letter}1, {letter}2)*")
    lines = "p1 + p2 == q1 + q2\nu1 == u2\nw1 == 2*w2\nk1 == l1\ngap := v1 - v2"
    case = replace(plain, kind="drawn: equations, groups", model=f"{vector}\n{lines}")
    for estimator in ("ML", "MLR"):
        yield replace(case, name=f"{made.name}_vector_{estimator}", estimator=estimator)


def _bounded(made: Design, plain: Case) -> Iterator[Case]:
    (_, b, *_), (d, *_) = made.items
    texts = {
        "inside": f"{made.model}\n{b} ~~ lower(0)*{b}\nf1 ~~ lower(-1)*f1",
        "upper": made.model.replace(f" {b}", f" upper(0.7)*{b}"),
        "lower": f"{made.model}\n{d} ~~ lower(1.1)*{d}",
    }
    for word, text in texts.items():
        case = replace(plain, kind="drawn: bounds", model=text, group="", fixed_x=False)
        case = replace(case, meanstructure="True")
        for estimator in ("ML", "MLR"):
            yield replace(case, name=f"{made.name}_{word}_{estimator}", estimator=estimator)
    names = f"{made.name}_positive"
    yield replace(plain, kind="drawn: bounds", name=names, bounds="pos.var")


def _two_levels(made: Design, plain: Case) -> Iterator[Case]:
    texts = {
        "measures": (made.factors, made.factors),
        "paths": (made.model, f"{made.factors}\nf1 ~ f0 + z"),
        "outer": (f"{made.factors}\nf1 ~ f0", f"{made.factors}\nf0 + f1 ~ z"),
    }
    for word, (inner, outer) in texts.items():
        text = f"level: 1\n{inner}\nlevel: 2\n{outer}"
        case = replace(plain, model=text, cluster="cluster", kind="drawn: two levels", group="")
        case = replace(case, fixed_x=False)
        for estimator in ("ML", "MLR"):
            name = f"{made.name}_levels_{word}_{estimator}"
            yield replace(case, name=name, estimator=estimator)
        if word == "measures":
            yield replace(case, name=f"{made.name}_levels_groups", group="school")
