"""Models of many kinds, written down, on data sets that ship with R and on simulated ones.

Each kind is one that random models do not reach: second-order and bifactor models, paths without
latent variables, observed predictors, modifiers for each group, partial invariance, growth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from agreement_cases import LEVELS, Case

HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
BFI = "\n".join(
    f"{trait} =~ " + " + ".join(f"{letter}{i}" for i in range(1, 6))
    for letter, trait in zip("ACENO", ("agree", "consc", "extra", "neuro", "open"), strict=True)
)
DEMOCRACY = """
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a*y2 + b*y3 + c*y4
dem65 =~ y5 + a*y6 + b*y7 + c*y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
"""
GROWTH = """
i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4
t1 + t2 + t3 + t4 ~ 0*1
i ~ 1
s ~ 1
"""
BURNS = "RUM ~ Selfesteem + Age\nHADS ~ b*RUM + Selfesteem + TBSA\nSelfesteem ~ a*Age + TBSA"
SAT = "ability =~ ACT + SATV + SATQ\nability ~ age + education"
TWOLEVEL = "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6\ng ~ f\nf ~ x1 + x2 + x3"


def catalogue() -> Iterator[Case]:
    """Every case for ML, MLR and full information, those of one data set together."""
    yield from _schools()
    yield from _politics()
    yield from _growth()
    yield from _burns()
    yield from _clusters()
    yield from _traits()
    yield from _flowers()
    yield from _unusual()


def ladder(
    case: Case, levels: Sequence[str] = ("configural", "metric", "scalar", "strict")
) -> Iterator[Case]:
    """The case at several levels of invariance, each tested against the one before."""
    previous = ""
    for level in levels:
        name = f"{case.name}_{level}"
        equal = "|".join((*LEVELS[level], *filter(None, case.equal.split("|"))))
        yield replace(case, name=name, equal=equal, previous=previous)
        previous = name


def both(case: Case) -> Iterator[Case]:
    """The case by ML and by MLR."""
    for estimator in ("ML", "MLR"):
        yield replace(case, name=f"{case.name}_{estimator}", estimator=estimator)


def _schools() -> Iterator[Case]:
    data = "schools"
    for case in both(Case("hs", "ladder on real data", data, HS)):
        yield from ladder(case)
        everything = "loadings|intercepts|residuals|lv.variances|lv.covariances|means"
        yield replace(case, name=f"{case.name}_all", equal=everything)
    for case in both(Case("hs_effects", "effects coding", data, HS, identification="effects")):
        yield from ladder(case)
    for case in both(Case("hs_std", "unit variances", data, HS, identification="std_lv")):
        yield from ladder(case)
    second = f"{HS}\ngeneral =~ visual + textual + speed"
    for case in both(Case("second", "second-order", data, second, group="")):
        yield case
        yield replace(case, name=f"{case.name}_std", identification="std_lv")
        yield replace(case, name=f"{case.name}_means", meanstructure="True")
        yield replace(case, name=f"{case.name}_groups", group="school")
        yield replace(case, name=f"{case.name}_metric", group="school", equal="loadings")
        free = replace(case, group="school", equal="loadings|intercepts")
        fixed = f"{second}\nvisual + textual + speed ~ c(0, 0)*1"
        yield replace(free, name=f"{case.name}_scalar", model=fixed)
    bifactor = "\n".join(
        (
            "g =~ " + " + ".join(f"x{i}" for i in range(1, 10)),
            "v =~ x1 + x2 + x3",
            "s =~ x7 + x8 + x9",
            "g ~~ 0*v + 0*s\nv ~~ 0*s",
        )
    )
    for case in both(Case("bi", "bifactor", data, bifactor, identification="std_lv")):
        yield replace(case, name=f"{case.name}_one", group="")
        yield from ladder(case, ("configural", "metric", "scalar"))
    residuals = f"{HS}\nx7 ~~ x8\nx1 ~~ r*x2\nx4 ~~ x9"
    for case in both(Case("resid", "correlated residuals", data, residuals)):
        yield case
        equal = "loadings|residuals|residual.covariances"
        yield replace(case, name=f"{case.name}_equal", equal=equal, previous=case.name)
    mimic = f"{HS}\nvisual + textual + speed ~ ageyr + sex\nx5 ~ ageyr"
    for case in both(Case("mimic", "observed predictors", data, mimic)):
        yield case
        equal = "loadings|intercepts|regressions"
        yield replace(case, name=f"{case.name}_equal", equal=equal, previous=case.name)
        yield replace(case, name=f"{case.name}_free_x", fixed_x=False)
        same = f"{equal}|residuals|residual.covariances"
        yield replace(case, name=f"{case.name}_free_x_equal", fixed_x=False, equal=same)
        yield replace(case, name=f"{case.name}_one", group="")
        written = f"{mimic}\nageyr ~~ ageyr\nsex ~ 1"
        yield replace(case, name=f"{case.name}_written", model=written, equal=same)
        every = f"{HS}\nx1 + x2 + x3 + x4 ~ ageyr\nsex ~ visual + x9\nx7 ~~ x4"
        yield replace(case, name=f"{case.name}_every", model=every, equal="loadings")
    partial = Case("part", "partial invariance", data, HS, equal="loadings|intercepts")
    for case in both(partial):
        yield replace(case, name=f"{case.name}_two", partial="x3~1|x7~1")
        yield replace(case, name=f"{case.name}_load", partial="visual=~x2|x2~1")
        strict = "loadings|intercepts|residuals|lv.variances"
        yield replace(
            case, name=f"{case.name}_strict", equal=strict, partial="x5~~x5|speed~~speed|x9~1"
        )
    labels = """
