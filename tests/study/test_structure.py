import pytest

from vaar.study.structure import read_structure


def test_latents_regressions_and_lines():
    structure = read_structure(
        """# comment with a ~ b
        f =~ x1 + 0.5*x2 + c(a, b)*x3  ! another
        g =~ y1
           + y2
        g + h ~ f +
          z; h ~~ 0*f
        y1 ~ 1
        total := a*b
        a == b"""
    )
    assert list(structure.indicators) == ["f", "g"]
    assert structure.regressions == (("g", "f"), ("g", "z"), ("h", "f"), ("h", "z"))
    assert structure.lines == {
        "f": 1, "x1": 1, "x2": 1, "x3": 1, "g": 2, "y1": 2, "y2": 2, "h": 4, "z": 4,
    }  # fmt: skip


@pytest.mark.parametrize("model", ["", "# nothing", "no operator here", "x | t1", "a := b~c"])
def test_what_is_unclear_is_skipped(model):
    assert read_structure(model).lines == {}
