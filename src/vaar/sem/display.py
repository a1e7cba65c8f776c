"""Fits as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vaar.sem.result import Fit

_SHOWN = 40  # parameter rows in a short display


def fit_text(fit: Fit, full: bool = False) -> str:
    """Outcome, groups, measures and parameters."""
    table = fit.params
    shown = table if full else table.head(_SHOWN)
    lines = [*_heading(fit), "", _measures_line(fit), "", shown.to_string(**_FORMAT)]
    if len(shown) < len(table):
        lines.append(f"… {len(table) - len(shown)} more rows: fit.summary() shows all")
    return "\n".join(lines)


_FORMAT = {"index": False, "float_format": lambda value: f"{value:.3f}", "na_rep": ""}


def _heading(fit: Fit) -> list[str]:
    equal = ", ".join(fit.equality.kinds) or "nothing"
    lines = [
        f"vaar.sem {fit.estimator.name}: {fit.outcome}",
        f"{len(fit.groups)} group(s), {fit.n_rows} rows, {fit.layout.n_parameters} parameters; "
        f"equal across groups: {equal}",
    ]
    lines += [f"dropped: {group} ({reason})" for group, reason in fit.dropped.items()]
    masked = [f for f in fit.findings if f.action == "item masked"]
    lines += [f"masked: {f.item} in {f.group} ({f.finding})" for f in masked]
    return lines


def _measures_line(fit: Fit) -> str:
    m = fit.measures
    suffix = "_scaled" if fit.estimator.robust else ""
    kind = "scaled " if suffix else ""
    better = "_robust" if "cfi_robust" in m else ""
    named = "robust " if better else ""
    return (
        f"{kind}χ²({m['df']:.0f}) = {m['chisq' + suffix]:.3f}, p = {m['pvalue' + suffix]:.4f}; "
        f"{named}CFI {m['cfi' + better]:.3f}, {named}TLI {m['tli' + better]:.3f}, "
        f"{named}RMSEA {m['rmsea' + better]:.3f} "
        f"[{m['rmsea_ci_lower' + better]:.3f}, {m['rmsea_ci_upper' + better]:.3f}], "
        f"SRMR {m['srmr']:.3f}"
    )


def fit_html(fit: Fit) -> str:
    """The same as HTML, all names escaped."""
    heading = "<br>".join(escape(line) for line in [*_heading(fit), _measures_line(fit)])
    table = fit.params.to_html(escape=True, max_rows=_SHOWN, **_FORMAT)
    return f"<p>{heading}</p>{table}"
