import pytest

from vaar.errors import DataError
from vaar.pipeline.people.encoding import detect_encoding

TEXT = "name,größe\nJosé,“7”\n" * 20


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_usual_encodings_are_found(tmp_path, written, found):
    path = tmp_path / "t.csv"
    path.write_bytes(TEXT.encode(written))
    assert detect_encoding(path) == found
    assert path.read_text(found).replace("\r\n", "\n") == TEXT


def test_bytes_that_windows_does_not_have_are_latin_1(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n\x81\xe9,1\n")
    assert detect_encoding(path) == "latin-1"


def test_a_sign_beyond_the_first_block_counts(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n" * 400_000 + "é".encode("cp1252"))
    assert detect_encoding(path) == "cp1252"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b" \n \n", "is empty"),
        (b"PK\x03\x04rest", "a workbook or a zip"),
        (b"\x1f\x8brest", "compressed"),
        (b"\x00\x01\x02\x00" * 9, "no table of text"),
        (b"a\x01b,c\n", "no table of text"),
        (b"\xff\xfea\x00b", "begins as UTF-16 .* cut or damaged"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path, content, told):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=told):
        detect_encoding(path)
