"""What Inspect's viewer shows of a session: how much was answered, and the scale scores.

Neither is a VAAR, which belongs to a group of sessions and not to one: import the log for it.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState

from vaar.coding.answer import Reason
from vaar.inspect_bridge.records import KEY, SaidRecord
from vaar.inspect_bridge.sessions import session_in
from vaar.responses.table import build_table, to_pandas
from vaar.scoring.scales import scales
from vaar.scoring.scales import score as scale_scores
from vaar.study.model import Study

_METRICS = {"*": [mean(), stderr()]}


@scorer(metrics=_METRICS)
def answers(study: Study) -> Scorer:
    """Shares of a session's items that were answered, refused (at last, at first), asked again."""

    async def score(state: TaskState, target: Target) -> Score:
        rows = _responses(state, study)
        missing = Counter(rows["reason"].dropna())
        shares = {
            "answered": float(rows["value"].notna().mean()),
            "refused": float((rows["reason"] == Reason.REFUSED).mean()),
            "refused_at_first": float((rows["first_reason"] == Reason.REFUSED).mean()),
            "asked_again": float((rows["attempts"] > 1).mean()),
        }
        said = ", ".join(f"{count} {reason}" for reason, count in missing.most_common())
        return Score(value=shares, explanation=f"without a value: {said or 'none'}")

    return score


@scorer(metrics=_METRICS)
def scale_means(study: Study) -> Scorer:
    """Scale and subscale scores of a session on their own points; NaN where it has none."""

    async def score(state: TaskState, target: Target) -> Score:
        scored = scale_scores(_responses(state, study), study).iloc[0]
        return Score(value={scale.code: float(scored[scale.code]) for scale in scales(study)})

    return score


def _responses(state: TaskState, study: Study) -> pd.DataFrame:
    said = SaidRecord.model_validate(state.store.get(KEY, {}))
    session = session_in(state.metadata, study, str(state.model))
    turns = [record.in_session(session.number) for record in said.turns]
    return to_pandas(build_table(study, [session], turns))
