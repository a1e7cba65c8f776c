"""Fits as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from vaar.sem.data.screening import Finding

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 40  # parameter rows in a short display
_FORMAT: dict[str, Any] = {
    "index": False,
    "float_format": lambda value: f"{value:.3f}",
    "na_rep": "",
}


def heading(
    ending: str, rows: int, groups: Sequence[str], parameters: int, equal: Sequence[str]
) -> list[str]:
    """How the fit ended, and its size."""
    return [
        f"vaar.sem {ending}",
        f"{len(groups)} group(s), {rows} rows, {parameters} parameters; "
        f"equal across groups: {', '.join(equal) or 'nothing'}",
    ]


def exclusions(dropped: Mapping[str, str], findings: Sequence[Finding]) -> list[str]:
    """Groups and items that are not in the fit."""
    masked = [finding for finding in findings if finding.action == "item masked"]
    return [f"dropped: {group} ({reason})" for group, reason in dropped.items()] + [
        f"masked: {finding.item} in {finding.group} ({finding.finding})" for finding in masked
    ]


def measures_line(measures: Mapping[str, float]) -> str:
    """The test and the four measures most often reported, in their best variant."""
    scaled = "_scaled" if "chisq_scaled" in measures else ""
    robust = "_robust" if "cfi_robust" in measures else scaled
    named = robust.replace("_", "") + " " if robust else ""
    return (
        f"{scaled.replace('_', '')} χ²({measures['df' + scaled]:.0f}) = "
        f"{measures['chisq' + scaled]:.3f}, p = {measures['pvalue' + scaled]:.4f}; "
        f"{named}CFI {measures['cfi' + robust]:.3f}, TLI {measures['tli' + robust]:.3f}, "
        f"RMSEA {measures['rmsea' + robust]:.3f} "
        f"[{measures['rmsea_ci_lower' + robust]:.3f}, {measures['rmsea_ci_upper' + robust]:.3f}], "
        f"SRMR {measures['srmr']:.3f}"
    ).strip()


def as_text(lines: Sequence[str], table: pd.DataFrame, shown: int) -> str:
    """Heading and the first rows of the parameter table."""
    out = [*lines, "", table.head(shown).to_string(**_FORMAT)]
    if shown < len(table):
        out.append(f"… {len(table) - shown} more rows: summary() has all of them")
    return "\n".join(out)


def as_html(lines: Sequence[str], table: pd.DataFrame) -> str:
    """The same as HTML, all names escaped."""
    text = "<br>".join(escape(line) for line in lines)
    return f"<p>{text}</p>{table.to_html(escape=True, max_rows=SHOWN, **_FORMAT)}"
