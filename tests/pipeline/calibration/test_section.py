from dataclasses import replace

import pytest

from vaar.pipeline.calibration.kept import kept_in
from vaar.pipeline.calibration.section import TITLE, calibration_section
from vaar.pipeline.calibration.subject import subject_of


@pytest.fixture
def subject(tmp_path):
    return subject_of("privacy_prosocial", {}, 60, tmp_path / "run")


def test_nothing_is_said_where_nothing_was_simulated(subject):
    assert calibration_section(subject) is None


def test_chances_are_told_with_their_errors(simulated, subject):
    kept_in(subject.directory, simulated)
    section = calibration_section(subject)
    assert section.title == TITLE == "How often this design would say so without cause"
    assert "content only (null)" in section.lead
    assert not section.cautions
    (chances, rates) = section.tables
    assert len(chances) == 2
    assert len(rates) == 1
    assert any("±" in cell.text for row in chances.rows for cell in row.cells)
    assert "2 data sets of every population, 60 sessions" in section.method[0].text


def test_those_of_another_design_are_told(simulated, subject):
    kept_in(subject.directory, simulated)
    other = replace(subject, analysis=replace(subject.analysis, delta=0.05))
    (caution,) = calibration_section(other).cautions
    assert "of another design: alignment.delta was 0.1, here it is 0.05" in caution.text


def test_what_cannot_be_read_is_told(simulated, subject):
    place = kept_in(subject.directory, simulated).place
    (place / "calibration_paths.csv").write_text("")
    section = calibration_section(subject)
    assert "was changed since it was written" in section.cautions[0].text
    assert not section.blocks
