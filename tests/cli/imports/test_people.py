from typer.testing import CliRunner

from support.people_tables import answers, items_of, labelled, plain, qualtrics
from vaar.cli.main import app
from vaar.study.load import load_study


def vaar(*arguments):
    return CliRunner().invoke(app, ["import", *map(str, arguments)])


def test_a_table_becomes_the_people_of_a_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = load_study("privacy_prosocial")
    rows = answers(study, 40)
    heads = [["d", "IP Address", "True", "d", f"R_{n}"] for n in range(40)]
    heads[3][2] = "False"
    words = [labelled(study, row) for row in rows]
    (tmp_path / "export.csv").write_text(qualtrics(study, words, heads), encoding="utf-8")
    done = vaar("people", "export.csv")
    assert done.exit_code == 0
    assert "a Qualtrics export" in done.output
    assert "39 of 40 rows are people" in done.output
    assert "left out: 1 row: Finished is 'False'" in done.output
    assert "vaar run --human people.csv" in done.output
    assert {"people.csv", "people.map.yaml"} <= {path.name for path in tmp_path.iterdir()}


def test_items_that_run_the_other_way_are_told_loudly(tmp_path):
    study = load_study("privacy_prosocial")
    part, item = items_of(study)[0]
    mirrored = part.scale_of(item).mirrored
    rows = [[mirrored(row[0]), *row[1:]] for row in answers(study, 60)]
    (tmp_path / "t.csv").write_text(plain(study, rows))
    done = vaar("people", tmp_path / "t.csv", "--out", tmp_path / "p.csv")
    assert f"LOOK: {item.code} runs against the rest of its scale" in done.output
