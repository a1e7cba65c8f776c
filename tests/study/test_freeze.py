from vaar.study.freeze import thaw_study
from vaar.study.load import load_study
from vaar.study.schema import StudyFile


def test_thawed_study_spells_out_every_key_of_the_file(study_file):
    study = load_study(study_file())
    entry = StudyFile.model_validate(thaw_study(study))
    assert list(thaw_study(study)) == list(StudyFile.model_fields)
    assert entry.model_dump(by_alias=True) == entry.model_dump(by_alias=True, exclude_unset=True)


def test_left_out_order_is_settled_when_frozen(study_file):
    carried = thaw_study(load_study(study_file()))["conditions"][0]
    assert carried["order"] == ["worry", "deeds"]


def test_blanks_in_a_path_do_not_matter(study_file):
    tight = study_file(("path: deeds ~ worry", "path: '  deeds~worry '"))
    tight_study = load_study(tight)
    assert tight_study == load_study(study_file())
    assert tight_study.hypotheses[0].path == "deeds ~ worry"
