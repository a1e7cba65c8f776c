"""Time vaar.sem against lavaan on the same simulated data, in turn, each in its own process.

    python benchmarks/sem_against_lavaan.py                  # all but the large case
    python benchmarks/sem_against_lavaan.py --quick
    python benchmarks/sem_against_lavaan.py --cases ml,mlr --rounds 5 --json timings.json
    python benchmarks/sem_against_lavaan.py --cases levels,levels-mlr --rounds 9 --scaling ""
    python benchmarks/sem_against_lavaan.py --cases ml-32 --limit 900     # lavaan needs 6 GB
    python benchmarks/sem_against_lavaan.py --cases "" --scaling 8,64,256  # vaar.sem alone

Needs Linux and R with lavaan. What is timed is the fit inside the process, after loading, reading
the data and a tiny fit; memory is that of the whole process. The *fit call* is ``sem.fit`` against
``lavaan::sem``. *With measures* adds the parameter table and the fit measures; that of vaar.sem
contains the standardised solution with its standard errors, which lavaan is only asked for in the
ladder and with two levels. Where lavaan is stopped at ``--limit``, its time and memory until then
are lower bounds, and so is the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sem_data import MODEL, answers, clustered, two_level_model

HERE = Path(__file__).parent
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
SCALING = "8,16,32,64,128,256"


@dataclass(frozen=True)
class Case:
    """A task for both programs.

    Attributes
    ----------
    replicates : (int, int)
        Bootstrap replicates of vaar.sem and of lavaan; times are for 1,000 of each.
    simple : bool
        lavaan's faster treatment of equalities, ``ceq.simple``.
    levels : (int, int, int)
        Items, factors and clusters of a model of two levels.
    """

    title: str
    task: str
    estimator: str
    groups: int = 8
    replicates: tuple[int, int] = (0, 0)
    simple: bool = False
    levels: tuple[int, int, int] = (0, 0, 0)


CASES = {
    "ml": Case("ML + SE", "fit", "ML"),
    "ml-simple": Case("ML + SE, lavaan with ceq.simple", "fit", "ML", simple=True),
    "mlr": Case("MLR", "fit", "MLR"),
    "wlsmv": Case("WLSMV", "fit", "WLSMV"),
    "ladder": Case("ladder of four levels, ML", "ladder", "ML"),
    "ladder-mlr": Case("ladder of four levels, MLR", "ladder", "MLR"),
    "bootstrap": Case("1,000 bootstrap replicates, ML", "bootstrap", "ML", replicates=(1000, 5)),
}
LARGE = {
    "ml-32": Case("ML + SE, 32 groups", "fit", "ML", groups=32),
    "ml-32-simple": Case("ML + SE, 32 groups, ceq.simple", "fit", "ML", groups=32, simple=True),
}
LEVELS = {
    f"levels{size}{'' if estimator == 'ML' else '-mlr'}": Case(
        f"two levels, {items} items, {factors} factors, {clusters} clusters a group, {estimator}",
        "two-level",
        estimator,
        groups,
        levels=(items, factors, clusters),
    )
    for size, items, factors, clusters, groups in (
        ("", 9, 3, 100, 1),
        ("-20", 20, 4, 100, 1),
        ("-two", 12, 3, 60, 2),
    )
    for estimator in ("ML", "MLR")
}
EVERY = CASES | LARGE | LEVELS
QUICK = ("ml", "mlr")


def main() -> int:
    options = _options()
    if shutil.which("Rscript") is None:
        print("Rscript was not found: install R and its package lavaan", file=sys.stderr)
        return 2
    names = [name for name in options.cases.split(",") if name]
    if options.quick:
        names = list(QUICK)
    results: dict[str, Any] = {"versions": _versions(), "cases": {}, "scaling": []}
    _say_versions(results["versions"])
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.limit)
        rounds = 1 if options.quick else options.rounds
        for name in names:
            case = EVERY[name]
            results["cases"][name] = bench.compare(case, 1 if name in LARGE else rounds)
        sizes = [int(size) for size in options.scaling.split(",") if size]
        results["scaling"] = [bench.scale(groups, rounds) for groups in sizes]
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    every = ",".join(CASES)
    parser.add_argument("--cases", default=every, help=f"some of {','.join(EVERY)}")
    parser.add_argument(
        "--limit", type=float, default=None, help="seconds after which a run of lavaan is stopped"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each case is timed")
    parser.add_argument("--quick", action="store_true", help="one round of ML and MLR")
    parser.add_argument("--scaling", help=f"numbers of groups, or none; {SCALING} by default")
    parser.add_argument("--json", type=Path, help="file to write every timing to")
    options = parser.parse_args()
    unknown = set(filter(None, options.cases.split(","))) - set(EVERY)
    if unknown:
        parser.error(f"unknown cases {', '.join(sorted(unknown))}; there are {', '.join(EVERY)}")
    if options.scaling is None:
        options.scaling = "8,16,32" if options.quick else SCALING
    return options


class Bench:
    """Runs tasks on data kept in a folder; lavaan no longer than ``limit`` seconds at a time."""

    def __init__(self, folder: Path, limit: float | None) -> None:
        self.folder, self.limit = folder, limit

    def compare(self, case: Case, rounds: int) -> dict[str, Any]:
        """Time both programs in turn, and print a line of medians."""
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(self._ours(case))
            theirs.append(self._lavaan(case))
        _say_case(case, ours, theirs)
        return {"title": case.title, "vaar": ours, "lavaan": theirs}

    def scale(self, groups: int, rounds: int) -> dict[str, float]:
        """Time vaar.sem alone."""
        out: dict[str, float] = {"groups": groups}
        for estimator in ("ML", "MLR", "WLSMV"):
            case = Case("scaling", "fit", estimator, groups)
            runs = [run for run in (self._ours(case) for _ in range(rounds)) if run]
            for name in ("fit_cpu", "complete_cpu", "peak_mb") if runs else ():
                out[f"{estimator}_{name}"] = median(run[name] for run in runs)
        figures = "  ".join(f"{name} {value:.3g}" for name, value in out.items())
        print(f"scaling: {figures}", flush=True)
        return out

    def _data(self, case: Case) -> Path:
        items, factors, clusters = case.levels
        path = self.folder / f"data-{case.groups}-{items}.csv"
        if not path.exists():
            many = clustered(items, factors, clusters, case.groups) if items else None
            (answers(case.groups) if many is None else many).to_csv(path, index=False)
        return path

    def _model(self, case: Case) -> Path:
        items, factors, _ = case.levels
        path = self.folder / f"model-{items}.txt"
        path.write_text((two_level_model(items, factors) if items else MODEL) + "\n")
        return path

    def _arguments(self, case: Case, replicates: int) -> list[str]:
        data, model = str(self._data(case)), str(self._model(case))
        return [case.task, data, case.estimator, str(replicates), model]

    def _ours(self, case: Case) -> dict[str, float]:
        arguments = self._arguments(case, case.replicates[0])
        return _run([sys.executable, str(HERE / "sem_ours.py"), *arguments])

    def _lavaan(self, case: Case) -> dict[str, float]:
        arguments = self._arguments(case, case.replicates[1])
        more = ["ceq.simple"] if case.simple else []
        return _run(["Rscript", str(HERE / "sem_lavaan.R"), *arguments, *more], self.limit)


def _run(command: list[str], limit: float | None = None) -> dict[str, float]:
    """The JSON on the last line that a process prints; empty where it failed, and what it had used
    where it was stopped."""
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stdout=out, stderr=said, env=os.environ | ONE_THREAD) as process,
    ):
        stop = threading.Timer(limit, process.kill) if limit else None
        if stop:
            stop.start()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if stop:
            stop.cancel()
        if process.returncode == -signal.SIGKILL and limit:
            cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
            return {"stopped": limit, "fit_cpu": cpu, "complete_cpu": cpu, "peak_mb": peak}
        out.seek(0), said.seek(0)
        if process.returncode:
            reason = said.read().strip()[-400:]
            print(f"failed: {' '.join(command[1:4])}: {reason}", file=sys.stderr)
            return {}
        answer: dict[str, float] = json.loads(out.read().strip().splitlines()[-1])
        return answer


def _say_case(case: Case, ours: list[dict[str, float]], theirs: list[dict[str, float]]) -> None:
    stopped = any("stopped" in run for run in theirs)
    print(f"\n{case.title} (G = {case.groups})")
    if stopped:
        print("  lavaan was stopped: its figures and the ratios are lower bounds")
    print(f"  {'':<22}{'vaar.sem':>12}{'lavaan':>12}{'ratio':>10}")
    for key, label in (
        ("fit_cpu", "fit call, CPU s"),
        ("fit_wall", "fit call, wall s"),
        ("complete_cpu", "with measures, CPU s"),
        ("complete_wall", "with measures, wall s"),
        ("peak_mb", "peak memory, MB"),
    ):
        mine, other = (_median(runs, key) for runs in (ours, theirs))
        if mine is None and other is None:
            continue
        ratio = f"{other / mine:>9.0f}×" if mine and other else ""
        print(f"  {label:<22}{_figure(mine):>12}{_figure(other):>12}{ratio}")
    mine, other = _median(ours, "chisq"), _median(theirs, "chisq")
    if mine and other:
        print(f"  χ² {mine:.6f} and {other:.6f}: relative difference {mine / other - 1:.1e}")
    sys.stdout.flush()


def _median(runs: list[dict[str, float]], key: str) -> float | None:
    values = [run[key] for run in runs if key in run]
    return median(values) if values else None


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _versions() -> dict[str, str]:
    import platform
    from importlib.metadata import version

    import numpy

    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    code = (
        'cat(R.version.string, as.character(packageVersion("lavaan")), sessionInfo()$BLAS,'
        ' sep = "|")'
    )
    told = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True)
    r, lavaan, r_blas = told.stdout.strip().split("|")
    return {
        "vaar": version("vaar"),
        "Python": platform.python_version(),
        "NumPy": f"{numpy.__version__} with {blas['name']} {blas['version']}",
        "SciPy": version("scipy"),
        "R": f"{r} with {r_blas}",
        "lavaan": lavaan,
        "load at start": f"{os.getloadavg()[0]:.2f} on {os.cpu_count()} cores",
    }


def _say_versions(versions: dict[str, str]) -> None:
    for name, value in versions.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    sys.exit(main())
