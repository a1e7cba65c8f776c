"""How the study was asked: conditions, instruments and bounds, as method text."""

from __future__ import annotations

from vaar.report.section import Block, Fold, Prose
from vaar.study.instruments import WORDING_NAMES
from vaar.study.model import Condition, Instrument, Study
from vaar.tables.numbers import count
from vaar.tables.table import Table, tabulate, text
from vaar.tables.text import words

_OWN_WORDS = (
    "A parallel form is this project's own wording, item for item on the published structure; a "
    "balanced form has keys of both signs besides. Their figures must not be set beside norms of "
    "the published instrument."
)


def study_method(study: Study) -> tuple[Block, ...]:
    """Describe how sessions of this study go."""
    own_words = any(instrument.wording != "published" for instrument in study.instruments)
    limits = study.limits
    return (
        *(Prose(part) for part in study.description.split("\n\n") if part.strip()),
        Prose(
            "In a session one respondent answers all questionnaires once, one after another; a "
            "session is bounded, and isolated from every other. Sampling temperature "
            f"{study.temperature}. An unreadable reply is re-asked at most {limits.reasks} times "
            "with a neutral reminder of the scale, then counted as missing under its reason. A "
            f"session ends after at most {count(limits.turns)} requests or "
            f"{count(limits.session_tokens)} tokens."
        ),
        condition_table(study),
        instrument_table(study),
        source_table(study),
        Fold(f"Texts of all {study.n_items} items", (item_table(study),)),
        *((Prose(_OWN_WORDS, "note"),) if own_words else ()),
    )


def condition_table(study: Study) -> Table:
    """How sessions were run."""
    fields = ("name", "history", "presentation", "order", "framing")
    records = [_condition(condition) for condition in study.conditions]
    return tabulate("Conditions", [text(field.capitalize(), field) for field in fields], records)


def instrument_table(study: Study) -> Table:
    """The instruments, and whose wording was used."""
    fields = ("code", "title", "construct", "items", "scale", "wording")
    records = [_instrument(instrument) for instrument in study.instruments]
    return tabulate("Instruments", [text(field.capitalize(), field) for field in fields], records)


def item_table(study: Study) -> Table:
    """Every item as it is worded, and which way it is scored."""
    records = [
        {
            "instrument": instrument.code,
            "item": item.code,
            "text": item.text,
            "scored": "reversed" if item.keying < 0 else "as it stands",
        }
        for instrument in study.instruments
        for item in instrument.items
    ]
    fields = ("instrument", "item", "text", "scored")
    return tabulate("Items", [text(field.capitalize(), field) for field in fields], records)


def source_table(study: Study) -> Table:
    """Where the structure of each instrument comes from."""
    records = [{"code": i.code, "source": i.source} for i in study.instruments]
    columns = [text("Code", "code"), text("source", "source")]
    return tabulate("Sources of the instruments", columns, records)


def _instrument(instrument: Instrument) -> dict[str, str]:
    reversed_items = sum(item.keying < 0 for item in instrument.items)
    return {
        "code": instrument.code,
        "title": instrument.title,
        "construct": instrument.construct,
        "items": f"{len(instrument.items)}, of them reversed: {reversed_items}",
        "scale": _scale(instrument),
        "wording": WORDING_NAMES[instrument.wording],
    }


def _scale(instrument: Instrument) -> str:
    """The scale that the items share, in words."""
    shared = instrument.scale
    if shared is None:
        of_its_own = any(item.scale for item in instrument.items)
        return "each item has its own" if of_its_own else "none: answered in words"
    low, high = shared.labels[0] or str(shared.first), shared.labels[-1] or str(shared.last)
    return f"{len(shared.labels)} points, {low} to {high}"


def _condition(condition: Condition) -> dict[str, str]:
    return {
        "name": condition.name,
        "history": condition.history,
        "presentation": f"one {condition.presentation} a turn",
        "order": " → ".join(condition.order),
        "framing": words(condition.system or condition.framing),
    }
