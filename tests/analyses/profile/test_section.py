from __future__ import annotations

from markupsafe import Markup

from support.made_up_run import MadeUp
from vaar.report.section import Heading
from vaar.tables.text import without_marks


def test_the_lead_names_where_most_is_missing_and_refused(made: MadeUp) -> None:
    profile = made.profile.copy()
    worst = (profile["group"] == "noisy") & (profile["scale"] == "psa")
    profile.loc[worst, ["missing_rate", "refusal_rate"]] = [0.25, 0.2]
    said = without_marks(Markup(made.but(profile=profile).profiles().lead))
    assert said == (
        "6 groups answered 3 questionnaires. At most 25.0 % of the answers to one "
        "questionnaire are missing (noisy (simulated), psa). At most 20.0 % of the answers to "
        "one questionnaire are refused (noisy (simulated), psa)."
    )


def test_nothing_missing_is_said(made: MadeUp) -> None:
    profile = made.profile.assign(missing_rate=0.0, refusal_rate=0.0)
    said = made.but(profile=profile).profiles().lead
    assert "None of the answers is missing. None of the answers is refused." in said


def test_no_scores_are_said(made: MadeUp) -> None:
    assert made.but(profile=made.profile.iloc[:0]).profiles().lead == "No scale could be scored."


def test_what_varied_has_a_heading_only_where_something_did(made: MadeUp) -> None:
    def ids(run: MadeUp) -> list[str]:
        return [b.id for b in run.profiles().blocks if isinstance(b, Heading)]

    assert ids(made) == ["reliability"]
    assert ids(made.but(shuffled=1)) == ["varied", "reliability"]
