"""Colours, fonts and sizes of every chart. What a mark means never hangs on its colour alone."""

from __future__ import annotations

INK = "#1c2733"
MUTED = "#5b6773"
GRID = "#e3e7eb"
BLUE = "#1f5f99"
RED = "#b3261e"
SHADE = "#e4eef7"

FONT = "Arial, Helvetica, 'Liberation Sans', Roboto, sans-serif"
THEME = {
    "aria": False,
    "background": "white",
    "font": FONT,
    "padding": 8,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "labelFlush": False,
        "tickCount": 5,
        "gridColor": GRID,
        "labelColor": INK,
        "labelFontSize": 14,
        "labelLimit": 320,
        "tickColor": GRID,
        "titleColor": MUTED,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
    },
    "header": {"labelColor": INK, "labelFontSize": 14, "labelLimit": 190, "title": None},
    "rule": {"color": BLUE},
    "text": {"color": INK, "fontSize": 14},
}
