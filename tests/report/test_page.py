from __future__ import annotations

import html
import re
from itertools import pairwise

import numpy as np
import pytest
from markupsafe import Markup

from support.made_up_run import MadeUp, made_up
from support.outline import outline
from vaar.report.page import Page, render
from vaar.report.run.cautions import changed_models
from vaar.report.section import Caution, Heading, Prose, Section

HIDDEN = ("\u202e", "\u2066", "\x00", "\x1b")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
TABLES = (
    *("sessions", "responses", "profile", "invariance", "paths", "vaar", "vaar_by_n", "screening"),
)


@pytest.fixture(scope="module")
def page(made: MadeUp) -> str:
    return made.html()


@pytest.fixture(scope="module")
def hostile_page(hostile: MadeUp) -> str:
    return hostile.html()


def test_elements_are_balanced_and_ids_unique(page: str) -> None:
    ids = [a["id"] for _, a in outline(page).elements if "id" in a]
    assert len(ids) > 10
    assert len(set(ids)) == len(ids)


def test_every_contents_link_and_label_points_somewhere(page: str) -> None:
    document = outline(page)
    ids = {a["id"] for _, a in document.elements if "id" in a}
    inner = [str(a["href"])[1:] for a in document.named("a") if str(a["href"]).startswith("#")]
    labels = [
        part
        for tag in ("svg", "section")
        for a in document.named(tag)
        for part in str(a["aria-labelledby"]).split()
    ]
    assert {"content", "vaar", "vaar-paths", "vaar-measurement", "profiles", "method"} <= set(inner)
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


def test_the_first_screen_has_the_cautions_the_answer_and_its_picture(page: str) -> None:
    assert page.startswith("<!doctype html>")
    top = page[page.index("<header>") : page.index("<main")]
    said = outline(top).text
    assert (
        "Of 6 models, 5 could be estimated; as in people on every path: human-like simulated"
        in said
    )
    assert "not estimable: constant simulated (every answer is the same)" in said
    assert "SIMULATED Every respondent of this run is simulated" in said
    assert "VAAR as defined by this package, after the published abstract" in said
    assert top.index("SIMULATED") < top.index("could be estimated") < top.index("<svg")
    assert top.index("<svg") < top.index("<nav")
    assert page.index("SIMULATED ·") < page.index("<style>")


def test_a_run_without_simulated_respondents_is_not_called_simulated() -> None:
    document = outline(made_up(["a", "b"], [], []).html())
    assert 'class="tag"' not in str(document.elements)
    assert "SIMULATED" not in document.text


def test_every_group_is_named_and_every_simulated_row_marked(page: str, made: MadeUp) -> None:
    for name in made.vaar["group"]:
        rows = re.findall(rf"<th scope=\"row\"><bdi>{name}</bdi>(.{{0,60}})", page, re.S)
        assert len(rows) >= 4
        assert all("simulated" in row for row in rows)


def test_sixty_groups_are_all_named() -> None:
    names = [f"provider/model-{k}" for k in range(60)]
    document = outline(made_up(names, names[:5], names[:2]).html())
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
def pair() -> MadeUp:
    return made_up(["human-like", "constant"])


@pytest.mark.parametrize("emptied", [*[(name,) for name in TABLES], TABLES])
def test_empty_tables_survive(pair: MadeUp, emptied: tuple[str, ...]) -> None:
    empty = {name: getattr(pair, name).iloc[:0] for name in emptied}
    assert "Of 2 models" in outline(pair.but(**empty).html()).text


def test_tables_of_nothing_but_columns_read_from_csv_survive(pair: MadeUp) -> None:
    empty = {name: getattr(pair, name).iloc[:0].astype(object) for name in TABLES}
    assert "No VAAR was computed" in outline(pair.but(**empty).html()).text


@pytest.mark.parametrize("name", ["profile", "invariance", "paths", "vaar", "vaar_by_n"])
def test_figures_missing_everywhere_survive_and_are_never_zero(pair: MadeUp, name: str) -> None:
    frame = getattr(pair, name).copy()
    kept = {"n", "expected_sign", "n_paths", "n_not_estimable", "n_sessions", "equal_n"}
    columns = [c for c in frame.select_dtypes("number").columns if c not in kept]
    frame[columns] = np.nan
    assert not re.search(r"\bnan\b", outline(pair.but(**{name: frame}).html()).text, re.I)


def test_people_are_the_reference_and_not_a_group_without_vaar() -> None:
    run = made_up(["human", "noisy"], [], [])
    others = {
        name: getattr(run, name)[lambda frame: frame["group"] != "human"]
        for name in ("vaar", "vaar_by_n", "sessions")
    }
    people = run.groups_csv.assign(people=run.groups_csv["group"] == "human")
    text = outline(run.but(groups_csv=people, **others).html()).text
    assert "Of 1 model, 1 could be estimated" in text
    assert "comes from the human data of this run (human)" in text
    assert "Not estimable" not in text


def test_what_was_asked_for_versions_and_the_command_are_there(page: str) -> None:
    text = outline(page).text
    for fact in ("limits.reasks 2", "concurrency 16", "base_url null", "numpy 2.4.6"):
        assert fact in text
    assert "vaar run --sessions 200 --seed 1" in text
    assert "1\u202f000 replicates: true paths are tried" in "".join(outline(page).said)


