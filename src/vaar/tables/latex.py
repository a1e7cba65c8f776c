"""A table as LaTeX with the rules of the package booktabs; no text in it is a command."""

from __future__ import annotations

import re

from vaar.tables.table import Cell, Row, Table
from vaar.tables.text import on_one_line

LONG = 45
"""A table with more rows breaks over pages, by the package longtable."""

_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "-": "{-}",
    ",": "{,}",
    "−": r"\ensuremath{-}",
    "±": r"\ensuremath{\pm}",
    "×": r"\ensuremath{\times}",
    "·": r"\ensuremath{\cdot}",
    "√": r"\ensuremath{\surd}",
    "≤": r"\ensuremath{\leq}",
    "≥": r"\ensuremath{\geq}",
    "→": r"\ensuremath{\rightarrow}",
    "∞": r"\ensuremath{\infty}",
    "²": r"\ensuremath{^2}",
    "½": r"\ensuremath{\frac{1}{2}}",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "‹": r"\guilsinglleft{}",
    "›": r"\guilsinglright{}",
    "↵": r"\ensuremath{\hookleftarrow}",
    "\u00a0": "~",
    "\u202f": r"\,",
}
_GREEK = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"
_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
_SIGNS |= {
    letter: rf"\ensuremath{{\{name}}}" for letter, name in zip(_GREEK, _NAMES.split(), strict=True)
}
_LIGATURES = ("-(?=-)", ",(?=,)")
_SIGN = re.compile("|".join([*(re.escape(s) for s in _SIGNS if s not in "-,"), *_LIGATURES]))
_ARGUMENT = ("[", "*")


def escape(text: str) -> str:
    """Text that LaTeX sets as it reads, on one line."""
    plain = on_one_line(text)
    guard = "{}" if plain.lstrip().startswith(_ARGUMENT) else ""  # after a row's end: an argument
    return guard + _SIGN.sub(lambda found: _SIGNS[found[0]], plain)


def render(table: Table) -> str:
    r"""A ``table`` with ``tabular``, or a ``longtable`` where there are more than `LONG` rows.

    Names in scripts that pdfLaTeX lacks need LuaLaTeX or XeLaTeX and a font that has them.
    """
    columns = "".join("r" if column.kind == "number" else "l" for column in table.headings)
    heading = " & ".join(escape(column.heading) for column in table.headings) + r" \\"
    head = [r"\toprule", heading, r"\midrule"]
    body = [_row(row) for row in table.rows]
    caption = rf"\caption{{{escape(table.caption)}}}"
    if len(body) > LONG:
        lines = [
            r"% needs \usepackage{booktabs,longtable}",
            rf"\begin{{longtable}}{{{columns}}}",
            rf"{caption} \\",
            *head,
            r"\endfirsthead",
            *head,
            r"\endhead",
            r"\bottomrule",
            r"\endfoot",
            *body,
            r"\end{longtable}",
        ]
    else:
        lines = [
            r"% needs \usepackage{booktabs}",
            r"\begin{table}",
            r"\centering",
            caption,
            rf"\begin{{tabular}}{{{columns}}}",
            *head,
            *body,
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
        ]
    return "\n".join(lines) + "\n"


def _row(row: Row) -> str:
    cells = map(_bold if row.marked else _cell, row.cells)
    return " & ".join(cells) + r" \\"


def _cell(cell: Cell) -> str:
    return escape(cell.tagged)


def _bold(cell: Cell) -> str:
    return rf"\textbf{{{escape(cell.tagged)}}}"
