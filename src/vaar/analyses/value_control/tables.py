"""The tables of the control of values: every column, and what it means."""

from __future__ import annotations

from collections.abc import Iterator

from vaar.analyses.columns import share_column
from vaar.analyses.value_control.arms import ARMS, KINDS
from vaar.tables.spec import ColumnSpec, TableSpec

_RESPONDENT = ColumnSpec("respondent", "text", "", "who answered")
_VALUE = ColumnSpec("value", "text", "", "that is shifted")
_SHIFT = ColumnSpec("shift", "text", "", "which, in words; `none`: replies without one")
_ARM = ColumnSpec("arm", "text", "", "what was done", allowed=ARMS)
_KIND = ColumnSpec("kind", "text", "", "of questions", allowed=KINDS)
_LAYER = ColumnSpec("layer", "count", "", "from 1, at the embeddings' side", least=1)


def _interval(name: str, meaning: str, least: float = -1) -> Iterator[ColumnSpec]:
    yield ColumnSpec(name, "number", "share", meaning, least=least, most=1)
    yield ColumnSpec(f"{name}_lower", "number", "share", "lower end of its 95 % interval")
    yield ColumnSpec(f"{name}_upper", "number", "share", "its upper end, over questions")


ARM_TABLE = TableSpec(
    "control_arms",
    "a respondent × value × kind of question × arm",
    (
        _RESPONDENT,
        _VALUE,
        _KIND,
        _ARM,
        ColumnSpec("questions", "count", "questions", "answered", least=0),
        ColumnSpec("directions", "count", "", "conditions of the arm; more of `random`", least=1),
        *_interval("score", "mean answer: 0 against the value, 1 for it (neutral: right)", 0),
        *_interval("change", "the same less that of the model as it is"),
        *_interval("beyond_random", "the change less that of equally long random shifts"),
        *_interval("order_effect", "score where the value's end is listed first less last"),
    ),
)

ITEMS = TableSpec(
    "control_items",
    "a respondent × value × condition × question",
    (
        _RESPONDENT,
        _VALUE,
        _ARM,
        ColumnSpec("condition", "text", "", "of the study"),
        _KIND,
        ColumnSpec("item", "text", "", "code of the question"),
        ColumnSpec("asked", "count", "replies", "in all", least=0),
        ColumnSpec("answered", "count", "replies", "with a value", least=0),
        share_column("score", "mean answer: 0 against the value, 1 for it (neutral: right)"),
        ColumnSpec("order_effect", "number", "share", "score, value's end listed first less last"),
    ),
)

PROBES = TableSpec(
    "control_probes",
    "a respondent × value × layer that may be shifted",
    (
        _RESPONDENT,
        _VALUE,
        _LAYER,
        ColumnSpec("of_layers", "count", "", "that the model has", least=1),
        ColumnSpec("pairs", "count", "pairs", "of sentences", least=1),
        share_column("accuracy", "of held-out sentences, split by pair"),
        share_column("auc", "the same: area under the ROC curve"),
        share_column("shuffled_accuracy", "with labels exchanged in half of the pairs"),
        share_column("shuffled_auc", "likewise"),
        ColumnSpec("used", "flag", "", "whether it is shifted"),
        share_column("gate_accuracy", "held out, of the gate, in the one layer that it reads"),
    ),
)

LAYERS = TableSpec(
    "control_layers",
    "a respondent × shift × layer",
    (
        _RESPONDENT,
        _SHIFT,
        _LAYER,
        ColumnSpec("replies", "count", "replies", "that were shifted", least=0),
        ColumnSpec("distance", "number", "", "mean ε: length of the shift, negative where lowered"),
        ColumnSpec("share_of_stream", "number", "", "the same as a share of the stream's length"),
        share_column("before", "P before the layer's own shift, in the pass that finds it"),
        share_column("after", "P after it, in that pass"),
        share_column("asked", "P at the last token of the prompt, as it is answered"),
        share_column("writing", "P at the tokens written, once each is read again"),
    ),
)

FLUENCY = TableSpec(
    "control_fluency",
    "a respondent × shift",
    (
        _RESPONDENT,
        _SHIFT,
        ColumnSpec("replies", "count", "replies", "in all", least=0),
        share_column("shifted", "of replies; less than 1 where a gate stayed closed"),
        ColumnSpec("tokens", "count", "tokens", "written in words", least=0),
        ColumnSpec(
            "perplexity", "number", "", "of those in the model as it is, temperature 1", least=1
        ),
    ),
)

TABLES = (ARM_TABLE, PROBES, LAYERS, FLUENCY, ITEMS)