def test_charts_carry_title_description_and_labels(page: str, made: MadeUp) -> None:
    drawings = re.findall(r"<svg .*?</svg>", page, re.S)
    assert len(drawings) == 7
    for drawing in drawings:
        assert 'role="img"' in drawing and "<title " in drawing and "<desc " in drawing
    labels = html.unescape("".join(drawings))
    assert all(f"{name} (simulated)" in labels for name in made.vaar["group"])


def test_pictures_stand_before_tables(page: str) -> None:
    for name in ("vaar-paths", "profiles"):
        section = page[page.index(f'id="{name}"') :]
        assert 0 < section.index("<svg") < section.index("<table")


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.1)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(("ink", "paper"), ("muted", "paper"), ("link", "paper"), ("muted", "panel")),
        *(("link", "panel"), ("warn-ink", "warn"), ("ink", "mark"), ("muted", "mark")),
    ],
)
def test_text_stands_out_from_its_ground(page: str, ink: str, ground: str, dark: bool) -> None:
    """Contrast of at least 4.5 : 1, as WCAG 2.1 asks at level AA."""
    light_style, dark_style = page.split("@media print")[0].split("prefers-color-scheme: dark")
    style = dark_style if dark else light_style
    own = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", style))
    darker, lighter = sorted(luminance(own[name]) for name in (ink, ground))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def section(name: str, place: int = 50, **more: object) -> Section:
    return Section(name, name.title(), f"Lead of {name}.", (), place=place, **more)  # type: ignore[arg-type]


def test_sections_stand_in_their_places_and_their_methods_are_gathered() -> None:
    late = section("late", 90, method=(Prose("Late method."),))
    early = section("early", 5, method=(Prose("Early method."),))
    shown = outline(render(Page("T", "k", (late, early), method=(Prose("Of the run."),)))).text
    order = ["Lead of early", "Lead of late", "Method Of the run", "Early method", "Late method"]
    places = [shown.index(words) for words in order]
    assert places == sorted(places)


def test_a_caution_is_at_the_top_and_in_its_section_and_said_once_in_each() -> None:
    caution = Caution("few personas", "Only 12 personas.")
    page = render(Page("T", "k", (section("one", cautions=(caution,)), section("two", 60))))
    header, main = page.split("<main")
    assert header.count("FEW PERSONAS") == 1 and main.count("FEW PERSONAS") == 1
    again = Page("T", "k", (section("one", cautions=(caution,)),), cautions=(caution,))
    assert render(again).split("<main")[0].count("FEW PERSONAS") == 1


def test_of_many_cautions_of_a_kind_a_dozen_are_told_and_the_others_counted() -> None:
    many = tuple(Caution("doubtful", f"Group {n}.") for n in range(1_020))
    every = (*many, Caution("other", "Another."))
    page = render(Page("T", "k", (section("one", cautions=every),)))
    for part in page.split("<main"):
        assert "Group 11." in part and "Group 12." not in part
        assert "1,008 more" in part and "Another." in part


def test_the_first_screen_takes_the_lead_and_the_section_does_not_repeat_it() -> None:
    page = render(Page("T", "k", (section("one", first=(Prose("Chart."),)),)))
    assert page.count("Lead of one.") == 1 and page.index("Lead of one.") < page.index("<main")


def test_a_page_whose_sections_have_no_picture_opens_with_the_first_answer_all_the_same() -> None:
    sections = (section("two", place=20), section("one", place=10))
    page = render(Page("T", "k", sections))
    answer = re.findall('<p class="answer">(.*?)</p>', page)
    assert answer == [section("one").lead]
    assert page.index('class="answer"') < page.index("<nav")
    assert page.count(section("one").lead) == 1 == page.count(section("two").lead)


def test_headings_of_a_section_are_in_the_contents() -> None:
    inner = Section("one", "One", "", (Heading("Deeper & down", "deep"), Prose("x")))
    page = render(Page("T", "k", (inner,)))
    assert '<a href="#one-deep">Deeper &amp; down</a>' in page
    assert '<h3 id="one-deep">Deeper &amp; down</h3>' in page


def test_a_respondent_that_changed_its_model_is_told_loudly() -> None:
    reported = {"<b>x</b>": {"m-1": 7200, "<i>": 3}, "y": {"m-1": 1}}
    shown = render(Page("T", "k", (), cautions=tuple(changed_models(reported))))
    note = shown[shown.index("MODEL CHANGED") :].split("</div>")[0]
    assert "&lt;b&gt;x" in note and "&lt;i&gt;" in note and "7\u202f200 replies" in note
    assert shown.count("MODEL CHANGED") == 1


def test_text_of_an_analysis_is_foreign_unless_it_is_markup() -> None:
    blocks = (Prose("<b>plain</b>\u202e"), Prose(Markup("<b>{}</b>").format("<i>")))
    page = render(Page("T<", "k", (Section("one", "<One>", "<lead>", blocks),)))
    assert "&lt;b&gt;plain&lt;/b&gt;‹U+202E›" in page
    assert "<b>&lt;i&gt;</b>" in page
    assert "<One>" not in page and "<lead>" not in page and "T<" not in page
