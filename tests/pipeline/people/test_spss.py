import pandas as pd
import pytest

from support.people_tables import answers, items_of
from vaar.errors import DataError
from vaar.pipeline.people.spss import read_spss
from vaar.pipeline.people.take import take_people

pyreadstat = pytest.importorskip("pyreadstat")


@pytest.fixture
def table(study, tmp_path):
    """Ten people of SPSS; one code is declared missing, and alpha_1 is coded from its other end."""
    items = items_of(study)
    frame = pd.DataFrame(answers(study, 10), columns=[f"v{n}" for n in range(len(items))])
    frame = frame.astype(float)
    frame.loc[0, "v1"] = 99.0
    labels = {"v0": {float(6 - n): text for n, text in enumerate(items[0][0].scale.labels, 1)}}
    path = tmp_path / "people.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=[f"{item.code}" for _, item in items],
        variable_value_labels=labels,
        missing_ranges={"v1": [99]},
    )
    return path, frame


def test_names_questions_labels_and_cells(table, study):
    path, frame = table
    source = read_spss(path)
    assert source.names == tuple(frame.columns)
    assert source.texts[0] == "alpha_1"
    assert source.labels["v0"]["5"] == study.instruments[0].scale.labels[0]
    rows = [row for _, row in source.rows()]
    assert rows[0][1] == "99"
    assert rows[3] == [str(int(x)) for x in frame.loc[3]]


def test_labels_decide_over_codes(table, study, tmp_path):
    path, frame = table
    names = [item.code for _, item in items_of(study)]
    renamed = tmp_path / "named.sav"
    told = read_spss(path).labels["v0"]
    labels = {names[0]: {float(code): text for code, text in told.items()}}
    pyreadstat.write_sav(frame.set_axis(names, axis=1), str(renamed), variable_value_labels=labels)
    found = take_people(renamed, study, tmp_path / "human.csv")
    read = pd.read_csv(tmp_path / "human.csv")
    assert read["alpha_1"].tolist() == (6 - frame["v0"]).astype(int).tolist()
    assert found.no_answer == {"99": 1}


def test_a_point_of_the_scale_that_is_declared_missing_is_no_answer(study, tmp_path):
    names = [item.code for _, item in items_of(study)]
    frame = pd.DataFrame(answers(study, 40), columns=names).astype(float)
    frame.loc[:9, names[0]] = 5.0
    refused = int((frame[names[0]] == 5).sum())
    path = tmp_path / "people.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        variable_value_labels={names[0]: {5.0: "Weigert sich"}},
        missing_ranges={names[0]: [5.0], names[1]: [{"lo": 50, "hi": 60}]},
    )
    assert read_spss(path).declared == {names[0]: ((5.0, 5.0),), names[1]: ((50.0, 60.0),)}
    found = take_people(path, study, tmp_path / "human.csv")
    assert found.no_answer == {"5": refused}
    assert pd.read_csv(tmp_path / "human.csv")[names[0]].isna().sum() == refused


def test_labels_that_are_turned_in_one_column_are_read_by_and_told(study, tmp_path):
    items = items_of(study)
    names = [item.code for _, item in items]
    frame = pd.DataFrame(answers(study, 40), columns=names).astype(float)
    words = items[0][0].scale.labels
    usual = {float(n): text for n, text in enumerate(words, 1)}
    turned = {float(6 - n): text for n, text in enumerate(words, 1)}
    path = tmp_path / "people.sav"
    labels = {names[0]: usual, names[1]: turned}
    changed = frame.assign(**{names[1]: 6 - frame[names[1]]})
    pyreadstat.write_sav(changed, str(path), variable_value_labels=labels)
    found = take_people(path, study, tmp_path / "human.csv")
    assert pd.read_csv(tmp_path / "human.csv")[names[1]].tolist() == frame[names[1]].tolist()
    assert any(names[1] in told and "read by their labels" in told for told in found.remarks)


def test_what_is_no_spss_table_is_refused(tmp_path):
    path = tmp_path / "people.sav"
    path.write_bytes(b"$FL2 rubbish" * 20)
    with pytest.raises(DataError, match="cannot be read as an SPSS table"):
        read_spss(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_spss(tmp_path / "none.sav")
