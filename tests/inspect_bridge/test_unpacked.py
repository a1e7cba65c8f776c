import struct
import zipfile

import pytest

from vaar.inspect_bridge.unpacked import DamagedPartError, require_shallow, unpacked_size

CONTENT = bytes(300_000)
KINDS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "zstandard": 93}


def archive_of(path, kind):
    if kind == "zstandard":
        pytest.importorskip("zipfile_zstd")
    with zipfile.ZipFile(path, "w", KINDS[kind]) as archive:
        archive.writestr("a.json", CONTENT)
        archive.writestr("b.json", b"{}")
    return path


def size(path, most=10**9):
    with zipfile.ZipFile(path) as archive:
        return unpacked_size(archive, most)


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_out_is_counted_whatever_the_directory_says(tmp_path, kind):
    path = archive_of(tmp_path / "x.eval", kind)
    assert size(path) == len(CONTENT) + 2
    raw = path.read_bytes().replace(struct.pack("<I", len(CONTENT)), struct.pack("<I", 10))
    path.write_bytes(raw)
    if kind != "stored":  # there is no other size that a stored part could have
        assert size(path) == len(CONTENT) + 2
    assert size(path, most=1) > 1


@pytest.mark.parametrize("kind", ["deflated", "zstandard"])
def test_a_damaged_part_is_told(tmp_path, kind):
    path = archive_of(tmp_path / "x.eval", kind)
    raw = bytearray(path.read_bytes())
    raw[40:50] = b"\xff" * 10
    path.write_bytes(raw)
    with pytest.raises(zipfile.BadZipFile):
        size(path)


def test_a_part_that_was_changed_after_it_was_packed_is_told(tmp_path):
    path = archive_of(tmp_path / "x.eval", "stored")
    path.write_bytes(path.read_bytes().replace(b"{}", b"[]", 1))
    with pytest.raises(DamagedPartError, match=r"'b\.json' is not what was packed"):
        size(path)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'["]]]]",'])
def test_what_is_nested_beyond_measure_is_told(tmp_path, opening):
    with pytest.raises(DamagedPartError, match="it is nested too deeply"):
        require_shallow(opening * 100_000, "it")
    require_shallow(b'{"a": "' + b"[" * 100_000 + b'"}', "it")
    path = tmp_path / "x.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("samples/a.json", opening * 100_000)
    with pytest.raises(DamagedPartError, match="nested"):
        size(path)