visual =~ c(NA, NA)*x1 + c(l2, l2)*x2 + c(l3, m3)*x3
textual =~ x4 + l5*x5 + start(0.9)*x6
speed =~ 1*x7 + c(s, s)*x8 + c(1.2, NA)*x9
visual ~~ c(1, 1)*visual
textual ~ c(p1, p2)*visual
speed ~ q*visual + c(0, NA)*textual
x4 ~~ c(v, v)*x4
x6 ~~ c(w, v)*x6
l2 == l3
gap := p1 - p2
ratio := exp(p1) / sqrt(1 + p2^2)
through := p1*q
"""
    for case in both(Case("labels", "modifiers and defined parameters", data, labels)):
        yield case
        yield replace(case, name=f"{case.name}_scalar", equal="intercepts", previous="")


def _politics() -> Iterator[Case]:
    data = "politics"
    for case in both(Case("pol", "PoliticalDemocracy", data, DEMOCRACY)):
        yield replace(case, name=f"{case.name}_one", group="")
        yield replace(case, name=f"{case.name}_means", group="", meanstructure="True")
        yield replace(case, name=f"{case.name}_std", group="", identification="std_lv")
        free = DEMOCRACY.replace("a*", "").replace("b*", "").replace("c*", "")
        yield replace(case, name=f"{case.name}_free", group="", model=free)
    halves = "dem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ndem65 ~ dem60\ny1 ~~ y5"
    for case in both(Case("pol2", "PoliticalDemocracy", data, halves)):
        yield from ladder(case)
    single = "ind =~ x1\nx1 ~~ 0.1*x1\ndem =~ y1 + y2 + y3\ndem ~ ind"
    for case in both(Case("single", "single indicators", data, single)):
        yield replace(case, name=f"{case.name}_one", group="")
        yield replace(case, name=f"{case.name}_metric", equal="loadings|intercepts")


def _growth() -> Iterator[Case]:
    data = "growth"
    conditional = f"{GROWTH}\ni + s ~ x1 + x2\nt1 ~ c1\nt2 ~ c2\nt3 ~ c3\nt4 ~ c4"
    equal = GROWTH + "".join(f"t{i} ~~ v*t{i}\n" for i in range(1, 5))
    free = GROWTH.replace("2*t3 + 3*t4", "NA*t3 + 3*t4")
    for name, model in (
        ("plain", GROWTH),
        ("predicted", conditional),
        ("equal", equal),
        ("free", free),
    ):
        for case in both(Case(f"growth_{name}", "mean structures (growth)", data, model)):
            yield replace(case, name=f"{case.name}_one", group="")
            yield case
            same = replace(case, name=f"{case.name}_same", previous=case.name)
            yield replace(same, equal="means|lv.variances|lv.covariances|residuals")
    path = "t2 ~ c1*t1 + x1\nt3 ~ a*t2 + x1 + x2\nt4 ~ b*t3 + t2\nboth := a*b\nscaled := log(a^2)/b"
    for case in both(Case("growth_path", "paths without latents", data, path)):
        yield case
        yield replace(case, name=f"{case.name}_one", group="")
        yield replace(case, name=f"{case.name}_equal", equal="regressions", previous=case.name)
        some = "regressions|intercepts|residuals"
        yield replace(case, name=f"{case.name}_some", equal=some, partial="t4~t2|t3~1")


def _burns() -> Iterator[Case]:
    model = f"{BURNS}\ndirect := a*b"
    for case in both(Case("burns", "paths without latents", "burns", model)):
        yield case
        yield replace(case, name=f"{case.name}_one", group="")
        yield replace(case, name=f"{case.name}_free_x", fixed_x=False)
        yield replace(case, name=f"{case.name}_equal", equal="regressions", previous=case.name)


def _clusters() -> Iterator[Case]:
    for case in both(Case("clusters", "observed predictors", "clusters", TWOLEVEL)):
        yield from ladder(case)
        paths = "loadings|regressions"
        yield replace(
            case, name=f"{case.name}_paths", equal=paths, previous=f"{case.name}_configural"
        )
    cfa = "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6"
    for identification in ("effects", "std_lv"):
        stem = Case(f"cl_{identification}", "ladder on real data", "clusters", cfa)
        for case in both(replace(stem, identification=identification)):
            yield from ladder(case)


def _traits() -> Iterator[Case]:
    three = "\n".join(BFI.splitlines()[1:4])
    for case in both(Case("bfi", "real answers, 5 factors", "bfi", BFI)):
        yield from ladder(case, ("configural", "metric", "scalar"))
    structural = f"{BFI}\nneuro ~ agree + consc + extra + open"
    for case in both(Case("bfi_path", "real answers, 5 factors", "bfi", structural)):
        case = replace(case, identification="std_lv")
        yield replace(case, equal="loadings")
        yield replace(
            case, name=f"{case.name}_equal", equal="loadings|regressions", previous=case.name
        )
    for case in both(Case("bfi_gaps", "real missing answers: FIML", "bfi", three)):
        yield from ladder(replace(case, missing="fiml"))
    gaps = f"{three}\nneuro ~ a*consc + b*extra + age\nN1 ~~ N2\nab := a*b"
    for case in both(Case("bfi_gaps_path", "real missing answers: FIML", "bfi", gaps)):
        yield replace(case, missing="fiml", equal="loadings")
        yield replace(case, missing="fiml", group="", name=f"{case.name}_one")
    for case in both(Case("sat", "real missing answers: FIML", "sat", SAT, missing="fiml")):
        yield replace(case, group="", name=f"{case.name}_one")
        yield replace(case, equal="loadings|intercepts")
        yield replace(case, fixed_x=False, group="", name=f"{case.name}_free_x")
    regressions = "SATV ~ age + a*education\nSATQ ~ b*SATV + education\nACT ~ SATV + SATQ\nx := a*b"
    for case in both(Case("sat_path", "paths without latents", "sat", regressions)):
        yield replace(case, missing="fiml")
        yield replace(case, missing="fiml", equal="regressions", name=f"{case.name}_equal")


def _flowers() -> Iterator[Case]:
    for case in both(Case("iris", "one factor, three groups", "iris", "size =~ sl + sw + pl + pw")):
        yield from ladder(case)
    for case in both(Case("iris_std", "one factor, three groups", "iris", "size =~ sl + sw + pl")):
        yield from ladder(replace(case, identification="std_lv"))


def _unusual() -> Iterator[Case]:
    """Other ways to set scales and origins, and other parts than the usual ones."""
    kind, data = "unusual identifications", "schools"
    two = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6"
    origin = f"{HS}\nx1 + x4 + x7 ~ 0*1\nvisual + textual + speed ~ NA*1"
    fixed = f"{HS}\nvisual ~ c(0, 0.2)*1\nvisual ~~ c(0.3, NA)*textual\nspeed ~~ start(0.4)*speed"
    models = (
        ("origin", origin, "loadings", "marker"),
        ("shared", HS.replace("x9", "x9 + x3"), "loadings|intercepts", "effects"),
        ("exact", f"{HS}\nx1 ~~ 0*x1", "", "marker"),
        ("single", "a =~ x1\nb =~ x4 + x5 + x6\nb ~ a", "loadings", "marker"),
        ("group_values", fixed, "", "marker"),
        ("among_items", f"{HS}\nx2 ~ x5\nx8 ~ 0.2*x2", "", "marker"),
        ("between", f"{two}\nx9 ~ p*a + ageyr\nb ~ q*x9 + a\nboth := p*q", "regressions", "marker"),
        ("covarying", f"{two}\na ~~ ageyr\nageyr ~ 1", "", "marker"),
        ("covariances", "x1 ~~ x2\nx2 ~~ x3\nx1 ~~ 0*x3", "residual.covariances", "marker"),
    )
    for name, model, equal, way in models:
        stem = Case(f"odd_{name}", kind, data, model, equal=equal, identification=way)
        yield from both(stem)
