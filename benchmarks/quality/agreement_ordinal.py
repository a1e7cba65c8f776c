"""Models of ordinal items: simulated data sets with two to seven categories, and real answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from agreement_cases import ORDINAL_LEVELS, Case
from agreement_catalogue import BFI

MODEL = "a =~ y1 + y2 + y3 + y4\nb =~ y5 + y6 + y7\nd =~ y8 + y9 + y10\nd ~ a + b"
ITEMS = tuple(f"y{i}" for i in range(1, 11))
CATEGORIES = {"two": 2, "three": 3, "four": 4, "five": 5, "seven": 7}
_LOADINGS = np.array([0.8, 0.7, 0.6, 0.75, 0.8, 0.7, 0.65, 0.8, 0.7, 0.75])
_FACTOR = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])


def ordinal_sets() -> dict[str, pd.DataFrame]:
    """Simulated data sets by name.

    "mixed" has two, three, four and five categories side by side, "continuous" three items that
    are not ordinal, "gaps" missing answers.
    """
    sets = {name: _answers(count, [count] * 10) for name, count in CATEGORIES.items()}
    sets["mixed"] = _answers(11, [2, 3, 4, 5, 2, 3, 4, 5, 3, 4])
    sets["continuous"] = _answers(12, [4] * 10)
    rng = np.random.default_rng(13)
    for name in ("y3", "y6", "y9"):
        sets["continuous"][name] += rng.normal(0, 0.4, len(sets["continuous"]))
    gaps = _answers(14, [4] * 10)
    gaps.loc[:, list(ITEMS)] = gaps[list(ITEMS)].mask(rng.random((len(gaps), 10)) < 0.06)
    sets["gaps"] = gaps
    sets["predicted"] = _with_predictors(_answers(15, [4] * 10))
    return sets


def _with_predictors(data: pd.DataFrame) -> pd.DataFrame:
    """With two observed predictors that correlate with each other and with the answers."""
    rng = np.random.default_rng(16)
    z = 0.3 * data["y1"] + rng.normal(0, 1, len(data))
    w = 0.5 * z - 0.2 * data["y5"] + rng.normal(0, 1, len(data))
    return data.assign(z=z.round(3), w=w.round(3))


def _answers(seed: int, categories: list[int]) -> pd.DataFrame:
    rng = np.random.default_rng([seed, 7])
    parts = []
    for number, rows in enumerate((420, 380)):
        a, b, rest = rng.standard_normal((3, rows))
        b = 0.3 * a + b
        d = 0.4 * a - (0.3 + 0.2 * number) * b + 0.8 * rest
        latent = np.column_stack([a, b, d])[:, _FACTOR] * _LOADINGS + 0.15 * number
        latent += rng.normal(0, 0.65, size=latent.shape)
        part = pd.DataFrame()
        for j, count in enumerate(categories):
            cuts = np.linspace(-0.9, 1.1, count - 1) if count > 2 else np.array([0.3])
            part[ITEMS[j]] = 1.0 + np.searchsorted(cuts + 0.05 * j, latent[:, j])
        parts.append(part.assign(school=f"g{number}"))
    return pd.concat(parts, ignore_index=True)


def ordinal_catalogue() -> Iterator[Case]:
    """Every ordinal case, those of one data set together."""
    for name in CATEGORIES:
        stem = Case(name, f"WLSMV, {CATEGORIES[name]} categories", name, MODEL, "WLSMV")
        yield from _sequence(replace(stem, ordered="all"))
    mixed = Case("mixed", "WLSMV, unlike items", "mixed", MODEL, "WLSMV", ordered="all")
    yield from _sequence(mixed)
    some = "|".join(name for name in ITEMS if name not in ("y3", "y6", "y9"))
    part = Case("cont", "WLSMV, ordinal and continuous", "continuous", MODEL, "WLSMV")
    yield from _sequence(replace(part, ordered=some))
    gaps = Case("gaps", "WLSMV, missing answers", "gaps", MODEL, "WLSMV", ordered="all")
    yield from _sequence(gaps)
    yield from _sequence(replace(gaps, name="pairs", missing="pairwise"))
    yield from _words(replace(part, ordered=some))
    yield from _predicted()
    yield from _real()


def _words(case: Case) -> Iterator[Case]:
    """Thresholds or intercepts alone: where items are ordinal, either word means both."""
    for word in ("thresholds", "intercepts"):
        yield replace(case, name=f"{case.name}_{word}", equal=word)
        yield replace(case, name=f"{case.name}_loadings_{word}", equal=f"loadings|{word}")


def _predicted() -> Iterator[Case]:
    """Observed predictors of factors and of an item, none of them held."""
    model = f"{MODEL}\na + b ~ z + w\ny9 ~ w\ny6 ~ z"
    kind = "WLSMV, observed predictors"
    case = Case("pred", kind, "predicted", model, "WLSMV", ordered="|".join(ITEMS), fixed_x=False)
    yield replace(case, name="pred_one", group="")
    yield from _levels(case)
    scalar = "|".join(ORDINAL_LEVELS["scalar"])
    yield replace(case, name="pred_paths", equal=f"{scalar}|regressions", previous="pred_scalar")
    theta = replace(case, parameterization="theta", identification="std_lv")
    yield replace(theta, name="pred_theta")
    yield replace(theta, name="pred_theta_strict", equal=f"{scalar}|residuals")
    mixed = replace(case, data="predicted", ordered="|".join(ITEMS[:5]))
    yield replace(mixed, name="pred_mixed", equal=scalar)


def _sequence(case: Case) -> Iterator[Case]:
    """Levels, equal regressions and partial invariance under both parameterisations; under theta,
    and unit variances, strict too."""
    yield from _levels(replace(case, name=f"{case.name}_delta"))
    scalar, previous = "|".join(ORDINAL_LEVELS["scalar"]), f"{case.name}_delta_scalar"
    paths = replace(case, name=f"{case.name}_delta_paths", equal=f"{scalar}|regressions")
    yield replace(paths, previous=previous)
    yield replace(case, name=f"{case.name}_delta_partial", equal=scalar, partial="a=~y2|d=~y9")
    if case.name != "two":  # binary items need equal loadings too
        yield replace(case, name=f"{case.name}_delta_thresholds", equal="thresholds")
    theta = replace(case, parameterization="theta", identification="std_lv", equal=scalar)
    yield replace(theta, name=f"{case.name}_theta_scalar")
    strict = replace(theta, name=f"{case.name}_theta_strict", equal=f"{scalar}|residuals")
    yield replace(strict, previous=f"{case.name}_theta_scalar")


def _real() -> Iterator[Case]:
    kind = "WLSMV, real answers"
    model = "left =~ MBSA2 + MBSA7 + MBSA8 + MBSA9"
    cnes = Case("cnes", kind, "cnes", model, "WLSMV", ordered="all")
    yield replace(cnes, group="")
    yield from _levels(cnes)
    yield from _levels(replace(cnes, name="cnes_theta", parameterization="theta"))
    three = "\n".join(BFI.splitlines()[1:4])
    items = "|".join(f"{letter}{i}" for letter in "CEN" for i in range(1, 6))
    bfi = Case("bfi", kind, "bfi", f"{three}\nneuro ~ consc + extra", "WLSMV", ordered=items)
    yield replace(bfi, group="")
    yield from _levels(bfi)
    yield from _levels(replace(bfi, name="bfi_pairs", missing="pairwise", identification="std_lv"))
    for estimator in ("WLSM", "DWLS"):
        plain = replace(bfi, name=f"bfi_{estimator}", kind="WLSM and DWLS", estimator=estimator)
        yield from _levels(plain)


def _levels(case: Case) -> Iterator[Case]:
    previous = ""
    for level, equal in ORDINAL_LEVELS.items():
        name = f"{case.name}_{level}"
        yield replace(case, name=name, equal="|".join(equal), previous=previous)
        previous = name
