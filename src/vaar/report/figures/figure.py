"""A chart as SVG that needs no script and no network, with its title and description in words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup

from vaar.errors import VaarError
from vaar.report.figures.theme import THEME
from vaar.tables.text import visible

try:
    import resource
except ModuleNotFoundError:  # on Windows, where nothing limits it so
    resource = None  # type: ignore[assignment]

ADDRESS_SPACE = 96 * 2**30
"""Bytes of address space with which charts are drawn: the engine alone ends a process that has 64
GB, and needs less than 80. Nearly all of it is reserved and never used."""

_ROLE = re.compile(
    r'(<g class="[\w -]+") role="graphics-(?:symbol|object)" aria-roledescription="[\w -]+"'
)
"""Roles of single marks: the drawing is one image, told by its description."""

_BOX = re.compile(r'viewBox="(?P<box>[\d. -]+)"')


@dataclass(frozen=True)
class Figure:
    """One chart.

    Attributes
    ----------
    name : str
        Names its file in an export; letters, digits and hyphens.
    title : str
        What is drawn, without a full stop.
    description : str
        The figures in words, for those who do not see the drawing.
    drawing : Markup
        What stands inside the ``svg`` element.
    box : str
        The ``viewBox``: left, top, width and height.
    caption : str
        How to read the marks; shown after the title.
    """

    name: str
    title: str
    description: str
    drawing: Markup
    box: str
    caption: str = ""

    @property
    def width(self) -> float:
        """Width of the drawing in CSS pixels."""
        return float(self.box.split()[2])

    def captioned(self, caption: str) -> Figure:
        """The same with another caption."""
        return replace(self, caption=caption)

    def inline(self, key: str) -> Markup:
        """The ``svg`` element for a page on which no other has the same `key`."""
        return Markup(
            '<svg viewBox="{box}" style="--width:{width:g}px" role="img" '
            'aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">{title}</title>'
            '<desc id="{key}-desc">{description}</desc>{drawing}</svg>'
        ).format(key=key, width=self.width, **self._shown())

    def standalone(self) -> str:
        """An SVG file of its own."""
        return Markup(
            '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" '
            'viewBox="{box}" role="img"><title>{title}</title><desc>{description}</desc>'
            "{drawing}</svg>\n"
        ).format(**self._shown())

    def _shown(self) -> dict[str, str]:
        return {
            "box": self.box,
            "title": visible(self.title),
            "description": visible(self.description),
            "drawing": self.drawing,
        }


def draw(
    name: str, title: str, chart: alt.TopLevelMixin, description: str, caption: str = ""
) -> Figure:
    """Draw any altair chart in the look of the report."""
    svg = _svg(json.dumps(_harmless(chart.to_dict(validate=False))))
    opening, _, drawing = svg.partition(">")
    found = _BOX.search(opening)
    box = found["box"] if found else ""
    slug = re.sub(r"\W+", "-", name).strip("-").lower()
    inner = Markup(_ROLE.sub(r"\1", drawing.removesuffix("</svg>")))
    return Figure(slug, title, description, inner, box, caption)


@lru_cache(maxsize=128)
def _svg(specification: str) -> str:
    """Draw a Vega-Lite specification; what was drawn before is not drawn again."""
    _require_address_space()
    version = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
    try:
        return vl_convert.vegalite_to_svg(
            specification, vl_version=version, config=THEME, allowed_base_urls=[]
        )
    except ValueError as error:
        raise VaarError(
            f"the charts cannot be drawn ({' '.join(str(error).split())[:300]}). Where the engine "
            "lacks open files or threads, lift the limit (ulimit -n 1024), then run `vaar report`; "
            "everything else is done."
        ) from error


def _require_address_space() -> None:
    """Refuse to draw where the engine would end this program: it reserves more than it uses."""
    if resource is None:
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < ADDRESS_SPACE:
        raise VaarError(
            f"the charts cannot be drawn: their engine needs {ADDRESS_SPACE / 2**30:.0f} GB of "
            f"address space, and this process may have {limit / 2**30:.1f} GB. Lift the limit "
            "(ulimit -v unlimited, or --mem in place of a limit on virtual memory), then run "
            "`vaar report`; everything else is done."
        )


def _harmless(part: Any) -> Any:
    """A chart without characters that cannot be seen: they end the program that draws it."""
    if isinstance(part, str):
        return visible(part)
    if isinstance(part, dict):
        return {name: _harmless(value) for name, value in part.items()}
    return [_harmless(value) for value in part] if isinstance(part, list) else part
