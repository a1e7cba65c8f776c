"""Every stage of the analysis of a large run, each in a process of its own: seconds and memory.

    python benchmarks/scale/stages.py                                # 100,000 sessions of 36 items
    python benchmarks/scale/stages.py --groups 1000 --sessions 200   # 200,000 of them
    python benchmarks/scale/stages.py --groups 4 --sessions 250 --replicates 20     # a quick look

The run directory is written once and kept (`--keep DIRECTORY`); it is simulated. CPU seconds are
those of all processes of a stage, as many as the product takes (`PYTHON_CPU_COUNT=1`: one); peak
memory is that of the first, interpreter and libraries included. What is wanted is told in seconds
of an idle machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "session"))
from measured import measuring

STAGES = {"status": 2, "coding": 60, "scoring": 10, "analysis": None, "report": None, "total": 300}
"""Wanted seconds on the clock; the total is that of analysis and report."""

MOST_MB = {"coding": 1_000}


def stage(name: str, directory: Path, replicates: int) -> dict[str, float]:
    """Do one stage; only it is measured beyond start-up."""
    if name == "status":
        from vaar.pipeline.reading.status import status

        with measuring() as cost:
            status(directory)
    elif name == "coding":
        from contextlib import ExitStack

        from vaar.pipeline.code_run import coded_run
        from vaar.pipeline.rundir import RunDirectory
        from vaar.study.load import load_study

        files = RunDirectory(directory)
        study = load_study(files.study)
        with measuring() as cost, ExitStack() as stack:
            coded = stack.enter_context(coded_run(files, study))
            coded.file.replace(files.responses)
    elif name == "scoring":
        from vaar.responses.table import read_table
        from vaar.scoring.scales import score
        from vaar.study.load import load_study

        study = load_study(directory / "study.yaml")
        responses = read_table(directory / "responses.parquet")
        with measuring() as cost:
            score(responses, study)
    elif name == "analysis":
        import vaar

        with measuring() as cost:
            vaar.analyze(directory, vaar.AnalysisOptions(replicates=replicates))
    else:
        import vaar

        with measuring() as cost:
            vaar.write_report(directory)
    return cost


def measured(name: str, directory: Path, replicates: int) -> dict[str, float]:
    """Do one stage in a process of its own."""
    command = [sys.executable, __file__, "--stage", name, "--keep", str(directory)]
    command += ["--replicates", str(replicates)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    cost: dict[str, float] = json.loads(done.stdout)
    return cost


def show(name: str, cost: dict[str, float]) -> None:
    wanted, most = STAGES.get(name), MOST_MB.get(name)
    line = f"{name:9} {cost['cpu']:8.1f} s CPU {cost['wall']:8.1f} s wall {cost['peak_mb']:8.0f} MB"
    if wanted is not None:
        met = cost["wall"] <= wanted and (most is None or cost["peak_mb"] <= most)
        limit = f"≤ {wanted} s" + (f", ≤ {most:,} MB" if most else "")
        line += f"   wanted: {limit}: {'yes' if met else 'NO'}"
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--groups", type=int, default=10)
    parser.add_argument("--sessions", type=int, default=10_000, help="of each group")
    parser.add_argument("--replicates", type=int, default=1_000, help="of the bootstrap")
    parser.add_argument("--only", help="stages, with commas between them")
    parser.add_argument("--keep", type=Path, help="where the run is written, and found again")
    parser.add_argument("--stage", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stage:
        print(json.dumps(stage(given.stage, given.keep, given.replicates)))
        return
    from many_sessions import described, write_run  # here, so that no stage is charged for it

    name = f"vaar-scale-{given.groups}x{given.sessions}"
    directory = write_run(given.keep or Path(gettempdir()) / name, given.groups, given.sessions)
    print(described(directory), flush=True)
    wanted = given.only.split(",") if given.only else [n for n in STAGES if n != "total"]
    costs = {}
    for one in wanted:
        costs[one] = measured(one, directory, given.replicates)
        show(one, costs[one])
        if one == "report" and "analysis" in costs:
            both = {k: costs["analysis"][k] + costs[one][k] for k in ("cpu", "wall")}
            peak = max(costs[k]["peak_mb"] for k in ("analysis", "report"))
            show("total", both | {"peak_mb": peak})


if __name__ == "__main__":
    main()
