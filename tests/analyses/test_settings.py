import pytest

import vaar
from support.own_analysis import Count
from vaar.analyses.registry import known
from vaar.analyses.settings import Settings, as_settings, from_flat, in_force, layered
from vaar.errors import OptionError

ANALYSES = known([Count()])


def test_what_is_given_replaces_what_is_stored_and_that_the_packages():
    stored: Settings = {"alignment": {"estimator": "ML", "replicates": 7}, "count": {"least": 2}}
    found = in_force(ANALYSES, stored, {"alignment": {"replicates": 5}, "groups": {"by": "order"}})
    own = found["alignment"]
    assert (own.estimator, own.replicates, own.subsamples) == ("ML", 5, 0)
    assert found["groups"].by == ("order",)
    assert found["count"].least == 2


def test_stored_options_of_other_versions_and_analyses_are_passed_over():
    found = in_force(ANALYSES, {"gone": {"x": 1}, "alignment": {"gone": 2, "replicates": 7}})
    assert found["alignment"].replicates == 7


def test_given_options_of_no_analysis_are_refused():
    with pytest.raises(OptionError, match="no options of 'gone'; there are options of groups, "):
        in_force(ANALYSES, {}, {"gone": {"x": 1}})
    with pytest.raises(OptionError, match="alignment has no option 'gone'"):
        in_force(ANALYSES, {}, {"alignment": {"gone": 1}})


def test_options_given_as_one_say_everything_of_grouping_and_alignment():
    given = as_settings(vaar.AnalysisOptions(by=("order",), replicates=3))
    found = in_force(ANALYSES, {"alignment": {"estimator": "ML"}, "count": {"least": 2}}, given)
    assert (found["groups"].by, found["alignment"].replicates) == (("order",), 3)
    assert found["alignment"].estimator == "MLR"
    assert found["count"].least == 2


def test_options_of_a_run_record_of_either_format():
    flat = {"estimator": "ML", "by": ["order"], "gone": 1}
    found = in_force(ANALYSES, from_flat(flat))
    assert (found["alignment"].estimator, found["groups"].by) == ("ML", ("order",))
    assert from_flat({"alignment": {"estimator": "ML"}}) == {"alignment": {"estimator": "ML"}}
    assert from_flat({}) == {}


def test_an_upper_layer_replaces_option_by_option():
    lower: Settings = {"a": {"x": 1, "y": 2}, "b": {"x": 3}}
    assert layered(lower, {"a": {"y": 5}, "c": {"z": 6}}) == {
        "a": {"x": 1, "y": 5},
        "b": {"x": 3},
        "c": {"z": 6},
    }
