import json

import jsonschema
import pytest
import yaml

from vaar.study.bundle import INSTRUMENT_SCHEMA, LIBRARY, STUDY_SCHEMA
from vaar.study.schema.entry import json_schema
from vaar.study.schema.instrument_file import InstrumentFile
from vaar.study.schema.study_file import StudyFile


@pytest.mark.parametrize(
    ("path", "model"), [(STUDY_SCHEMA, StudyFile), (INSTRUMENT_SCHEMA, InstrumentFile)]
)
def test_published_schema_is_current(path, model):
    """Write the files anew with ``vaar study schema`` after a change of the models."""
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema(model)


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*/*.yaml")), ids=lambda path: path.name)
def test_bundled_files_keep_their_schema(path):
    model = StudyFile if path.name == "study.yaml" else InstrumentFile
    jsonschema.Draft202012Validator(json_schema(model)).validate(yaml.safe_load(path.read_text()))


def test_schema_refuses_unknown_keys(small):
    data = {**yaml.safe_load(small), "titel": "x"}
    with pytest.raises(jsonschema.ValidationError, match="titel"):
        jsonschema.validate(data, json_schema(StudyFile))
