from __future__ import annotations

import pandas as pd
import pytest

from support.made_up_run import MadeUp, by_level
from vaar.analyses.profile.variation import FOLDED, variation_blocks
from vaar.report.section import Block, Fold, Heading, Panels, Prose
from vaar.tables.table import Table

HOSTILE = "</svg><script>alert(1)</script>"
ORDERS = ("iuipc8 psa aods", "psa iuipc8 aods")


def blocks(run: MadeUp) -> list[Block]:
    return list(
        variation_blocks(run.profile_by_factor, run.personas, run.shuffled, run.study, run.groups)
    )


def tables(found: list[Block]) -> dict[str, Table]:
    folded = [b for fold in found if isinstance(fold, Fold) for b in fold.blocks]
    return {t.caption: t for t in (*found, *folded) if isinstance(t, Table)}


def test_where_nothing_varied_nothing_is_said(made: MadeUp) -> None:
    assert blocks(made) == []


@pytest.fixture(scope="module")
def ordered(made: MadeUp) -> MadeUp:
    return made.but(profile_by_factor=by_level(made, "order", ORDERS))


def test_a_picture_for_each_scale_and_a_row_for_each_group_and_level(ordered: MadeUp) -> None:
    found = blocks(ordered)
    assert isinstance(found[0], Heading)
    (panels,) = (block for block in found if isinstance(block, Panels))
    assert [figure.title for figure in panels.blocks] == [
        f"{scale} by order: mean and 95 % interval" for scale in ("privacy", "psa", "aods")
    ]
    n = len(ordered.vaar)
    by_caption = tables(found)
    assert len(by_caption["Sessions at each level"].rows) == 2 * n
    assert len(by_caption["Scale means at each level"].rows) == 2 * 3 * n
    assert "iuipc8 psa aods · human-like" in panels.blocks[0].drawing


def test_pictures_come_before_tables(ordered: MadeUp) -> None:
    kinds = [type(block) for block in blocks(ordered)]
    assert kinds.index(Panels) < kinds.index(Fold)


def test_a_long_table_is_folded(ordered: MadeUp) -> None:
    def opened(levels: int) -> bool:
        names = tuple(f"l{k}" for k in range(levels))
        run = ordered.but(profile_by_factor=by_level(ordered, "order", names))
        return next(block.open for block in blocks(run) if isinstance(block, Fold))

    fits = FOLDED // len(ordered.vaar)
    assert opened(fits) and not opened(fits + 1)


def test_personas_are_counted(made: MadeUp) -> None:
    personas = pd.DataFrame(
        {"group": ["noisy"], "personas": [2], "sessions": [3], "most_sessions": [2]}
    )
    table = tables(blocks(made.but(personas=personas)))["Personas"]
    assert [cell.text for cell in table.rows[0].cells] == ["noisy", "2", "3", "2"]


def test_items_in_an_order_of_their_own_are_said(made: MadeUp) -> None:
    told = [block.text for block in blocks(made.but(shuffled=12)) if isinstance(block, Prose)]
    assert told == [
        "In 12 sessions the items of each questionnaire came in an order drawn for that session."
    ]


def test_hostile_factors_and_levels_are_shown_harmless(hostile: MadeUp) -> None:
    table = by_level(hostile, HOSTILE, (HOSTILE, "evil\u202e"))
    page = hostile.but(profile_by_factor=table).html()
    assert HOSTILE not in page and "\u202e" not in page
    assert "&lt;/svg&gt;&lt;script&gt;" in page
