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


def analysed(design, values, options, study, by=()):
    """The answers as `vaar analyze` judges them: outcome, scores, and the rows of the paths."""
    responses = design.responses(values)
    scores = score(responses, study)
    data = Coded(study, responses, scores, design.factors.set_axis(scores.index), design.groups, by)
    outcome = AlignmentAnalysis().run(data, options, {}, Work())
    place = {group: g for g, group in enumerate(design.groups["group"])}
    paths = outcome.tables["paths"]
    paths = paths.assign(at=paths["group"].map(place)).sort_values("at", kind="stable")
    return outcome, scores, paths


@pytest.mark.parametrize("by", [(), ("options",)])
def test_a_data_set_is_judged_as_the_analysis_judges_answers(study, by):
    study = replace(study, variation=replace(study.variation, options="alternating"))
    design, values = answers(study, 160, "straight-lining", by)
    options = AlignmentOptions(replicates=0, subsamples=1)
    judged = judge(values, design, options, np.random.default_rng(1))
    outcome, scores, paths = analysed(design, values, options, study, by)
    place, shape = list(design.groups["group"]), judged.verdict.shape
    assert judged.estimate == pytest.approx(paths["std_estimate"].to_numpy(float).reshape(shape))
    assert judged.se == pytest.approx(paths["std_se"].to_numpy(float).reshape(shape))
    assert judged.verdict.ravel().tolist() == paths["verdict"].tolist()
    flawed = [bool(fit["flaws"]) for fit in outcome.record["group_fits"].values()]
    assert judged.flagged.sum() == sum(flawed)
    kept = screen(scores, study).scores["group"].value_counts()
    assert judged.left_out == pytest.approx([1 - kept[g] * len(place) / 160 for g in place])
    assert (judged.left_out > 0).all()


@pytest.mark.parametrize(("personas", "replicates"), [(40, 0), (40, 300), (100, 300)])
def test_personas_that_repeat_are_judged_by_the_rule_of_the_analysis(study, personas, replicates):
    """By leaving each out in turn, by replicates, or without either as independent sessions."""
    study = replace(study, personas=tuple(Persona(f"p{n}", ()) for n in range(personas)))
    design, values = answers(study, 2 * personas)
    options = AlignmentOptions(replicates=replicates, subsamples=1)
    judged = judge(values, design, options, np.random.default_rng(1))
    _, _, paths = analysed(design, values, options, study)
    theirs = paths["std_se"].to_numpy(float)
    drawn = personas == 100  # two spreads of 300 each: their errors are 4 %; the rest is exact
    assert judged.se[0] == pytest.approx(theirs, rel=0.15 if drawn else 1e-9)
    assert judged.df.tolist() == [personas - 1]
    assert judged.estimate[0] == pytest.approx(paths["std_estimate"].to_numpy(float))


def test_a_group_that_is_refused_has_no_estimate(study):
    design, values = answers(study, 80, "copies")
    judged = judge(values, design, AlignmentOptions(), np.random.default_rng(1))
    assert {str(verdict) for verdict in judged.verdict.ravel()} == {"not estimable"}
    assert np.isnan(judged.vaar).all()
    assert np.isnan(judged.estimate).all()
