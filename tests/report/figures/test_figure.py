from __future__ import annotations

import resource
from xml.etree import ElementTree

import altair as alt
import pytest
import vl_convert

from support.tables import HOSTILE
from vaar.errors import VaarError
from vaar.report.figures import figure
from vaar.report.figures.figure import Figure, draw


def drawn(title: str = "Title", label: str = "a") -> Figure:
    data = alt.InlineData(values=[{"x": 1, "label": label}])
    chart = alt.Chart(data).mark_point().encode(x="x:Q", y="label:N")
    return draw("My chart: 1", title, chart, f"Words of {label}.")


def test_a_chart_is_drawn_without_script_or_address() -> None:
    figure = drawn()
    assert figure.name == "my-chart-1"
    assert figure.width > 0 and figure.box == " ".join(figure.box.split())
    assert "<script" not in figure.drawing and "http" not in figure.drawing
    assert not figure.drawing.endswith("</svg>")


def test_a_drawing_is_one_image_and_its_marks_are_none() -> None:
    label = 'x" role="graphics-symbol" aria-roledescription="mark'
    root = ElementTree.fromstring(drawn(label=label).inline("k"))
    assert root.attrib["role"] == "img"
    inner = {name for element in root.iter() if element is not root for name in element.attrib}
    assert not inner & {"role", "aria-roledescription", "aria-label"}
    assert label in "".join(root.itertext())


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_drawing(text: str) -> None:
    figure = drawn(text, text)
    for svg in (figure.inline("k"), figure.standalone().split("\n", 1)[1]):
        root = ElementTree.fromstring(svg)
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "g", "path", "line", "rect", "text", "tspan"}
        svg.encode("utf-8")


def test_another_caption_leaves_the_rest() -> None:
    figure = drawn()
    assert figure.captioned("How.").caption == "How." and figure.caption == ""
    assert figure.captioned("How.").drawing == figure.drawing


def test_where_address_space_is_short_it_is_said_and_the_program_goes_on(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda what: (8 * 2**30, 8 * 2**30))
    with pytest.raises(VaarError, match=r"needs 96 GB.*may have 8\.0 GB.*ulimit -v unlimited"):
        figure._svg('{"mark": "rule"}')


def test_an_engine_that_fails_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> str:
        raise ValueError("conversion failed:\noneshot canceled")

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", fails)
    with pytest.raises(VaarError, match="conversion failed: oneshot canceled"):
        draw("n", "t", alt.Chart(alt.Data(values=[{"x": 9471}])).mark_bar().encode(x="x:Q"), "d")
