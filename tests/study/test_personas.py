import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.errors import StudyError
from vaar.study.model import Persona
from vaar.study.personas import (
    LARGEST_TABLE,
    parse_personas,
    persona_prompt,
    read_personas,
    to_csv,
    wrong_text,
)

TABLE = 'id,age,place\np1,34,Poland\np2,61,"Nairobi, Kenya"\n'


def test_a_table():
    first, second = parse_personas(TABLE, "people.csv")
    assert first == Persona("p1", (("age", "34"), ("place", "Poland")))
    assert dict(second.attributes)["place"] == "Nairobi, Kenya"


names = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
values = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8).map(
    str.strip
)


@given(st.lists(values.filter(bool), min_size=1, max_size=5, unique=True), st.data())
def test_a_table_comes_back_from_its_text(ids, data):
    taken = {"id", "group", "order", "items"}
    columns = data.draw(st.lists(names.filter(lambda n: n not in taken), max_size=3, unique=True))
    people = tuple(
        Persona(name, tuple((column, data.draw(values.filter(bool))) for column in columns))
        for name in ids
    )
    assert parse_personas(to_csv(people), "-") == people


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("id,age\n", None, "a line for each persona"),
        ("name,age\nada,3\n", 1, 'has no column "id"; its columns are name, age'),
        ("id,age\np1,3\np1,4\n", 3, 'the id "p1" stands on line 2 already'),
        ("id,age\n,3\n", 2, "has no id"),
        ("id,age,place\np1,,\n", 2, "has nothing under age, place"),
        ("id,age\np1\n", 2, "has 1 values, and the first line has 2 columns"),
        ("id,age,age\np1,3,4\n", 1, 'two columns are named "age"'),
        ("id,a b\np1,3\n", 1, "a letter, then letters, digits or underscores"),
        ("id,order\np1,3\n", 1, 'named "order", which every session has already'),
        ('id,age\np1,"3\n', 2, "is no CSV"),
        ("id,age\np1,3\x07\n", 2, "control character"),
        ('id,age\np1,"3\n4"\n', 3, "line break"),
    ],
)
def test_wrong_tables_tell_their_line(text, line, message):
    with pytest.raises(StudyError) as raised:
        parse_personas(text, "people.csv")
    assert message in str(raised.value)
    assert raised.value.line == line


def test_a_table_that_is_no_text_or_too_long(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(b"id,age\np\xff,3\n")
    with pytest.raises(StudyError, match="is not UTF-8"):
        read_personas(path)
    path.write_bytes(b"id,age\n" + b"p" * LARGEST_TABLE)
    with pytest.raises(StudyError, match="more than 100,000 bytes"):
        read_personas(path)


def test_a_text_takes_attributes_and_nothing_else():
    who = Persona("p1", (("age", "34"), ("name", "{age.__class__}")))
    assert persona_prompt("{name} is {age} ({id})", who) == "{age.__class__} is 34 (p1)"
    assert not list(wrong_text("You are {age}.", ["id", "age"]))
    (message,) = wrong_text("You are {aeg}.", ["id", "age"])
    assert message.startswith('names {aeg} (did you mean "age"?)')
    assert any("brace" in message for message in wrong_text("You {are {age}}.", ["id", "age"]))
    assert list(wrong_text("{age.__class__}", ["id", "age"]))
