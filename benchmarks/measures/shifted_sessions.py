"""How often the intervals of changes under a shift hold the true ones.

    python benchmarks/measures/shifted_sessions.py [REPETITIONS]

Answers are drawn from the population of ``simulated/steerable`` as it is and under a shift towards
privacy, which leaves a quarter of the path from privacy to acceptance: scored, screened, fitted and
contrasted by the package's own functions. Nothing is asked.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.base import Coded
from vaar.analyses.contrasts.wald import difference
from vaar.analyses.shifted_sessions.outcomes import outcomes_table
from vaar.analyses.shifted_sessions.pairs import ShiftedPair
from vaar.calibration.design import RESPONDENT, Design, design_of
from vaar.calibration.judge import judge
from vaar.respondents.simulated.answer_model import AnswerModel
from vaar.respondents.simulated.population_paths import true_paths
from vaar.respondents.simulated.populations import STEERABLE
from vaar.respondents.simulated.steerable import under
from vaar.scoring.scales import score
from vaar.study.conditions import Shift
from vaar.study.load import load_study
from vaar.study.model import Study

SIZES = (100, 300)
SHIFT = Shift("privacy")
GROUPS = tuple(f"{RESPONDENT} [{name}]" for name in ("carried", "pushed"))
PAIR = ShiftedPair(GROUPS[1], GROUPS[0], SHIFT)
OUTCOME = "aods_balanced"


def shifted_study() -> Study:
    """The bundled study without its form, as it is and under the shift."""
    study = load_study("privacy_prosocial")
    plain = study.conditions[0]
    plain = replace(plain, order=tuple(code for code in plain.order if code != "release"))
    return replace(study, conditions=(plain, replace(plain, name="pushed", shift=SHIFT)))


class Drawn:
    """Data sets of one size."""

    def __init__(self, study: Study, sessions: int) -> None:
        self.design: Design = design_of(study, sessions, 1)
        pushed = under(SHIFT, STEERABLE, study)
        self.models = [AnswerModel(one, study) for one in (STEERABLE, pushed)]
        group = self.design.sessions["group"].to_numpy()
        self.rows = [np.flatnonzero(group == name) for name in GROUPS]

    def answers(self, generator: np.random.Generator, paired: bool) -> np.ndarray:
        """Points on the scales; paired sessions draw the same random numbers."""
        shape = (len(self.rows[0]), self.models[0].n_normals)
        normals = [generator.standard_normal(shape) for _ in self.rows]
        values = np.zeros((len(self.design.sessions), len(self.design.codes)), np.int64)
        for at, model, own in zip(self.rows, self.models, normals, strict=True):
            values[at] = model.values(normals[0] if paired else own)
        return values

    def coded(self, values: np.ndarray) -> Coded:
        """The same as an analysis takes it."""
        design = self.design
        responses = design.responses(values)
        scores = score(responses, design.study)
        factors = design.factors.set_axis(scores.index)
        return Coded(design.study, responses, scores, factors, design.groups)


def true_change(study: Study) -> float:
    """The change of the mean score, from so many sessions that its error does not count."""
    drawn, generator = Drawn(study, 20_000), np.random.default_rng(9)
    scores = drawn.coded(drawn.answers(generator, True)).scores
    means = scores.groupby("group")[OUTCOME].mean()
    return float(means[GROUPS[1]] - means[GROUPS[0]])


@dataclass(frozen=True)
class Found:
    """Errors of the changes of paths in one data set, and whether intervals hold the truth."""

    errors: np.ndarray
    held: np.ndarray
    mean_held: bool


def found(
    drawn: Drawn, paired: bool, generator: np.random.Generator, truth: np.ndarray, moved: float
) -> Found:
    """Draw a data set and judge it."""
    values = drawn.answers(generator, paired)
    told = judge(values, drawn.design, AlignmentOptions(), generator)
    (e, base_e), (se, base_se), (df, base_df) = (
        (part[1], part[0]) for part in (told.estimate, told.se, told.df)
    )
    made = difference(e, se, base_e, base_se, df, base_df)
    table = outcomes_table(drawn.coded(values), [PAIR], 1000, 1)
    row = table.set_index("outcome").loc[OUTCOME]
    return Found(
        made.value - truth,
        (made.lower <= truth) & (truth <= made.upper),
        bool(row["change_lower"] <= moved <= row["change_upper"]),
    )


def truths(study: Study) -> tuple[np.ndarray, float]:
    """The true changes of the paths, and of the mean of acceptance."""
    paths = [hypothesis.path for hypothesis in study.hypotheses]
    before, after = (true_paths(one, study) for one in (STEERABLE, under(SHIFT, STEERABLE, study)))
    return np.array([after[path] - before[path] for path in paths]), true_change(study)


def row_of(sessions: int, paired: bool, sets: Sequence[Found]) -> str:
    """A row of Markdown."""
    errors, held = (np.array([getattr(one, name) for one in sets]) for name in ("errors", "held"))
    known = np.isfinite(errors).all(axis=1)
    cells = [str(sessions), "the same" if paired else "own"]
    for k in range(errors.shape[1]):
        own = errors[known, k]
        cells += [f"{own.mean():+.3f} ({own.std() / sqrt(len(own)):.3f})", rate(held[known, k])]
    return f"| {' | '.join([*cells, rate(np.array([one.mean_held for one in sets]))])} |"


def rate(held: np.ndarray) -> str:
    """A share with its Monte Carlo standard error."""
    share = float(np.mean(held))
    return f"{share:.3f} ({sqrt(share * (1 - share) / len(held)):.3f})"


def main(repetitions: int) -> None:
    """Print a row for every number of sessions, and way to draw them."""
    study = shifted_study()
    truth, moved = truths(study)
    paths = [hypothesis.path for hypothesis in study.hypotheses]
    print(f"true changes: {', '.join(f'{x:+.3f}' for x in truth)}; {OUTCOME} {moved:+.3f}")
    heads = [*(f"{path}: bias (SE) | coverage (SE)" for path in paths), "acceptance: coverage (SE)"]
    print(f"| sessions a group | random numbers | {' | '.join(heads)} |")
    print("|" + "---|" * (3 + 2 * len(paths)))
    for sessions in SIZES:
        drawn = Drawn(study, sessions)
        for paired in (False, True):
            generator = np.random.default_rng(1)
            sets = [found(drawn, paired, generator, truth, moved) for _ in range(repetitions)]
            print(row_of(sessions, paired, sets), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
