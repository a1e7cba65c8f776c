from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from vaar.errors import RunDirectoryError
from vaar.report.inputs import ReportInputs
from vaar.report.render import render

HIDDEN = ("\u202e", "\u2066", "\x00", "\x1b")
VOID = {"meta", "link", "br", "img", "hr", "wbr", "input"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
TABLES = (
    "sessions", "responses", "profile", "invariance", "paths", "vaar", "vaar_by_n", "screening",
)  # fmt: skip


class Outline(HTMLParser):
    """Reads a document strictly: every element that opens must close, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.said).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def outline(page: str) -> Outline:
    reader = Outline()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def page(inputs: ReportInputs) -> str:
    return render(inputs)


@pytest.fixture(scope="module")
def hostile_page(hostile_inputs: ReportInputs) -> str:
    return render(hostile_inputs)


def test_elements_are_balanced_and_ids_unique(page: str) -> None:
    ids = [a["id"] for _, a in outline(page).elements if "id" in a]
    assert len(ids) > 10
    assert len(set(ids)) == len(ids)


def test_every_contents_link_and_label_points_somewhere(page: str) -> None:
    document = outline(page)
    ids = {a["id"] for _, a in document.elements if "id" in a}
    inner = [str(a["href"])[1:] for a in document.named("a") if str(a["href"]).startswith("#")]
    labels = [i for a in document.named("svg") for i in str(a["aria-labelledby"]).split()]
    assert len(inner) == 9
    assert ids.issuperset([*inner, *labels])


def test_headings_go_down_one_level_at_a_time(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in outline(page).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    document = outline(page)
    policies = [m["content"] for m in document.named("meta") if "http-equiv" in m]
    assert policies and str(policies[0]).startswith(POLICY)
    loading = [
        str(value)
        for tag, attributes in document.elements
        for name, value in attributes.items()
        if name in {"src", "srcset", "href", "xlink:href", "data", "action"} and tag != "a"
    ]
    assert loading == ["data:,"]
    assert not {"script", "iframe", "object", "embed", "base"} & {t for t, _ in document.elements}
    style = page.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style and "@import" not in style
    links = {a["href"] for a in document.named("a") if "://" in str(a["href"])}
    assert links == {"https://arxiv.org/abs/2601.03546"}


def test_opens_with_the_answer_and_what_is_simulated(page: str) -> None:
    assert page.startswith("<!doctype html>")
    top = outline(page[page.index("<header>") : page.index("<main>")]).text
    assert "Of 6 models, 5 could be estimated; highest VAAR: human-like simulated" in top
    assert "not estimable: constant simulated (every answer is the same)" in top
    assert "SIMULATED Every respondent of this run is simulated" in top
    assert "VAAR as defined by this package, after the published abstract" in top
    assert page.index("SIMULATED ·") < page.index("<style>")


def test_a_run_without_simulated_respondents_is_not_called_simulated(
    new_inputs: Callable[..., ReportInputs],
) -> None:
    document = outline(render(new_inputs(["a", "b"], [], [])))
    assert 'class="tag"' not in str(document.elements)
    assert "SIMULATED" not in document.text


def test_every_group_is_named_and_every_simulated_row_marked(
    page: str, inputs: ReportInputs
) -> None:
    for name in inputs.vaar["group"]:
        rows = re.findall(rf"<th scope=\"row\"><bdi>{name}</bdi>(.{{0,60}})", page, re.S)
        assert len(rows) >= 4
        assert all("simulated" in row for row in rows)


def test_sixty_groups_are_all_named(new_inputs: Callable[..., ReportInputs]) -> None:
    names = [f"provider/model-{k}" for k in range(60)]
    document = outline(render(new_inputs(names, names[:5], names[:2])))
    assert all(re.search(rf"{name}\b", document.text) for name in names)
    assert "and 2 more" in document.text


def test_hostile_text_is_shown_and_never_alive(hostile_page: str) -> None:
    document = outline(hostile_page)
    assert "<script" not in hostile_page.lower()
    assert hostile_page.count("</style>") == 1
    assert not any(name.startswith("on") for _, a in document.elements for name in a)
    assert not document.named("img")
    assert not [c for c in HIDDEN if c in hostile_page]
    for said in ("<script>alert(1)</script>", "{{ 7 * 7 }} {% raw %}", "evil‹U+202E›txt.exe"):
        assert said in document.text


def test_the_page_can_be_written_as_utf8(hostile_page: str) -> None:
    assert hostile_page.encode("utf-8").decode("utf-8") == hostile_page


@pytest.fixture(scope="module")
def pair(new_inputs: Callable[..., ReportInputs]) -> ReportInputs:
    return new_inputs(["human-like", "constant"])


@pytest.mark.parametrize("emptied", [*[(name,) for name in TABLES], TABLES])
def test_empty_tables_survive(pair: ReportInputs, emptied: tuple[str, ...]) -> None:
    empty = {name: getattr(pair, name).iloc[:0] for name in emptied}
    document = outline(render(dataclasses.replace(pair, **empty)))
    assert "Of 2 models" in document.text


def test_tables_of_nothing_but_columns_read_from_csv_survive(pair: ReportInputs) -> None:
    empty = {name: getattr(pair, name).iloc[:0].astype(object) for name in TABLES}
    assert "No VAAR was computed" in outline(render(dataclasses.replace(pair, **empty))).text


@pytest.mark.parametrize("name", ["profile", "invariance", "paths", "vaar", "vaar_by_n"])
def test_figures_missing_everywhere_survive_and_are_never_zero(
    pair: ReportInputs, name: str
) -> None:
    frame = getattr(pair, name).copy()
    kept = {"n", "expected_sign", "n_paths", "n_not_estimable", "n_sessions", "equal_n"}
    columns = [c for c in frame.select_dtypes("number").columns if c not in kept]
    frame[columns] = np.nan
    page = render(dataclasses.replace(pair, **{name: frame}))
    assert not re.search(r"\bnan\b", outline(page).text, re.I)


def test_people_are_the_reference_and_not_a_group_without_vaar(
    new_inputs: Callable[..., ReportInputs],
) -> None:
    run = new_inputs(["human", "noisy"], [], [])
    others = {
        name: getattr(run, name)[lambda frame: frame["group"] != "human"]
        for name in ("vaar", "vaar_by_n", "sessions")
    }
    asked = run.run | {"respondents": run.run["respondents"][1:]}
    text = outline(render(dataclasses.replace(run, run=asked, **others))).text
    assert "Of 1 model, 1 could be estimated" in text
    assert "come from the human data of this run (human)" in text
    assert "Not estimable" not in text


def test_every_resolved_option_version_and_the_command_are_there(page: str) -> None:
    text = outline(page).text
    for fact in (
        "limits.reasks 2",
        "concurrency 16",
        "base_url null",
        "epsilon 0.001",
        "numpy 2.4.6",
    ):
        assert fact in text
    assert "vaar run --sessions 200 --seed 1" in text
    assert "1\u202f000 replicates; one that could not" in "".join(outline(page).said)


def test_a_record_without_its_entries_is_refused(inputs: ReportInputs) -> None:
    run = {key: value for key, value in inputs.run.items() if key != "respondents"}
    with pytest.raises(RunDirectoryError, match=r"run\.json has no respondents; it must hold"):
        render(dataclasses.replace(inputs, run=run))


def test_charts_carry_title_description_and_labels(page: str, inputs: ReportInputs) -> None:
    drawings = re.findall(r"<svg .*?</svg>", page, re.S)
    assert len(drawings) == 7
    for drawing in drawings:
        assert 'role="img"' in drawing and "<title " in drawing and "<desc " in drawing
    labels = html.unescape("".join(drawings))
    assert all(f"{name} (simulated)" in labels for name in inputs.vaar["group"])


def test_a_respondent_that_changed_its_model_is_told_loudly(inputs: ReportInputs) -> None:
    run = inputs.run | {"reported": {"<b>x</b>": {"m-1": 7200, "<i>": 3}, "y": {"m-1": 1}}}
    shown = render(dataclasses.replace(inputs, run=run))
    note = shown[shown.index("MODEL CHANGED") :].split("</div>")[0]
    assert "&lt;b&gt;x" in note and "&lt;i&gt;" in note and "7,200 replies" in note
    assert shown.count("MODEL CHANGED") == 1
    assert "MODEL CHANGED" not in render(inputs)
