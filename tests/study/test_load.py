from pathlib import Path

import pytest

from vaar.errors import StudyError
from vaar.study.dump import dump_study
from vaar.study.load import load_study
from vaar.study.model import Evidence, Hypothesis, Item, Limits, ResponseScale, Subscale


def test_small_study_becomes_records(study_file):
    study = load_study(study_file())
    worry, deeds = study.instruments
    assert (study.name, study.n_items, study.temperature) == ("small", 3, 1.0)
    assert worry.items == (Item("worry_1", "I worry.", 1), Item("worry_2", "I am calm.", -1))
    assert worry.subscales == (Subscale("worry_open", "Open worry", ("worry_1",)),)
    assert deeds.scale == ResponseScale(("Never", "Often"), 1)
    assert (worry.wording, deeds.wording) == ("parallel", "published")
    assert study.condition["carried"].order == ("worry", "deeds")
    assert study.condition["turned"].order == ("deeds", "worry")
    assert study.limits == Limits()
    assert study.structural_model == "# structure\ndeeds ~ worry"
    evidence = (Evidence("Nobody (2002).", "Those who worry act less."),)
    assert study.hypotheses == (Hypothesis("deeds", "worry", -1, evidence, 2.0),)


def test_limits_and_sampling_are_read(study_file):
    more = "limits: {reasks: 1, turns: 7}\nsampling: {temperature: 0}\nmodel: |"
    study = load_study(study_file(("model: |", more)))
    assert study.limits == Limits(reasks=1, turns=7)
    assert study.temperature == 0.0


def test_the_usual_number_of_sessions_is_kept(study_file, tmp_path):
    study = load_study(study_file(("model: |", "sampling: {sessions: 12}\nmodel: |")))
    assert study.sessions == 12 and load_study(study_file()).sessions is None
    (tmp_path / "frozen.yaml").write_text(dump_study(study), encoding="utf-8")
    assert load_study(tmp_path / "frozen.yaml") == study


def test_directory_stands_for_its_study_file(study_file):
    path = study_file()
    assert load_study(path.parent) == load_study(path) == load_study(str(path))


def test_byte_order_mark_is_no_text(study_file):
    path = study_file()
    expected = load_study(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_study(path) == expected


def test_bundled_name_means_the_bundle_and_a_path_the_path(monkeypatch, tmp_path, small):
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "privacy_prosocial"
    own.mkdir()
    (own / "study.yaml").write_text(small)
    assert load_study("privacy_prosocial").name == "privacy_prosocial"
    assert load_study("./privacy_prosocial").name == "small"


def test_unknown_study_lists_the_bundled_ones():
    with pytest.raises(StudyError, match=r'did you mean "privacy_prosocial"\?.*bundled study'):
        load_study("privacy_prosocal")


def split(small: str, tmp_path: Path, reference: str) -> Path:
    """Write the small study with its second instrument in a file of its own."""
    start, end = small.index("  - instrument: deeds"), small.index("conditions:")
    lines = small[start:end].splitlines()
    (tmp_path / "deeds.yaml").write_text("\n".join(line[4:] for line in lines))
    study = tmp_path / "study.yaml"
    study.write_text(f"{small[:start]}  - {reference}\n{small[end:]}")
    return study


def test_instrument_file_equals_the_same_written_out(small, tmp_path, study_file):
    whole = load_study(study_file())
    assert load_study(split(small, tmp_path, "deeds.yaml")) == whole


@pytest.mark.parametrize("reference", ["deed.yaml", "../deeds.yaml", "/etc/hostname", "."])
def test_instrument_file_must_lie_below_the_study(small, tmp_path, reference):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "deeds.yaml").write_text("instrument: outside")
    path = split(small, inside, reference)
    with pytest.raises(StudyError, match=f'study.yaml:19: no instrument file "{reference}"') as e:
        load_study(path)
    assert "deeds.yaml" in str(e.value)


def test_link_out_of_the_directory_is_refused(small, tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    path = split(small, inside, "deeds.yaml")
    (inside / "deeds.yaml").rename(tmp_path / "deeds.yaml")
    (inside / "deeds.yaml").symlink_to(tmp_path / "deeds.yaml")
    with pytest.raises(StudyError, match="no instrument file"):
        load_study(path)


def test_error_in_an_instrument_file_names_that_file(small, tmp_path):
    path = split(small, tmp_path, "deeds.yaml")
    file = tmp_path / "deeds.yaml"
    file.write_text(file.read_text().replace("wording: published", "wording: official"))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert (caught.value.file, caught.value.line) == (str(file), 4)
    told = '"wording" is "official"; allowed is "parallel", "published" or "balanced"'
    assert told in str(caught.value)


def test_code_taken_in_another_file_names_both(small, tmp_path):
    path = split(small, tmp_path, "deeds.yaml")
    file = tmp_path / "deeds.yaml"
    file.write_text(file.read_text().replace("deeds_1", "worry_2"))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert f"{file}:10" in str(caught.value)
    assert f"{path}, line 16" in str(caught.value)
