import pytest

from vaar.cli.calibration.power import _sizes
from vaar.errors import OptionError


def test_sizes_of_paths():
    assert _sizes([]) == {}
    assert _sizes([".2"]) == 0.2
    assert _sizes(["aods~privacy = .2", "aods ~ prosocial=-0.1"]) == {
        "aods ~ privacy": 0.2,
        "aods ~ prosocial": -0.1,
    }


@pytest.mark.parametrize("given", [["aods ~ privacy"], ["aods ~ privacy=big"], [".2", ".3"]])
def test_what_is_no_size(given):
    with pytest.raises(OptionError, match="--effect"):
        _sizes(given)
