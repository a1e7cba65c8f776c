from __future__ import annotations

import re

import pytest
from hypothesis import given

from support.tables import HOSTILE, mixed_table, table_of, texts
from vaar.tables import latex

COMMAND = re.compile(
    r"\\(?:text(?:backslash|asciicircum|asciitilde|less|greater|bar|quotesingle|asciigrave)\{\}"
    r"|symbol\{34\}|ldots\{\}|guilsingl(?:left|right)\{\}|ensuremath\{(?:-|\^2|\\[A-Za-z]+"
    r"(?:\{1\}\{2\})?)\}|[{}$&#%_,])|\{-\}|\{,\}|^\{\}"
)


@given(texts)
def test_nothing_of_a_text_is_left_that_latex_would_obey(text: str) -> None:
    left = COMMAND.sub("", latex.escape(text))
    assert not set(left) & set('\\{}$&#%^_~<>|"') - {"~"}
    assert "\n" not in left
    assert not left.startswith(("[", "*")) or latex.escape(text).startswith("{}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("aods ~ privacy_2", r"aods \textasciitilde{} privacy\_2"),
        ("−.31 [−.40, .02]", r"\ensuremath{-}.31 [\ensuremath{-}.40, .02]"),
        ("[.94, .99]", "{}[.94, .99]"),
        ("Δχ²", r"\ensuremath{\Delta}\ensuremath{\chi}\ensuremath{^2}"),
        ("50 % & more", r"50 \% \& more"),
        ("\\input{x}", r"\textbackslash{}input\{x\}"),
        ("gpt-4--x,,y", "gpt-4{-}-x{,}y".replace("{,}", "{,},")),
        ("ρ and ω", r"\ensuremath{\rho} and \ensuremath{\omega}"),
        ("a\nb\x00", r"a b\guilsinglleft{}U+0000\guilsinglright{}"),
    ],
)
def test_signs_are_written_so_that_they_are_set_as_they_read(text: str, written: str) -> None:
    assert latex.escape(text) == written


def test_a_table_has_the_rules_of_booktabs() -> None:
    assert latex.render(mixed_table()).splitlines() == [
        r"% needs \usepackage{booktabs}",
        r"\begin{table}",
        r"\centering",
        r"\caption{Means}",
        r"\begin{tabular}{llrl}",
        r"\toprule",
        r"Scale & Group & mean & reply \\",
        r"\midrule",
        r"privacy & noisy (simulated) & \ensuremath{-}0.50 & I\textquotesingle{}d say 3 \\",
        r"\textbf{psa} & \textbf{m-1} & \textbf{---} & \textbf{---} \\",
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]


def test_every_row_is_one_line_with_all_its_cells() -> None:
    body = latex.render(table_of(*HOSTILE)).split("\\midrule\n")[1].split("\\bottomrule")[0]
    rows = body.splitlines()
    assert len(rows) == len(HOSTILE)
    assert all(re.sub(r"\\&", "", row).count("&") == 1 for row in rows)
    assert all(row.endswith(r" \\") for row in rows)


def test_a_long_table_breaks_over_pages() -> None:
    names = [f"m-{n}" for n in range(latex.LONG + 1)]
    long = latex.render(table_of(*names))
    assert r"\begin{longtable}{lr}" in long and r"\begin{table}" not in long
    assert long.count(r"\toprule") == 2 and long.index(r"\bottomrule") < long.index("m-0")
    assert r"\begin{table}" in latex.render(table_of(*names[:-1]))
