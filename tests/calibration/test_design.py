from dataclasses import replace

import numpy as np
import pytest

from vaar.calibration.design import design_of
from vaar.errors import DataError
from vaar.responses.schema import VARIED
from vaar.sessions.plan import plan_sessions


def varied(study, **changes):
    return replace(study, variation=replace(study.variation, **changes))


def test_the_sessions_are_those_that_a_run_would_have(study):
    study = varied(study, options="alternating", order="counterbalanced")
    design = design_of(study, 12, seed=3)
    planned = plan_sessions(study, ["simulated"], 12, 3)
    told = design.sessions[["session", *VARIED]].values.tolist()
    assert told == [
        [s.number, s.persona, " ".join(s.instrument_order), s.item_order, s.scale_direction,
         s.paraphrase]
        for s in planned
    ]  # fmt: skip
    assert design.descending.all(axis=1).tolist() == [
        s.scale_direction == "descending" for s in planned
    ]


def test_what_a_conversation_is(study):
    isolated = replace(study.conditions[0], history="isolated")
    fresh = replace(study.conditions[0], name="fresh", history="fresh")
    carried = replace(study.conditions[0], name="carried too")
    several = replace(study, conditions=(isolated, fresh, carried))
    design = design_of(several, 1, seed=1)
    sizes = [len(part.coded_items) for part in study.instruments if part.coded_items]
    of_instrument = np.repeat(range(len(sizes)), sizes)
    assert design.conversation[0].tolist() == of_instrument.tolist()
    assert design.conversation[1].tolist() == list(range(sum(sizes)))
    assert not design.conversation[2].any()
    assert design.n_conversations == sum(sizes)


def test_an_item_that_a_condition_does_not_ask_has_no_answer(study):
    order = study.conditions[0].order
    less = replace(study, conditions=(replace(study.conditions[0], order=order[:1]),))
    design = design_of(less, 2, seed=1)
    values = design.responses(np.ones((2, len(design.codes)), np.int64))["value"]
    asked = len(study.instrument[order[0]].coded_items)
    assert values.notna().sum() == 2 * asked


def test_groups_are_split_as_asked(study):
    design = design_of(varied(study, options="alternating"), 6, seed=1, by=("options",))
    assert design.groups["group"].tolist() == [
        "simulated [options: ascending]",
        "simulated [options: descending]",
    ]
    assert set(design.sessions["group"]) == set(design.groups["group"])
    with pytest.raises(DataError, match="same options"):
        design_of(study, 6, seed=1, by=("options",))
