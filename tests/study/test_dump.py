import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.study.dump import dump_study, study_hash
from vaar.study.load import load_study
from vaar.study.model import (
    Condition,
    Evidence,
    Hypothesis,
    Instrument,
    Item,
    Limits,
    Persona,
    ResponseScale,
    Study,
    Subscale,
    Variation,
)

texts = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"))
    .map(str.strip)
    .filter(bool)
)
signs = st.sampled_from([-1, 1])


@st.composite
def instruments(draw, code):
    sets = draw(st.lists(st.sampled_from(["plain", "no"]), unique=True))
    items = tuple(
        Item(f"{code}_{i}", draw(texts), draw(signs), tuple((name, draw(texts)) for name in sets))
        for i in range(draw(st.integers(1, 3)))
    )
    codes = st.lists(st.sampled_from(items), min_size=1, unique=True)
    subscales = tuple(
        Subscale(f"{code}_s{i}", draw(texts), tuple(item.code for item in draw(codes)))
        for i in range(draw(st.integers(0, 2)))
    )
    labels = draw(st.lists(texts, min_size=2, max_size=4, unique_by=str.casefold))
    scale = ResponseScale(tuple(labels), draw(st.integers(0, 1)))
    wording = draw(st.sampled_from(["parallel", "published"]))
    return Instrument(
        code, draw(texts), draw(texts), draw(texts), wording, draw(texts), scale, items, subscales
    )


@st.composite
def studies(draw):
    found = tuple(draw(instruments(code)) for code in ("yes", "a1")[: draw(st.integers(1, 2))])
    order = draw(st.permutations([instrument.code for instrument in found]))
    outcome, predictor = found[0].code, found[-1].items[0].code
    condition = Condition(
        "null",
        draw(st.sampled_from(["carried", "isolated"])),
        draw(st.sampled_from(["item", "block"])),
        tuple(order),
        draw(texts),
    )
    evidence = tuple(Evidence(draw(texts), draw(texts)) for _ in range(draw(st.integers(0, 2))))
    weight = draw(st.floats(min_value=1e-300, max_value=1e300))
    return Study(
        name="on",
        title=draw(texts),
        description=draw(texts),
        instruments=found,
        conditions=(condition,),
        structural_model=f"{outcome} ~ 0.5*{predictor}  # all\n\n{outcome} ~~ {outcome}",
        hypotheses=(Hypothesis(outcome, predictor, draw(signs), evidence, weight),),
        limits=Limits(draw(st.integers(0, 10)), 1, draw(st.integers(6, 9**9)), 3),
        temperature=draw(st.floats(0, 2)),
        **draw(varied(found)),
    )


cells = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=9).map(
    str.strip
)


@st.composite
def varied(draw, instruments):
    ids = draw(st.lists(cells.filter(bool), max_size=4, unique=True))
    personas = tuple(
        Persona(name, (("age", draw(cells.filter(bool))), ("null", draw(cells.filter(bool)))))
        for name in ids
    )
    sets = {name for part in instruments for item in part.items for name, _ in item.paraphrases}
    known = st.sampled_from(["original", *sorted(sets)])
    variation = Variation(
        draw(st.sampled_from(["fixed", "counterbalanced"])) if len(instruments) > 1 else "fixed",
        draw(st.sampled_from(["fixed", "shuffled"])),
        draw(st.sampled_from(["ascending", "descending", "alternating"])),
        tuple(draw(st.lists(known, min_size=1, unique=True))),
        "You are {age}." if personas else "",
    )
    return {"variation": variation, "personas": personas}


@settings(deadline=None, max_examples=60)
@given(studies())
def test_dumped_study_loads_as_the_same_study(study):
    with TemporaryDirectory() as directory:
        path = Path(directory) / "study.yaml"
        path.write_text(dump_study(study), encoding="utf-8", newline="")
        loaded = load_study(path)
    assert loaded == study
    assert study_hash(loaded) == study_hash(study)


def test_bundled_study_survives_and_needs_no_other_file(tmp_path):
    study = load_study("privacy_prosocial")
    (tmp_path / "study.yaml").write_text(dump_study(study), encoding="utf-8")
    assert load_study(tmp_path) == study


def test_a_study_that_was_run_with_an_earlier_version_keeps_its_hash():
    recorded = Path(__file__).parents[1] / "data/three_respondents"
    held = json.loads((recorded / "run.json").read_text(encoding="utf-8"))["identity"]["study_hash"]
    assert study_hash(load_study(recorded / "study.yaml")) == held
    title = load_study(recorded / "study.yaml").title
    published = load_study("privacy_prosocial_published")
    same = dataclasses.replace(published, name="privacy_prosocial", title=title)
    assert study_hash(same) == held


def test_layout_does_not_enter_the_hash_and_content_does(study_file):
    study = load_study(study_file())
    assert study_hash(load_study(study_file(("study: small", "# note\nstudy:  'small'")))) == (
        study_hash(study)
    )
    for change in ({"title": "x"}, {"temperature": 0.5}, {"instruments": study.instruments[:1]}):
        assert study_hash(dataclasses.replace(study, **change)) != study_hash(study)


def test_whole_and_decimal_numbers_of_one_value_have_one_hash(study_file):
    study = load_study(study_file())
    assert study_hash(dataclasses.replace(study, temperature=1)) == study_hash(study)


def test_hash_is_the_same_in_another_process(study_file):
    path = study_file()
    program = (
        "import sys; from vaar.study.dump import study_hash; "
        "from vaar.study.load import load_study; print(study_hash(load_study(sys.argv[1])))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == study_hash(load_study(path))
