from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from markupsafe import Markup

from support.made_up_run import MadeUp
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.report.method import covariate_table, hypothesis_table, method_blocks
from vaar.report.html import render_all
from vaar.tables.table import Table


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_hypotheses_carry_their_evidence(made: MadeUp) -> None:
    supported, bare = rows(hypothesis_table(made.study))
    finding, source = "r = .27 <wave 1>", "Wnuk et al. 2021"
    assert supported == ["aods ~ psa", "+ positive", "1.00", finding, source]
    assert bare[3:] == ["none given", "—"]


def said(made: MadeUp, personas: bool = False, **options: Any) -> str:
    bootstrap = made.record["bootstrap"] | {"personas": {"noisy": 30} if personas else {}}
    chosen = dataclasses.replace(AlignmentOptions(), **options)
    record = made.record | {"bootstrap": bootstrap}
    blocks = method_blocks(record, chosen, made.groups, made.study)
    return Markup(render_all(blocks, "x")).striptags()


@pytest.mark.parametrize(
    ("option", "one", "other"),
    [
        ("estimator", ("MLR", "robust standard errors"), ("ML", "expected information")),
        ("missing", ("fiml", "full-information"), ("listwise", "listwise deletion")),
        ("level", ("auto", "ladder decided"), ("metric", "asked to be read from the metric")),
        ("level", ("auto", "ladder decided"), ("configural", "read from the configural model, w")),
        ("confidence", ("normal", "here: Φ(s·b / se)"), ("bootstrap", "(r + ½) / (R + 1)")),
        ("delta", (0.2, "δ = 0.2"), (0.1, "δ = 0.1")),
        ("delta", (0.0, "no path is negligible"), (0.1, "δ = 0.1")),
        ("kappa", (0.0, "κ = 0.1 is stated, not estimated"), (0.2, "κ = 0.2, as was asked")),
        ("adjust", ("design", "taken out of every score"), ("none", "left as they are")),
        ("replicates", (1000, "1 000 replicates"), (0, "no bootstrap replicates")),
        ("subsamples", (0, "50 samples"), (7, "7 samples")),
    ],
)
def test_every_option_named_is_in_force_and_a_changed_one_changes_the_text(
    made: MadeUp, option: str, one: tuple[Any, str], other: tuple[Any, str]
) -> None:
    texts = [said(made, **{option: value}) for value, _ in (one, other)]
    assert one[1] in texts[0] and one[1] not in texts[1]
    assert other[1] in texts[1]
    assert (other[1] in texts[0]) is False


def test_fewer_samples_of_many_groups_are_told(made: MadeUp) -> None:
    many = made.but(record=made.record | {"groups": [f"g{k}" for k in range(101)]})
    fewer = "samples at each size, without and with replacement: fewer than 50"
    assert f"20 {fewer}" in said(many)
    assert fewer not in said(many, subsamples=20)
    assert fewer not in said(made)


def test_personas_that_repeat_are_told_with_where_errors_come_from(made: MadeUp) -> None:
    assert "noisy: 30 personas" in said(made, personas=True)
    assert "below 100 personas, standard errors of the paths come from leaving" in said(
        made, personas=True
    )
    assert "take sessions as independent" in said(made, personas=True, replicates=0)
    assert "Personas repeat" not in said(made)


def test_what_was_taken_out_of_the_scores_is_named(made: MadeUp) -> None:
    record = made.record | {"adjusted_for": {"noisy": ["order", "options"]}}
    assert "within each group (here order, options)." in said(made.but(record=record))
    assert "(here" not in said(made)


def test_an_estimated_kappa_is_told_with_its_contexts(made: MadeUp) -> None:
    record = made.record | {"kappa": {"estimated": True, "contexts": 12}}
    assert "estimated (REML) from 12 contexts" in said(made.but(record=record))


def test_groups_that_were_split_are_told(made: MadeUp) -> None:
    split = made.but(groups_csv=made.groups_csv.assign(levels='{"order": "a b"}'))
    assert "split by order" in said(split)
    assert "split by" not in said(made)


def test_covariates_say_how_they_were_coded() -> None:
    age = dict(name="age", reference="", levels=(), n_missing=3)
    arm = dict(name="arm", reference="control", levels=("a", "b"), n_missing=0)
    assert rows(covariate_table([age, arm])) == [
        ["age", "an amount, centred and scaled over all sessions", "3"],
        ["arm", "a, b: each against control", "0"],
    ]


def test_what_is_known_of_differences_between_studies_of_people_is_told(made: MadeUp) -> None:
    own = {"std_estimate": -0.13, "std_se": 0.03, "tau": 0.05}
    unknown = {"std_estimate": None, "std_se": None, "tau": 0.05}
    told = said(made.but(record=made.record | {"published": {"a ~ b": own, "a ~ c": unknown}}))
    assert "√(seh² + 0.05²)) where human data are fitted" in told
    assert "τ = 0.05 between studies" in told and "a ~ b: −.13 (SE .03)" in told
    assert "/ seh) where human data are fitted" in said(made)
