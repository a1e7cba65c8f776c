import csv
import random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.people_tables import answers, items_of, labelled, plain, qualtrics, table
from vaar.errors import DataError, VaarError
from vaar.pipeline.people.take import import_people, take_people
from vaar.responses.people import read_people
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def library():
    return load_study("privacy_prosocial_published")


def written(tmp_path, content, name="export.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def taken(path, study):
    """What a table comes to, and the answers as a run reads them."""
    out = path.with_name("human.csv")
    found = take_people(path, study, out)
    responses = read_people(out, study, "human")
    order = [item.code for _, item in items_of(study)]
    wide = responses.pivot(index="session", columns="item", values="value")[order]
    return found, wide.sort_index(ascending=False).to_numpy().tolist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_plain_table_in_usual_forms(tmp_path, study, encoding, separator):
    rows = answers(study, 20)
    path = written(tmp_path, plain(study, rows, separator).encode(encoding))
    found, read = taken(path, study)
    assert (found.people, found.rows, read) == (20, 20, rows)


def test_a_qualtrics_export_of_500_people(tmp_path, library):
    rows = answers(library, 504)
    heads = [["d", "IP Address", "True", "d", f"R_{n}"] for n in range(504)]
    heads[0][1], heads[1][2], heads[2][4] = "Survey Preview", "False", "R_3"
    words = [labelled(library, row) for row in rows]
    words[4] = [""] * len(words[4])
    path = written(tmp_path, qualtrics(library, words, heads).encode("utf-8-sig"))
    found, read = taken(path, library)
    assert found.kind == "qualtrics"
    assert read == [row for n, row in enumerate(rows) if n not in (0, 1, 3, 4)]
    assert found.left_out == {
        "Status is 'Survey Preview'": 1,
        "Finished is 'False'": 1,
        "the same ResponseId stands above": 1,
        "no item answered": 1,
    }
    assert found.people + sum(found.left_out.values()) == found.rows == 504


def test_a_limesurvey_export(tmp_path, study):
    rows = answers(study, 12)
    names = ["id", "submitdate", "lastpage", "startlanguage"]
    heads = [f"{name}. What it is" for name in names]
    heads += [f"G01[{item.code.replace('_', '')}]. {item.text}" for _, item in items_of(study)]
    body = [
        [n, "" if n == 0 else "2026-01-01", 3, "en", *(f"A{x}" for x in row)]
        for n, row in enumerate(rows)
    ]
    found, read = taken(written(tmp_path, table([heads, *body])), study)
    assert (found.kind, found.left_out) == ("limesurvey", {"submitdate is blank": 1})
    assert read == rows[1:]


def test_headings_may_be_the_questions_as_online_forms_write_them(tmp_path, study):
    rows = answers(study, 20)
    heads = ["Timestamp", *[item.text for _, item in items_of(study)]]
    words = [["2026/11/29", *labelled(study, row)] for row in rows]
    found, read = taken(written(tmp_path, table([heads, *words])), study)
    assert (found.people, read) == (20, rows)


def test_the_same_person_again_is_left_out_of_a_plain_table_too(tmp_path, study):
    rows = answers(study, 20)
    heads = ["ID", *[item.code for _, item in items_of(study)]]
    path = written(tmp_path, table([heads, *[[n // 2, *row] for n, row in enumerate(rows)]]))
    found, read = taken(path, study)
    assert found.left_out == {"the same ID stands above": 10}
    assert read == rows[::2]


def test_a_table_of_one_column_is_asked_about_its_separator(tmp_path, study):
    path = written(tmp_path, plain(study, answers(study, 5), ":"))
    with pytest.raises(DataError, match=r"one column only, headed 'alpha_1:.*commas, semicolons"):
        taken(path, study)


def test_an_id_and_a_comma_at_the_end_of_each_row_move_no_answer(tmp_path, study):
    rows = answers(study, 9)
    head = ",".join(["id", *(item.code for _, item in items_of(study))])
    body = [",".join(map(str, [f"p{n}", *row])) + "," for n, row in enumerate(rows)]
    found, read = taken(written(tmp_path, "\n".join([head, *body])), study)
    assert (found.people, read) == (9, rows)


def test_codes_for_no_answer_are_counted_and_formulas_are_harmless(tmp_path, study):
    rows = [[*row, "=1+1", "30"] for row in answers(study, 5)]
    rows[0][0], rows[1][1], rows[2][2] = -99, "Prefer not to say", ""
    head = [*(item.code for _, item in items_of(study)), "note", "age"]
    path = written(tmp_path, table([head, *rows]))
    found, read = taken(path, study)
    assert found.no_answer == {"-99": 1, "Prefer not to say": 1}
    assert found.blanks == 1
    assert pd.isna(read[0][0]) and pd.isna(read[1][1]) and pd.isna(read[2][2])
    kept = csv.DictReader((tmp_path / "human.csv").read_text("utf-8").splitlines())
    assert {(row["note"], row["age"]) for row in kept} == {("'=1+1", "30")}


def test_reversed_items_are_told_and_turned_by_the_map(tmp_path, study):
    rows = answers(study, 60)
    turned = [[*row[:2], 6 - row[2], *row[3:]] for row in rows]
    path = written(tmp_path, plain(study, turned))
    out = tmp_path / "people.csv"
    first = import_people(path, study, out)
    assert [one.item for one in first.found.against] == ["beta_1"]
    assert any("beta_1 runs against the rest" in line for line in first.found.warnings())
    text = first.map.read_text(encoding="utf-8").replace("reversed: []", "reversed: [beta_1]")
    first.map.write_text(text, encoding="utf-8")
    again = import_people(path, study, out, first.map, overwrite=True)
    assert not again.found.against
    assert pd.read_csv(out).to_numpy().tolist() == rows


def test_a_table_whose_answers_were_turned_round_already(tmp_path):
    balanced = load_study("privacy_prosocial")
    items = items_of(balanced)
    rows = [
        [
            x if i.keying > 0 else p.scale_of(i).mirrored(x)
            for (p, i), x in zip(items, row, strict=True)
        ]
        for row in answers(balanced, 60)
    ]
    path = written(tmp_path, plain(balanced, rows))
    (told,) = take_people(path, balanced, tmp_path / "human.csv").warnings()
    other_way = [item.code for _, item in items if item.keying < 0]
    assert told.startswith(f"{len(other_way)} items run against the rest of their scales")
    assert "as in a table whose answers were turned round already" in told
    assert f"`reversed: [{', '.join(other_way)}]`" in told


def test_columns_that_were_exchanged_are_told(tmp_path):
    balanced = load_study("privacy_prosocial")
    place = {item.code: n for n, (_, item) in enumerate(items_of(balanced))}
    one, other = place["psab_03"], place["aodsb_health_aid"]
    rows = answers(balanced, 60)
    for row in rows:
        row[one], row[other] = row[other], row[one]
    path = written(tmp_path, plain(balanced, rows))
    told = list(take_people(path, balanced, tmp_path / "human.csv").warnings())
    assert [line.split(" goes with ")[0] for line in told] == ["psab_03", "aodsb_health_aid"]
    assert all("were columns exchanged or moved?" in line for line in told)


def test_cells_of_a_few_columns_that_mean_nothing_name_them(tmp_path, library):
    rows = answers(library, 40)
    rows[0][9], rows[1][9] = 57, 34
    with pytest.raises(DataError) as refused:
        take_people(written(tmp_path, plain(library, rows)), library, tmp_path / "human.csv")
    code = items_of(library)[9][1].code
    assert f"They stand in {code} only: are these the right columns?" in str(refused.value)


@pytest.mark.parametrize("name", ["record_id", "PROLIFIC_PID", "Prolific ID", "participant_id"])
def test_a_second_wave_of_the_same_people_is_left_out(tmp_path, study, name):
    rows = answers(study, 40)
    body = [[f"p{n % 30}", *row] for n, row in enumerate(rows)]
    head = [name, *(item.code for _, item in items_of(study))]
    found, read = taken(written(tmp_path, table([head, *body])), study)
    assert found.left_out == {f"the same {name} stands above": 10}
    assert read == rows[:30]


def test_what_is_in_doubt_is_written_into_a_map_and_settled_there(tmp_path, study):
    rows = answers(study, 40)
    lower = [[x - 1 for x in row] for row in rows]
    path, out = written(tmp_path, plain(study, lower)), tmp_path / "people.csv"
    told = r"alpha: its cells run from 0 to 4[\s\S]*give it with --map"
    with pytest.raises(DataError, match=told):
        import_people(path, study, out)
    assert not out.exists()
    map_file = tmp_path / "people.map.yaml"
    text = map_file.read_text(encoding="utf-8")
    assert "# LOOK: alpha: its cells run from 0 to 4" in text
    with pytest.raises(DataError, match="give it with --map"):
        import_people(path, study, out)
    map_file.write_text(text.replace("shift: {}", "shift: {alpha: 1, beta: 1}"), encoding="utf-8")
    import_people(path, study, out, map_file)
    assert pd.read_csv(out).to_numpy().tolist() == rows


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("age\n3\n", "no column was found for the items alpha_1, alpha_2"),
        ("HEAD\n", "holds no person's answers"),
        ("HEAD\n,,,,\n-9,-9,-9,-9,-9\n", r"holds no person's answers \(1 row: no item answered"),
        ("HEAD\n1,2,3,4,77x\n", "'77x'"),
        ("HEAD,alpha_1\n1,2,3,4,5,1\n", "two columns are named 'alpha_1'"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path, study, text, told):
    head = ",".join(item.code for _, item in items_of(study))
    with pytest.raises(DataError, match=told):
        taken(written(tmp_path, text.replace("HEAD", head)), study)


def test_a_file_that_is_there_is_kept(tmp_path, study):
    path, out = written(tmp_path, plain(study, answers(study, 5))), tmp_path / "people.csv"
    out.write_text("mine")
    with pytest.raises(DataError, match="--overwrite"):
        import_people(path, study, out)
    assert out.read_text() == "mine"


def test_an_import_that_was_killed_behind_its_map_goes_on(tmp_path, study):
    path, out = written(tmp_path, plain(study, answers(study, 5))), tmp_path / "people.csv"
    made = import_people(path, study, out)
    content = out.read_bytes()
    out.unlink()
    assert import_people(path, study, out).map == made.map and out.read_bytes() == content
    out.unlink()
    made.map.write_text(made.map.read_text() + "# mine\n")
    with pytest.raises(DataError, match="give it with --map"):
        import_people(path, study, out)
    assert made.map.read_text().endswith("# mine\n") and not out.exists()


@pytest.mark.parametrize(
    "cell", ["9" * 5000, "-" + "9" * 5000, "9" * 5000 + ".0", "1.5e9999", "⁷", "²"]
)
def test_a_cell_that_is_no_number_of_this_world_is_asked_about(tmp_path, study, cell):
    rows = answers(study, 5)
    rows[2][0] = cell
    with pytest.raises(DataError, match="cannot be told for certain"):
        import_people(written(tmp_path, plain(study, rows)), study, tmp_path / "people.csv")


def test_what_the_answers_are_made_of_is_not_replaced_by_them(tmp_path, study):
    path = written(tmp_path, plain(study, answers(study, 5)))
    before = path.read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    for source, out in ((path, path), (link, path), (path, link)):
        with pytest.raises(DataError, match="would be lost"):
            import_people(source, study, out, overwrite=True)
    made = import_people(path, study, tmp_path / "people.csv")
    with pytest.raises(DataError, match="would be lost"):
        import_people(path, study, made.map, made.map, overwrite=True)
    assert path.read_bytes() == before


def test_a_folder_in_the_place_of_the_answers_is_told(tmp_path, study, monkeypatch):
    path = written(tmp_path, plain(study, answers(study, 5)))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for out in ("", ".", "..", "folder"):
        with pytest.raises(DataError, match=r"is a folder.*--out"):
            import_people(path, study, out, overwrite=True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["export.csv", "folder"]


@given(
    st.binary(max_size=300) | st.text(alphabet='a,;"\t\n1-= é\x00', max_size=120).map(str.encode)
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_rubbish_gives_a_clear_error_and_no_file(tmp_path, study, content):
    path, out = written(tmp_path, content), tmp_path / "human.csv"
    with pytest.raises(VaarError):
        take_people(path, study, out)
    assert not out.exists()


def test_a_table_with_rubbish_in_it_is_read_right_or_refused(tmp_path, study):
    rng = random.Random(2)
    rows = answers(study, 30)
    whole = plain(study, rows)
    for _ in range(60):
        place = rng.randrange(len(whole))
        damaged = whole[:place] + rng.choice('\x00,;"\n9x') + whole[place + rng.choice((0, 1)) :]
        try:
            _, read = taken(written(tmp_path, damaged), study)
        except VaarError:
            continue
        moved = sum(
            not any(list(row) == known for known in rows) and not any(map(pd.isna, row))
            for row in read
        )
        assert moved <= 1  # a digit that became another answer, never a whole column
