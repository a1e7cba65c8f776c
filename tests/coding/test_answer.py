from __future__ import annotations

import json
from typing import Any

import pytest

from vaar.coding.answer import Answer, Reason


def test_an_answer_has_a_value_or_a_reason() -> None:
    assert Answer(value=0).reason is None
    assert Answer(reason=Reason.REFUSED).value is None


@pytest.mark.parametrize("fields", [{}, {"value": 4, "reason": Reason.REFUSED}])
def test_neither_and_both_are_errors(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give exactly one"):
        Answer(**fields)


def test_reasons_are_stored_as_plain_strings() -> None:
    assert str(Reason.REFUSED) == "refused"
    assert json.dumps(Reason.OUT_OF_RANGE) == '"out_of_range"'
