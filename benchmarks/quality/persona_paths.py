"""Are paths within and between personas unbiased, and do their intervals cover?

Sessions stand in personas; latent variables have an intraclass correlation of .3, indicators
loadings of .7 and, where asked for, residuals of their own between personas, which the model holds
at 0. Prints a row for each design; all data are simulated.

    python benchmarks/quality/persona_paths.py [--replicates 500]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
import pandas as pd

from vaar.analyses.persona_paths.paths import persona_paths
from vaar.study.load import load_study
from vaar.study.structural_model import read_structure

DESIGNS = ((20, 10), (50, 5), (100, 5))  # personas, sessions of each
TRUE = {"within": (-0.3, 0.4), "between": (-0.5, 0.3)}
PATHS = ("aods ~ privacy", "aods ~ prosocial")
ICC, LOADING = 0.3, 0.7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=500)
    replicates = parser.parse_args().replicates
    print("personas sessions between-residuals level path true bias sd/se coverage (se) estimated")
    for personas, sessions in DESIGNS:
        for share in (0.0, 0.1):
            for line in _design(personas, sessions, share, replicates):
                print(personas, sessions, share, *line)


def _design(personas: int, sessions: int, share: float, replicates: int) -> Iterator[tuple]:
    study = load_study("privacy_prosocial_published")
    rng = np.random.default_rng([personas, sessions, int(100 * share)])
    found = pd.concat(
        persona_paths(_drawn(rng, personas, sessions, share, study), study, "MLR")
        for _ in range(replicates)
    )
    for level, values in TRUE.items():
        for path, true in zip(PATHS, values, strict=True):
            own = found[(found["level"] == level) & (found["path"] == path)]
            known = own[own["std_se"].notna()]
            covered = known["lower"].le(true) & known["upper"].ge(true)
            error = np.sqrt(covered.mean() * (1 - covered.mean()) / len(known))
            spread = known["std_estimate"].std() / known["std_se"].mean()
            bias = known["std_estimate"].mean() - true
            figures = f"{bias:+.3f} {spread:.2f} {covered.mean():.3f} ({error:.3f})"
            yield level, path, true, figures, f"{len(known) / len(own):.3f}"


def _drawn(
    rng: np.random.Generator, personas: int, sessions: int, share: float, study
) -> pd.DataFrame:
    persona = np.repeat(np.arange(personas), sessions)
    inner = _level(rng, len(persona), TRUE["within"], 1 - ICC)
    outer = _level(rng, personas, TRUE["between"], ICC)
    rest = 1 - LOADING**2
    table = {
        code: LOADING * (inner[latent] + outer[latent][persona])
        + np.sqrt(rest * (1 - share)) * rng.normal(size=len(persona))
        + np.sqrt(rest * share) * rng.normal(size=personas)[persona]
        for latent, codes in read_structure(study.structural_model).indicators.items()
        for code in codes
    }
    return pd.DataFrame(table).assign(group="model", persona=[f"p{i}" for i in persona])


def _level(
    rng: np.random.Generator, n: int, paths: tuple[float, float], variance: float
) -> dict[str, np.ndarray]:
    privacy, prosocial = rng.normal(size=(2, n))
    rest = np.sqrt(1 - paths[0] ** 2 - paths[1] ** 2)
    aods = paths[0] * privacy + paths[1] * prosocial + rest * rng.normal(size=n)
    values = {"privacy": privacy, "prosocial": prosocial, "aods": aods}
    return {name: np.sqrt(variance) * each for name, each in values.items()}


if __name__ == "__main__":
    main()
