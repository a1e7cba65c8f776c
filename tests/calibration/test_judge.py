from dataclasses import replace

import numpy as np
import pytest

from vaar.analyses.alignment.analysis import AlignmentAnalysis
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.screening.screen import screen
from vaar.analyses.base import Coded, Work
from vaar.calibration.design import design_of
from vaar.calibration.draw import drawn
from vaar.calibration.judge import judge
from vaar.calibration.populations import without_effects
from vaar.respondents.simulated.answer_model import AnswerModel
from vaar.scoring.scales import score
from vaar.study.model import Persona


def answers(study, sessions, name="null", by=()):
    design = design_of(study, sessions, seed=2, by=by)
    (population,) = without_effects([name], 0.7)
    return design, drawn(AnswerModel(population, study), design, np.random.default_rng(8))


@pytest.mark.parametrize("by", [(), ("options",)])
def test_a_data_set_is_judged_as_the_analysis_judges_answers(study, by):
    study = replace(study, variation=replace(study.variation, options="alternating"))
    design, values = answers(study, 160, "straight-lining", by)
    options = AlignmentOptions(replicates=0, subsamples=1)
    judged = judge(values, design, options, np.random.default_rng(1))
    responses = design.responses(values)
    scores = score(responses, study)
    data = Coded(study, responses, scores, design.factors.set_axis(scores.index), design.groups, by)
    outcome = AlignmentAnalysis().run(data, options, {}, Work())
    paths = outcome.tables["paths"]
    shape = judged.verdict.shape
    place = {group: g for g, group in enumerate(design.groups["group"])}
    paths = paths.assign(at=paths["group"].map(place)).sort_values("at", kind="stable")
    assert judged.estimate == pytest.approx(paths["std_estimate"].to_numpy(float).reshape(shape))
    assert judged.se == pytest.approx(paths["std_se"].to_numpy(float).reshape(shape))
    assert judged.verdict.ravel().tolist() == paths["verdict"].tolist()
    flawed = [bool(fit["flaws"]) for fit in outcome.record["group_fits"].values()]
    assert judged.flagged.sum() == sum(flawed)
    kept = screen(scores, study).scores["group"].value_counts()
    assert judged.left_out == pytest.approx([1 - kept[g] * len(place) / 160 for g in place])
    assert (judged.left_out > 0).all()


def test_errors_are_clustered_where_personas_repeat(study):
    people = tuple(Persona(f"p{n}", ()) for n in range(40))
    design, values = answers(replace(study, personas=people), 160)
    rng = np.random.default_rng(1)
    clustered = judge(values, design, AlignmentOptions(), rng)
    alone = judge(values, replace(design, sessions=design.sessions.assign(persona="")),
                  AlignmentOptions(), rng)  # fmt: skip
    assert clustered.df.tolist() == [39]
    assert alone.df.tolist() == [np.inf]
    assert clustered.estimate == pytest.approx(alone.estimate, abs=1e-4)
    assert np.abs(clustered.se - alone.se).min() > 1e-3


def test_a_group_that_is_refused_has_no_estimate(study):
    design, values = answers(study, 80, "copies")
    judged = judge(values, design, AlignmentOptions(), np.random.default_rng(1))
    assert {str(verdict) for verdict in judged.verdict.ravel()} == {"not estimable"}
    assert np.isnan(judged.vaar).all()
    assert np.isnan(judged.estimate).all()
