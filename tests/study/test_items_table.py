import pytest

from vaar.errors import StudyError
from vaar.study.items_table import read_items
from vaar.study.load import load_study
from vaar.study.schema import ColumnsEntry

COLUMNS = ColumnsEntry(code="id", text="question", labels=["yes", "no"], numbering="positions")
TABLE = "id,question,yes,no,topic\n17,Should it rain?,It should.,It should not.,weather\n"


def write(tmp_path, text):
    path = tmp_path / "items.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_items_labels_and_facts_are_read(tmp_path):
    (item,), document = read_items(write(tmp_path, TABLE), COLUMNS, "rain")
    assert (item.code, item.text, item.facts) == (
        "rain_17",
        "Should it rain?",
        {"topic": "weather"},
    )
    assert item.scale is not None and item.scale.numbering == "positions"
    assert item.scale.labels == ["It should.", "It should not."]
    assert document.lines["items", 0] == 2


def test_without_columns_the_usual_names_hold(tmp_path):
    path = write(tmp_path, 'code,text,keying\na_1,"Two\nlines",-\na_2,One,\n')
    (one, two), _ = read_items(path, ColumnsEntry(), "a")
    assert (one.text, one.keying, two.keying, one.scale) == ("Two\nlines", "-", "+", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has a first line"),
        ("id,question,yes,no\n", "has a first line"),
        ("code,question,yes,no\na,b,c,d\n", 'has no column "id"'),
        ("id,id,question,yes,no\na,a,b,c,d\n", 'two columns are named "id"'),
        ("id,question,yes,no,its topic\na,b,c,d,e\n", 'the column "its topic" cannot be a fact'),
        ("id,question,yes,no\na,b,c\n", "has 3 values, and the first line has 4 columns"),
        ("id,question,yes,no\na,,c,d\n", "has nothing under question"),
        ("id,question,yes,no\na-b,q,c,d\n", 'the code "a-b" is none'),
        ("id,question,yes,no\na,q\x07,c,d\n", "holds a control character"),
        ('id,question,yes,no\na,"q,c,d\n', "is no CSV"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, said):
    with pytest.raises(StudyError, match=r"items\.csv") as told:
        read_items(write(tmp_path, text), COLUMNS, "a")
    assert said in str(told.value)


def test_an_item_that_is_wrong_among_others_has_its_line_in_the_table(study_file, tmp_path):
    write(tmp_path, "code,text\ndeeds_1,I act.\nworry_1,I act again.\n")
    path = study_file(
        ("    items:\n      - {code: deeds_1, text: I act.}\n", "    items: items.csv\n")
    )
    with pytest.raises(StudyError, match=r'items\.csv:3: the code "worry_1" is taken'):
        load_study(path)


def test_a_table_that_a_run_could_not_keep_is_refused(study_file, tmp_path):
    rows = "".join(f"d{k},a b {k},y,n,{k},{k}\n" for k in range(3500))
    write(tmp_path, f"code,text,one,two,first,second\n{rows}")
    path = study_file(
        ("    items:\n      - {code: deeds_1, text: I act.}\n", "    items: items.csv\n"),
        ("model: |", "limits: {turns: 9000}\nmodel: |"),
    )
    with pytest.raises(StudyError, match="a run keeps 250,000 at most in one file"):
        load_study(path)


def test_codes_kind_and_needed_facts_are_as_the_columns_say(tmp_path):
    columns = ColumnsEntry(code="id", text="question", kind="text", prefix=True, facts=["topic"])
    (item,), _ = read_items(write(tmp_path, TABLE.replace("17", "own_17")), columns, "rain")
    assert (item.code, item.kind, item.scale) == ("rain_own_17", "text", None)
    assert item.facts == {"yes": "It should.", "no": "It should not.", "topic": "weather"}
    for spoilt, said in (
        ((",weather", ","), "nothing under topic"),
        (
            (",topic", ",place"),
            'no column "topic"',
        ),
    ):
        with pytest.raises(StudyError, match=said):
            read_items(write(tmp_path, TABLE.replace(*spoilt)), columns, "rain")
