"""Two simulated respondents, one analysis, then another with other options on the same answers."""

import vaar

done = vaar.run(
    models=["simulated/human-like", "simulated/contrarian"],
    sessions=60,
    seed=1,
    out="runs/two",
    options=vaar.AnalysisOptions(replicates=100, subsamples=10),
)
columns = ["group", "vaar", "vaar_lower", "vaar_upper", "n_as_in_people", "n_negligible"]
print("SIMULATED", done.analysis.vaar[columns].to_string(index=False), sep="\n")

stricter = vaar.AnalysisOptions(replicates=100, subsamples=10, delta=0.3)
again = vaar.analyze("runs/two", stricter)
print(
    "SIMULATED, effects below .3 negligible", again.vaar[columns].to_string(index=False), sep="\n"
)
print(vaar.write_report("runs/two"))
