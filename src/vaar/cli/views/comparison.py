"""What a comparison says when it is done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from vaar.cli.console import out
from vaar.tables.text import printable, without_marks

if TYPE_CHECKING:
    from vaar.pipeline.comparing.comparison import Comparison


def show_comparison(found: Comparison) -> None:
    """Show what must not be missed, the answer in words, and the differences of each model."""
    from vaar.report.section import Prose
    from vaar.tables.table import Table
    from vaar.tables.terminal import render

    for caution in found.page.all_cautions:
        _say(f"{caution.label.upper()}: {without_marks(caution.text)}", "bold yellow")
    for section in found.page.ordered:
        for block in section.summary:
            if isinstance(block, Table):
                out.print(render(block))
            elif isinstance(block, Prose):
                _say(without_marks(block.text))


def _say(line: str, style: str | None = None) -> None:
    out.print(printable(line), style=style, markup=False, soft_wrap=True)


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Every table of a comparison, what is not held against each other, and the page."""
    return {
        "page": str(found.page_file) if found.page_file else None,
        "refused": list(found.refused),
        "tables": {
            name: json.loads(table.to_json(orient="records", double_precision=15))
            for name, table in found.tables.items()
        },
    }
