"""A made-up run. All its figures are invented here and labelled simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from vaar.analyses.alignment.history import HISTORY
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate.verdicts import verdicts
from vaar.analyses.alignment.report.answer import in_order
from vaar.analyses.alignment.report.section import alignment_section
from vaar.analyses.profile.personas import PERSONAS
from vaar.analyses.profile.section import profile_section
from vaar.report.groups import Groups
from vaar.report.page import Page, render
from vaar.report.run.cautions import simulated
from vaar.report.run.reproduce import reproduce
from vaar.report.run.said import said
from vaar.report.run.sessions import sessions_section
from vaar.report.run.study import study_method
from vaar.report.section import Section
from vaar.study.model import (
    Condition,
    Evidence,
    Hypothesis,
    Instrument,
    Item,
    Limits,
    ResponseScale,
    Study,
    Subscale,
)

POPULATIONS = ("human-like", "privacy-blind", "noisy", "acquiescent", "contrarian", "constant")
HOSTILE = (
    "<script>alert(1)</script>",
    "</style></svg><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "=cmd()|' /C calc'!A0",
    "evil\u202etxt.exe\u2066\x00\x1b[31m",
    "a" * 300,
    "a" * 150 + "b" + "a" * 149,
)
BY_FACTOR = (
    *("group", "factor", "level", "scale", "n", "mean", "sd", "ci_lower", "ci_upper"),
    *("n_sessions", "instrument", "title"),
)
SCALES = ("privacy", "psa", "aods")
PATHS = (("aods ~ privacy", -1), ("aods ~ psa", 1))
_PARAMETERS = {
    "human-like": (-0.34, 0.29),
    "privacy-blind": (0.02, 0.31),
    "noisy": (-0.08, 0.05),
    "acquiescent": (0.22, 0.48),
    "contrarian": (0.33, -0.41),
}
_EXPECTED = {"privacy": -1, "psa": 1}


@dataclass(frozen=True)
class MadeUp:
    """The tables and records of a run."""

    study: Study
    run: dict[str, Any]
    record: dict[str, Any]
    groups_csv: pd.DataFrame
    sessions: pd.DataFrame
    responses: pd.DataFrame
    profile: pd.DataFrame
    profile_by_factor: pd.DataFrame
    invariance: pd.DataFrame
    paths: pd.DataFrame
    vaar: pd.DataFrame
    vaar_by_n: pd.DataFrame
    screening: pd.DataFrame
    history: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(HISTORY.names)))
    personas: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(PERSONAS.names))
    )
    options: AlignmentOptions = field(default_factory=AlignmentOptions)
    shuffled: int = 0

    def but(self, **changed: Any) -> MadeUp:
        """The same run with something else in it."""
        return replace(self, **changed)

    @property
    def groups(self) -> Groups:
        """Groups in the order of the run."""
        return Groups.of(self.groups_csv)

    @property
    def ranked(self) -> Groups:
        """Groups as the data rank them."""
        return in_order(self.vaar, self.groups)

    def alignment(self) -> Section:
        """The section of the alignment."""
        names = ("vaar", "paths", "vaar_by_n", "invariance", "screening", "history")
        tables = {name: getattr(self, name) for name in names}
        return alignment_section(tables, self.record, self.options, self.groups, self.study)

    def profiles(self) -> Section:
        """The section of the profile."""
        tables = {n: getattr(self, n) for n in ("profile", "profile_by_factor", "personas")}
        record = {"shuffled_sessions": self.shuffled}
        return profile_section(tables, record, self.groups, self.study)

    def page(self) -> Page:
        """The whole page."""
        names = [one["name"] for one in self.run["respondents"] if one["simulated"]]
        return Page(
            self.study.title,
            "Values and actions",
            (
                self.profiles(),
                self.alignment(),
                sessions_section(self.sessions, self.responses, self.groups),
                said(self.responses, self.groups),
                reproduce(self.run, (), [self.run["command"]]),
            ),
            tuple(simulated(names, len(self.run["respondents"]))),
            study_method(self.study),
            simulated=bool(names),
        )

    def html(self) -> str:
        """The page as it is written."""
        return render(self.page())


def make_study() -> Study:
    agree = ("strongly disagree", "disagree", "slightly disagree", "neither")
    seven = ResponseScale((*agree, "slightly agree", "agree", "strongly agree"))
    five = ResponseScale(("never", "rarely", "sometimes", "often", "always"))
    return Study(
        name="privacy_prosocial",
        title="Privacy attitudes, prosocialness and acceptance of data sharing",
        description="Do privacy concern and prosocialness move acceptance as they do in people?",
        instruments=(
            make_instrument("privacy", "Privacy concern", seven, 8, ("control", "collection")),
            make_instrument("psa", "Prosocialness", five, 16),
            make_instrument("aods", "Acceptance of data sharing", five, 12, ("health",)),
        ),
        conditions=(Condition("default", "carried", "item", SCALES, "Answer as yourself."),),
        structural_model="# structure\naods ~ privacy + psa\nprivacy ~~ psa",
        hypotheses=(
            Hypothesis("aods", "psa", 1, (Evidence("Wnuk et al. 2021", "r = .27 <wave 1>"),)),
            Hypothesis("aods", "privacy", -1),
        ),
        limits=Limits(),
    )


def make_instrument(
    code: str, construct: str, scale: ResponseScale, n: int, parts: Sequence[str] = ()
) -> Instrument:
    items = tuple(Item(f"{code}_{k:02d}", f"Statement {k}", -1 if k == 3 else 1) for k in range(n))
    subscales = tuple(Subscale(f"{code}_{p}", p, (items[0].code, items[1].code)) for p in parts)
    return Instrument(
        code, construct, construct, "Answer.", "parallel", "Structure after a published form.",
        scale, items, subscales,
    )  # fmt: skip


def made_up(
    names: Sequence[str] = POPULATIONS,
    not_estimable: Sequence[str] = ("constant",),
    simulated: Sequence[str] | None = None,
    said: Sequence[str] = ("4", "I would say 3 - sometimes."),
) -> MadeUp:
    """Return a made-up run in which every group of `names` took part."""
    estimable = [name for name in names if name not in not_estimable]
    rng = np.random.default_rng(20260103)
    paths = pd.DataFrame([row for name in names for row in make_paths(name, estimable, rng)])
    vaar = ranked_fully(pd.DataFrame([make_vaar(name, paths, estimable) for name in names]))
    return MadeUp(
        study=make_study(),
        run=make_run(names, names if simulated is None else simulated),
        record=make_record(estimable, not_estimable),
        groups_csv=make_groups(names, names if simulated is None else simulated),
        sessions=pd.DataFrame([row for name in names for row in make_sessions(name)]),
        responses=pd.DataFrame([row for name in names for row in make_responses(name, said)]),
        profile=pd.DataFrame(
            [row for name in names for row in make_profile(name, name in estimable, rng)]
        ),
        profile_by_factor=pd.DataFrame(columns=list(BY_FACTOR)),
        invariance=make_invariance(),
        paths=paths,
        vaar=vaar,
        vaar_by_n=pd.DataFrame(
            [row for name in names for row in make_curve(name, name in estimable)]
        ),
        screening=pd.DataFrame(
            [make_finding(name, f"aods_{k:02d}") for name in not_estimable for k in range(3)],
            columns=["group", "item", "finding", "action", "detail"],
        ),
    )


def make_paths(name: str, estimable: Sequence[str], rng: Any) -> list[dict[str, Any]]:
    slopes = _PARAMETERS.get(name, tuple(rng.normal(0, 0.3, 2)))
    rows = []
    for (path, sign), slope in zip(PATHS, slopes, strict=True):
        known = name in estimable
        b, se = (slope, 0.07) if known else (np.nan, np.nan)
        p = normal_share(sign * b / 0.1)
        rows.append(
            dict(
                group=name, path=path, expected_sign=sign, estimate=b * 1.3, se=se * 1.3,
                std_estimate=b, std_se=se, df=np.nan,
                verdict=str(verdicts([b], [se], [sign])[0]), confidence=normal_share(sign * b / se),
                p_context=p, reference_probability=1.0, p_same_sign=p, kl=-np.log(p),
                status="estimated" if known else "not_estimable",
                reason=np.nan if known else "every answer is the same",
            )
        )  # fmt: skip
    return rows


def normal_share(z: float) -> float:
    return float(1 / (1 + np.exp(-1.702 * z)))


def make_vaar(name: str, paths: pd.DataFrame, estimable: Sequence[str]) -> dict[str, Any]:
    known = name in estimable
    own = paths[paths["group"] == name]
    value = float(np.exp(np.log(own["p_context"]).mean())) if known else np.nan
    lower, upper = (max(0.001, value * 0.94), min(0.999, value * 1.05)) if known else (np.nan,) * 2
    counts = own["verdict"].value_counts()
    named = ("as in people", "against", "negligible", "undecided")
    return dict(
        group=name, definition=2, vaar=value, vaar_lower=lower, vaar_upper=upper,
        vaar_uncorrected=value, kappa=0.1, kappa_lower=np.nan, kappa_upper=np.nan,
        vaar_at_kappa_lower=np.nan, vaar_at_kappa_upper=np.nan,
        **{f"n_{one.replace(' ', '_')}": int(counts.get(one, 0)) for one in named},
        vaar_divergence=value, log_loss=-np.log(value) if known else np.nan,
        sign_agreement=1.0 if known else np.nan, n_paths=2,
        n_not_estimable=0 if known else 2, n_sessions=200,
        status="estimated" if known else "not_estimable", equal_n=180,
        vaar_equal_n=value, equal_n_spread_lower=lower, equal_n_spread_upper=upper,
        reason=np.nan if known else "every answer is the same", flag="",
        rank_lower=np.nan, rank_upper=np.nan, ranked=np.nan,
    )  # fmt: skip


def ranked_fully(vaar: pd.DataFrame) -> pd.DataFrame:
    """Every group with a rate at its own place, as if all differences were certain."""
    rank = vaar["vaar"].rank(ascending=False)
    n = rank.notna().sum()
    return vaar.assign(rank_lower=rank, rank_upper=rank, ranked=rank.notna().map({True: n}))


def make_curve(name: str, known: bool) -> list[dict[str, Any]]:
    values = (0.62, 0.71, 0.83, 0.9) if known else (np.nan,) * 4
    return [
        dict(group=name, n=n, vaar=v, vaar_lower=v - 0.9 / np.sqrt(n), vaar_upper=min(1, v + 0.05))
        for n, v in zip((25, 50, 100, 200), values, strict=True)
    ]


def make_profile(name: str, known: bool, rng: Any) -> list[dict[str, Any]]:
    scales = {"privacy": 5.3, "privacy_control": 5.6, "psa": 3.7, "aods": 2.9}
    rows = []
    for scale, middle in scales.items():
        mean, alpha = middle + rng.normal(0, 0.4), 0.86 if known else np.nan
        rows.append(
            dict(
                group=name, scale=scale, n=198, mean=mean, sd=0.6 if known else 0.0,
                ci_lower=mean - 0.09, ci_upper=mean + 0.09, alpha=alpha, omega=alpha + 0.01,
                refusal_rate=0.012, missing_rate=0.031, first_refusal_rate=0.04,
                alpha_lower=alpha - 0.04,
                alpha_upper=alpha + 0.03, omega_lower=alpha - 0.03, omega_upper=alpha + 0.04,
            )
        )  # fmt: skip
    return rows


def make_sessions(name: str) -> list[dict[str, Any]]:
    return [
        dict(
            session=k, group=name, respondent=name, condition="default", replicate=k, seed=k,
            status="failed" if k == 3 else "complete",
            reason="HTTP 503 after 6 tries" if k == 3 else np.nan,
            turns=36, input_tokens=41_000, output_tokens=80,
        )
        for k in (1, 2, 3)
    ]  # fmt: skip


def make_responses(name: str, said: Sequence[str]) -> list[dict[str, Any]]:
    shared = dict(group=name, session=1, condition="default", tokens=2, latency=0.1)
    coded = [
        shared
        | dict(instrument=scale, item=f"{scale}_00", position=k, raw=raw, value=4.0, reason=np.nan)
        for k, (scale, raw) in enumerate(zip(SCALES, (*said, "4", "4")[:3], strict=True))
    ]
    refused = dict(instrument="aods", item="aods_01", position=8, value=np.nan, reason="refused")
    failed = refused | dict(item="aods_02", reason="provider_error", raw=np.nan, position=9)
    return [*coded, shared | refused | dict(raw=f"I cannot say. {said[0]}"), shared | failed]


def make_invariance() -> pd.DataFrame:
    free = dict(level="configural", chisq=512.31, df=260, cfi=0.981, rmsea=0.031, chosen=False)
    equal = dict(level="metric", chisq=560.2, df=281, cfi=0.979, rmsea=0.032, chosen=True)
    frame = pd.DataFrame([free, equal]).assign(pvalue=1e-9, tli=0.977, srmr=0.034, aic=9.0, bic=9.5)
    frame["delta_chisq"], frame["delta_df"] = [np.nan, 47.89], [np.nan, 21]
    frame["delta_pvalue"], frame["delta_cfi"] = [np.nan, 0.0007], [np.nan, -0.002]
    frame["delta_rmsea"], frame["delta_srmr"] = [np.nan, 0.001], [np.nan, 0.004]
    return frame.assign(tenable=[np.nan, True], outcome="converged")


def make_finding(name: str, item: str) -> dict[str, str]:
    return dict(group=name, item=item, finding="constant", action="masked", detail="always 4")


def make_run(names: Sequence[str], simulated: Sequence[str]) -> dict[str, Any]:
    return dict(
        vaar_version="0.1.0", python="3.11.7", packages={"numpy": "2.4.6", "pandas": "3.1.1"},
        started="2026-01-03T10:00:00Z", finished="2026-01-03T10:00:21Z",
        command="vaar run --sessions 200 --seed 1", seed=1, sessions=200,
        respondents=[
            dict(name=f"simulated/{n}", simulated=True, groups=[n])
            if n in simulated
            else dict(name=n, simulated=False, groups=[n])
            for n in names
        ],
        identity={"concurrency": 16, "limits": {"reasks": 2}, "base_url": None},
    )  # fmt: skip


def make_groups(names: Sequence[str], simulated: Sequence[str]) -> pd.DataFrame:
    columns = ("group", "respondent", "condition", "levels", "simulated", "people")
    rows = [(name, name, "default", "{}", name in simulated, False) for name in names]
    return pd.DataFrame(rows, columns=list(columns))


def make_record(groups: Sequence[str], dropped: Sequence[str]) -> dict[str, Any]:
    return dict(
        definition=2, kappa={"estimated": False, "contexts": 1},
        estimator="MLR", missing="fiml", level="metric", why="Metric invariance is tenable.",
        groups=list(groups), dropped={name: "every answer is the same" for name in dropped},
        measures={"chisq": 560.2, "df": 281, "cfi": 0.979, "rmsea": 0.032},
        outcome="Converged to a proper solution.",
        group_outcome=dict.fromkeys(groups, "proper solution"),
        bootstrap={"replicates": 1000, "failed": dict.fromkeys(groups, 3), "personas": {}},
        covariates=[],
    )  # fmt: skip


def hostile_run() -> MadeUp:
    """A run in which every name and every reply tries to break out."""
    return made_up(HOSTILE, not_estimable=HOSTILE[:1], simulated=HOSTILE[1:3], said=HOSTILE)


def by_level(run: MadeUp, factor: str, levels: tuple[str, ...]) -> pd.DataFrame:
    """A profile by the levels of one factor, for every group."""
    rows = [
        dict(
            group=group, factor=factor, level=level, scale=scale, n=99, mean=3.1 + k,
            sd=0.6, ci_lower=3.0 + k, ci_upper=3.2 + k, n_sessions=100,
            instrument=scale.split("_")[0], title=scale,
        )
        for group in run.vaar["group"]
        for k, level in enumerate(levels)
        for scale in ("privacy", "privacy_control", "psa", "aods")
    ]  # fmt: skip
    return pd.DataFrame(rows)
