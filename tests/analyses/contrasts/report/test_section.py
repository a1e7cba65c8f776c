import numpy as np
import pandas as pd
import pytest

from vaar.analyses.contrasts.analysis import ContrastsAnalysis, ContrastsOptions
from vaar.analyses.contrasts.contrast_table import contrast_table
from vaar.analyses.contrasts.people import people_table
from vaar.analyses.contrasts.pooling import models_tables
from vaar.analyses.contrasts.report.section import contrasts_section
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.report.groups import Groups
from vaar.report.section import Fold, Prose
from vaar.study.model import Hypothesis

HYPOTHESIS = Hypothesis("y", "x", -1)


SOURCE = "mine.csv: 300 of 310 rows"


def section_of(people_path, models=("m1", "m2"), people=True, comparable=True, source=SOURCE):
    asked = [AskedGroup(name, name, "c", False) for name in models]
    about = groups_table(asked, {}, ["human"] if people else [])
    names = [*models, *(["human"] if people else [])]
    values = [-0.4, 0.1, *[-0.3] * (len(models) - 2), *([people_path] if people else [])]
    paths = pd.DataFrame(
        {"group": names, "path": "y ~ x", "std_estimate": values, "std_se": 0.05, "df": np.nan}
    )
    pooled, between = models_tables(about, paths, {"y ~ x": -1})
    own = {
        "contrasts": contrast_table(about, paths),
        "models_together": pooled,
        "between_models": between,
        "people_paths": people_table(paths, 300, (HYPOTHESIS,)),
    }
    tables = {spec.name: spec.checked(spec.of(own)) for spec in ContrastsAnalysis.tables}
    record = {
        "comparable": comparable,
        "people": {"n": 300 if people else 0, "source": source},
    }
    return contrasts_section(tables, record, ContrastsOptions(), Groups.of(about))


def words(section):
    return " ".join(
        str(b.text) for b in (*section.blocks, *section.summary) if isinstance(b, Prose)
    )


def test_people_are_seen_with_their_number_source_and_paths():
    section = section_of(-0.3)
    assert "300 people, from mine.csv: 300 of 310 rows" in words(section)
    shown = [table.caption for table in section.tables]
    assert "Paths in the human reference" in shown
    assert any(block for block in section.summary)
    assert section.cautions == ()
    assert "1 of 2 contrasts of models with people" in section.lead


@pytest.mark.parametrize(("path", "loud"), [(0.3, True), (0.08, False)])
def test_people_against_the_hypothesis_are_found_here_and_cautioned_of_by_the_alignment(path, loud):
    section = section_of(path)
    assert section.cautions == ()
    (shown,) = [t for t in section.tables if t.caption == "Paths in the human reference"]
    told = " ".join(cell.text for row in shown.rows for cell in row.cells)
    assert ("against" in told) is loud


def test_without_people_it_says_how_to_have_them():
    section = section_of(0.0, people=False)
    assert "--human FILE" in words(section)
    assert "people" not in section.lead


def test_below_five_models_holm_decides_and_is_named():
    assert "each path stands alone" in words(section_of(-0.3, ("a", "b", "c", "d")))
    assert "each path stands alone" not in words(section_of(-0.3, ("a", "b", "c", "d", "e")))


def test_the_method_tells_the_number_of_halves():
    method = " ".join(str(block.text) for block in section_of(-0.3).method)
    assert "halves at random 20 times" in method


def test_where_questionnaires_do_not_measure_alike_it_is_a_caution():
    (caution,) = section_of(-0.3, comparable=False).cautions
    assert caution.label == "not comparable"


def test_items_that_run_the_other_way_are_cautions_too():
    source = f"{SOURCE}. LOOK: x1 runs against the rest. LOOK: y: was it asked on that scale?"
    section = section_of(-0.3, source=source)
    told = [caution.text for caution in section.cautions]
    assert told == ["x1 runs against the rest.", "y: was it asked on that scale?"]
    assert "300 people, from mine.csv: 300 of 310 rows." in words(section)


def test_of_very_many_contrasts_the_surest_are_shown_and_the_rest_is_told(monkeypatch):
    monkeypatch.setattr("vaar.analyses.contrasts.report.section._MOST_SHOWN", 2)
    section = section_of(-0.3, ("m1", "m2", "m3"))
    folds = [b for b in section.blocks if isinstance(b, Fold)]
    told = [fold.summary for fold in folds if "contrasts.csv" in fold.summary]
    assert len(told) == 2 and all("3 contrasts; the 2 surest are shown" in one for one in told)
