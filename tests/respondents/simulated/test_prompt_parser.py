from dataclasses import replace

import pytest

from vaar.errors import StudyError
from vaar.respondents.simulated.prompt_parser import Question, Reader
from vaar.sessions.prompts import block_question, block_reminder, item_question, item_reminder


def conversation(*users):
    messages = [{"role": "system", "content": "Be honest."}]
    for user in users:
        messages += [{"role": "user", "content": user}, {"role": "assistant", "content": "3"}]
    return messages[:-1]


@pytest.fixture
def calm(small):
    return small.instruments[0]


def test_every_item_of_the_bundle_is_found(bundled):
    reader = Reader(bundled)
    for instrument in bundled.instruments:
        for item in instrument.items:
            for first in (True, False):
                found = reader.question(item_question(instrument, item, first))
                assert found == Question((item.code,), block=False)


def test_every_block_of_the_bundle_is_found(bundled):
    reader = Reader(bundled)
    for instrument in bundled.instruments:
        codes = tuple(item.code for item in instrument.items)
        assert reader.question(block_question(instrument)) == Question(codes, block=True)


def test_items_reminders_and_the_opening(small, calm):
    first = item_question(calm, calm.items[0], True)
    second = item_question(calm, calm.items[1], False)
    reminder = item_reminder(calm)
    reader = Reader(small)

    def found(*users):
        asked = reader.asked(conversation(*users))
        return asked.question.codes, asked.attempt, asked.opening

    assert found(first) == (("calm_1",), 0, "calm_1")
    assert found(first, reminder) == (("calm_1",), 1, "calm_1")
    assert found(first, reminder, reminder) == (("calm_1",), 2, "calm_1")
    assert found(first, reminder, second) == (("calm_2",), 0, "calm_1")
    assert found(first, reminder, second, reminder) == (("calm_2",), 1, "calm_1")


def test_block_reminders_name_the_missing_codes(small, calm):
    messages = conversation(block_question(calm), block_reminder(calm, ["calm_2", "calm_4"]))
    asked = Reader(small).asked(messages)
    assert asked.question == Question(("calm_2", "calm_4"), block=True)
    assert asked.attempt == 1


def test_codes_are_whole_words(small, calm):
    spare = replace(calm.items[0], code="calm_11", text="Another statement.")
    study = replace(
        small, instruments=(replace(calm, items=(*calm.items, spare)), *small.instruments[1:])
    )
    instrument = study.instruments[0]
    messages = conversation(block_question(instrument), block_reminder(instrument, ["calm_11"]))
    assert Reader(study).asked(messages).question.codes == ("calm_11",)


@pytest.mark.parametrize("messages", [[], conversation("What is the weather like?")])
def test_unknown_questions(small, messages):
    assert Reader(small).asked(messages) is None


def test_texts_of_several_lines_that_begin_alike(small, calm):
    items = tuple(
        replace(item, text=f"Imagine this.\nThere are {n} dogs.")
        for n, item in enumerate(calm.items)
    )
    instrument = replace(calm, items=items)
    reader = Reader(replace(small, instruments=(instrument, *small.instruments[1:])))
    for item in items:
        assert reader.question(item_question(instrument, item, True)).codes == (item.code,)
    assert reader.question(block_question(instrument)).codes == tuple(i.code for i in items)


def test_equal_texts_are_refused(small, calm):
    twin = replace(calm.items[1], text=calm.items[0].text)
    instrument = replace(calm, items=(calm.items[0], twin))
    study = replace(small, instruments=(instrument, *small.instruments[1:]))
    with pytest.raises(StudyError, match="items 'calm_1' and 'calm_2' have the same text"):
        Reader(study)
