import pytest

from vaar.errors import DataError
from vaar.responses.people import read_people
from vaar.responses.schema import SCHEMA

HEADER = "age,alpha_1,alpha_2,beta_1,beta_2,beta_3\n"


def written(tmp_path, text):
    path = tmp_path / "people.csv"
    path.write_text(text)
    return path


def test_one_row_a_person_becomes_one_row_an_item(study, tmp_path):
    path = written(tmp_path, HEADER + "30,1,2,3,4,5\n40,5,,3,2,1\n")
    frame = read_people(path, study, "human")
    assert list(frame.columns) == SCHEMA.names
    assert set(frame["group"]) == {"human"}
    wide = frame.pivot(index="session", columns="item", values="value")
    assert wide.loc[-1].tolist() == [1, 2, 3, 4, 5]
    blank = frame[(frame["session"] == -2) & (frame["item"] == "alpha_2")].iloc[0]
    assert blank["reason"] == "unanswered"
    assert frame["reason"].notna().sum() == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("age,alpha_1\n3,1\n", "lacks the items alpha_2, beta_1"),
        (HEADER + "1,1,1,1,1,1\n1,1,9,1,1,1\n", r"row 3, column alpha_2: .*9.* 1–5"),
        (HEADER + "1,often,1,1,1,1\n", r"row 2, column alpha_1: 'often'"),
        (HEADER + "1,2.5,1,1,1,1\n", r"2\.5"),
        ("", "cannot be read as CSV"),
        (",".join(f"c{n}" for n in range(50_000)) + "\n", "it has 50,000 columns"),
        (HEADER.replace("age", "beta_1") + "1,1,1,1,1,1\n", "two columns are named 'beta_1'"),
    ],
)
def test_a_wrong_file_is_told(study, tmp_path, text, told):
    with pytest.raises(DataError, match=told):
        read_people(written(tmp_path, text), study, "human")


def test_a_missing_file_is_told(study, tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_people(tmp_path / "none.csv", study, "human")
