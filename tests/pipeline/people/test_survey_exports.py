"""What stands in the place of a table of people and is no file."""

import os

import pytest

from vaar.errors import DataError
from vaar.pipeline.people.survey_exports import read_source
from vaar.pipeline.preregistration.registration import people_digest


@pytest.mark.parametrize("name", ["people.csv", "people.sav"])
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_refused_and_holds_up_nobody(tmp_path, name, kind):
    path = tmp_path / name
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(DataError, match="is a pipe, a device or a folder"):
        read_source(path)
    with pytest.raises(DataError, match="cannot be read"):
        people_digest(path)
