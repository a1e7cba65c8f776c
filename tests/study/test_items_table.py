import pytest

from vaar.errors import StudyError
from vaar.study.items_table import read_items
from vaar.study.load import load_study
from vaar.study.schema.instrument_file import ColumnsEntry

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


def long_table(tmp_path, n, order=1):
    lines = [f"{k},Is {k} enough?,It is {k},It is not {k}.,topic{k % 9}" for k in range(n)][::order]
    return write(tmp_path, "\n".join(["id,question,yes,no,topic", *lines]) + "\n")


def test_of_fifty_two_thousand_rows_so_many_are_drawn_the_same_in_any_order(tmp_path):
    drawn, document = read_items(long_table(tmp_path, 52_000), COLUMNS, "q", draw=300)
    again, _ = read_items(long_table(tmp_path, 52_000, order=-1), COLUMNS, "q", draw=300)
    codes = [item.code for item in drawn]
    assert len(set(codes)) == 300
    assert set(codes) == {item.code for item in again}
    numbers = sorted(int(code.removeprefix("q_")) for code in codes)
    assert codes == [f"q_{n}" for n in numbers]
    assert document.lines["items", 0] == numbers[0] + 2
    middle = sum(n < 26_000 for n in numbers)  # by chance 150 with a standard deviation of 8.7
    assert 115 < middle < 185


def test_a_table_that_a_run_cannot_keep_says_how_many_it_can(tmp_path):
    with pytest.raises(
        StudyError, match=r"3,000 of its 3,000 items have .* `--draw (\d+)`"
    ) as told:
        read_items(path := long_table(tmp_path, 3_000), COLUMNS, "q")
    some = int(str(told.value).split("--draw ")[1].split("`")[0])
    assert len(read_items(path, COLUMNS, "q", draw=some)[0]) == some
    with pytest.raises(StudyError, match="a run keeps 100,000 at most"):
        read_items(path, COLUMNS, "q", draw=2_900)


def test_no_more_can_be_drawn_than_there_are(tmp_path):
    with pytest.raises(StudyError, match="has 5 items, and 6 are to be drawn"):
        read_items(long_table(tmp_path, 5), COLUMNS, "q", draw=6)


def test_both_forms_of_a_study_draw_the_same_items_and_without_a_table_nothing_is_drawn(tmp_path):
    lines = [f"{k},a,quoted,t{k % 5},Is {k} so?,It is {k}.,It is not {k}." for k in range(60)]
    path = write(tmp_path, "\n".join(["id,group,source,topic,question,statement,reverse", *lines]))
    choice, free = load_study("national_values", data=path, draw=7).instruments
    numbers = [[item.code.rpartition("_")[2] for item in part.items] for part in (choice, free)]
    assert len(numbers[0]) == 7 and numbers[0] == numbers[1]
    with pytest.raises(StudyError, match="leave --draw"):
        load_study("national_values", draw=7)
