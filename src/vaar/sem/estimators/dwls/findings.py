"""What to know of ordinal answers: pairs left out, and categories that nobody chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from vaar.sem.data.ordinal.pairs import PairOutcome
from vaar.sem.data.ordinal.sample import OrdinalSample
from vaar.sem.data.screening import Finding
from vaar.sem.model.equality import Equality
from vaar.sem.model.group_rules import Boundary
from vaar.sem.model.parameters import ModelSpec


def ordinal_findings(
    sample: OrdinalSample, groups: Sequence[str], spec: ModelSpec, equality: Equality
) -> Iterator[Finding]:
    """Pairs that are left out of the fit, and categories that nobody in a group chose."""
    names = spec.observed
    if spec.parameterization == "delta" and "residuals" in equality.kinds:
        detail = "under delta, residual variances of ordinal items are no parameters: use theta"
        yield Finding("", "", "residuals in group_equal", "held for continuous items only", detail)
    for g, group in enumerate(groups):
        here = np.flatnonzero(sample.present[g])
        found = sample.by_group[g]
        for i, j in np.argwhere(np.triu(found.outcomes != PairOutcome.ESTIMATED, 1)):
            pair = f"{names[here[i]]}, {names[here[j]]}"
            outcome = PairOutcome(found.outcomes[i, j])
            yield Finding(group, pair, "no correlation", "pair left out", outcome.message)
        exact = Counter(
            item for (item, _), b in sample.boundary_of[g].items() if b is Boundary.EXACT
        )
        for j in here[sample.ordered[here]]:
            if exact[int(j)] < len(sample.categories[j]) - 1:
                yield _empty_categories(sample, g, group, int(j), names[j])


def _empty_categories(sample: OrdinalSample, g: int, group: str, item: int, name: str) -> Finding:
    known = {cut: b for (j, cut), b in sample.boundary_of[g].items() if j == item}
    used = sample.categories[item]
    answers = sample.values[(sample.group == g) & sample.observed[sample.block][:, item], item]
    empty = sorted(set(used.tolist()) - set(answers.tolist()))
    spanning = [f"t{cut + 1}" for cut, b in known.items() if b is Boundary.SPANNING]
    action = "threshold of this group alone" if spanning else "threshold absent"
    detail = f"nobody chose {', '.join(f'{value:g}' for value in empty)}"
    if spanning:
        detail += f"; {', '.join(spanning)} spans more than one boundary"
    return Finding(group, name, "empty category", action, detail)
