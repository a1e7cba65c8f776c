import pytest

from vaar.errors import StudyError
from vaar.pipeline.people.mapping import MapFile, map_text, read_map, write_map
from vaar.pipeline.people.source import Source

SOURCE = Source("people.csv", "csv", "", ("id", "q1", "q: 2"), ("",) * 3, lambda: iter(()))


def read(tmp_path, study, text):
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return read_map(path, study, SOURCE)


def test_what_is_written_is_read(tmp_path, study):
    chosen = MapFile(
        items={"alpha_1": "q1", "alpha_2": "q: 2"},
        values={"alpha": {"yes": 1, "no": 5}},
        missing=["-99", "-"],
        keep={"who": "id"},
        leave_out={"id": ["", "0"]},
    )
    path = tmp_path / "m.yaml"
    write_map(path, map_text(path, chosen, study, SOURCE, ["look\nhere"]))
    assert read_map(path, study, SOURCE) == chosen
    assert "# LOOK: look here\n" in path.read_text(encoding="utf-8")


def test_numbers_stand_for_cells(tmp_path, study):
    found = read(tmp_path, study, "missing: [-99]\nvalues: {alpha: {1: 5}}\n")
    assert (found.missing, found.values) == (["-99"], {"alpha": {"1": 5}})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("items: {alpha_9: q1}", r'm\.yaml:1: no item of the study is called "alpha_9"'),
        ("items: {alpha_1: q9}", 'no column of the table is called "q9"'),
        ("items: {alpha_1: q1, alpha_2: q1}", "given to two items"),
        ("values: {gamma: {a: 1}}", 'no questionnaire of the study is called "gamma"'),
        ("reversed: [alpha_9]", 'called "alpha_9"'),
        ("id: person", 'called "person"'),
        ("keep: {alpha_1: id}", '"alpha_1" is the name of an item'),
        ("item: {}", 'unknown key "item"'),
        ("shift: {alpha: one}", "whole number"),
        ("[1]", "mapping|lines of the form"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, study, text, told):
    with pytest.raises(StudyError, match=told):
        read(tmp_path, study, text)
