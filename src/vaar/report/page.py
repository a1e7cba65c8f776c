"""The page: what every report has, around the sections that the analyses wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from vaar.report.html import address, render_all, render_caution
from vaar.report.section import Block, Caution, Section
from vaar.tables.text import visible

_MOST_OF_A_KIND = 12


@dataclass(frozen=True)
class Page:
    """One report.

    Attributes
    ----------
    kicker : str
        A few words over the title.
    cautions : tuple of Caution
        Those of the whole run; the sections' own follow.
    sections : tuple of Section
        Of the analyses and of the run, in any order.
    method : tuple of Block
        How the run was done; the method of each section follows.
    simulated : bool
        Whether any answer is simulated; then the title says so too.
    """

    title: str
    kicker: str
    sections: tuple[Section, ...]
    cautions: tuple[Caution, ...] = ()
    method: tuple[Block, ...] = ()
    simulated: bool = False

    @property
    def ordered(self) -> list[Section]:
        """The sections as they stand on the page."""
        return sorted(self.sections, key=lambda section: section.place)

    @property
    def all_cautions(self) -> list[Caution]:
        """Those of the run, then those of the sections, each once; of a kind, a dozen."""
        own = (caution for section in self.ordered for caution in section.cautions)
        return list(_few_of_a_kind(dict.fromkeys([*self.cautions, *own])))


def _few_of_a_kind(cautions: Iterable[Caution]) -> Iterator[Caution]:
    """Of cautions with one label the first dozen, and in the place of the last how many follow."""
    every, seen = list(cautions), Counter[str]()
    of_a_kind = Counter(caution.label for caution in every)
    for caution in every:
        seen[caution.label] += 1
        if seen[caution.label] <= _MOST_OF_A_KIND:
            yield caution
        elif seen[caution.label] == of_a_kind[caution.label]:
            more = of_a_kind[caution.label] - _MOST_OF_A_KIND
            yield Caution(caution.label, f"{more:,} more are told in the tables.")


def render(page: Page) -> str:
    """The page as one HTML document that loads nothing from anywhere.

    Every text that is not this package's own is escaped, and what cannot be seen in it is shown
    by its code point.
    """
    environment = Environment(
        loader=PackageLoader("vaar", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"caution": render_caution, "few": _few_of_a_kind, "blocks": render_all}
    css = files("vaar.report").joinpath("page.css").read_text(encoding="utf-8")
    template = environment.get_template("page.html.jinja")
    html = template.render(page=page, sections=page.ordered, css=Markup(css), address=address)
    return visible(html)
