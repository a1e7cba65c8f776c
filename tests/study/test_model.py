import pytest

from vaar.study.load import load_study
from vaar.study.model import Hypothesis, ResponseScale


@pytest.mark.parametrize(("first", "values"), [(1, [1, 2, 3]), (0, [0, 1, 2])])
def test_scale_counts_from_its_first_point(first, values):
    scale = ResponseScale(("low", "middle", "high"), first)
    assert (list(scale.values), scale.last) == (values, values[-1])


def test_path_is_written_as_in_the_model():
    assert Hypothesis("aods", "privacy", -1).path == "aods ~ privacy"


def test_parts_of_a_study_are_found_by_code(study_file):
    study = load_study(study_file())
    assert list(study.instrument) == ["worry", "deeds"]
    assert list(study.condition) == ["carried", "turned"]
    assert study.instrument["worry"].by_code["worry_2"].keying == -1
    assert study.n_items == 3
