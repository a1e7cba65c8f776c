import gguf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.llama_cpp.header import FILE_TYPES, DamagedHeaderError, read_header


def written(file, facts):
    writer = gguf.GGUFWriter(file, "llama")
    for add, name, value in facts:
        getattr(writer, f"add_{add}")(name, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return file


FACTS = [
    ("uint8", "a", 200),
    ("int8", "b", -3),
    ("uint16", "c", 60000),
    ("int16", "d", -300),
    ("uint32", "e", 4_000_000_000),
    ("int32", "f", -70000),
    ("float32", "g", 0.5),
    ("bool", "h", True),
    ("string", "i", "Größe"),
    ("array", "j", ["x", "yz"]),
    ("array", "k", [1, 2, 3]),
    ("uint64", "l", 2**40),
    ("int64", "m", -(2**40)),
    ("float64", "n", 0.1),
]


def test_every_kind_of_fact_is_read_and_lists_are_passed_over(tmp_path):
    found = read_header(written(tmp_path / "a.gguf", FACTS))
    expected = {name: value for add, name, value in FACTS if add != "array"}
    assert found == {"general.architecture": "llama", **expected}


@given(length=st.integers(0, 300))
def test_a_head_that_ends_too_early_is_told(length, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cut")
    whole = written(folder / "a.gguf", FACTS).read_bytes()
    (folder / "cut.gguf").write_bytes(whole[: min(length, len(whole) - 40)])
    with pytest.raises(DamagedHeaderError):
        read_header(folder / "cut.gguf")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 a wheel", "does not begin"),
        (b"GGUF\x00\x00\x00\x03" + bytes(40), "version 50331648"),  # big-endian
        (b"GGUF\x01\x00\x00\x00" + bytes(40), "version 1"),
        (b"GGUF\x03\x00\x00\x00" + bytes(8) + b"\xff" * 8, "counts"),
        (b"GGUF\x03\0\0\0" + bytes(8) + b"\1" + bytes(7) + b"\1" + bytes(7) + b"k\x63\0\0\0", "99"),
    ],
)
def test_what_is_no_gguf_file(content, said, tmp_path):
    (tmp_path / "a.gguf").write_bytes(content)
    with pytest.raises(DamagedHeaderError, match=said):
        read_header(tmp_path / "a.gguf")


def test_file_types_are_called_as_the_format_calls_them():
    official = {kind.value: kind.name.removeprefix("MOSTLY_") for kind in gguf.LlamaFileType}
    official[0] = "F32"
    assert {number: official[number] for number in FILE_TYPES} == FILE_TYPES
