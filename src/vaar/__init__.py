"""vaar: do a language model's values predict its actions, as they do in people?

The stages, low to high: :mod:`vaar.study` (asked) → :mod:`vaar.sessions` (said) →
:mod:`vaar.responses` (coded) → :mod:`vaar.scoring` (scores) → :mod:`vaar.sem` (fits) →
:mod:`vaar.analyses` (VAAR) → :mod:`vaar.report` (shown).
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vaar.analyses.alignment.options import AnalysisOptions as AnalysisOptions
    from vaar.errors import VaarError as VaarError
    from vaar.pipeline.analyze import analyze as analyze
    from vaar.pipeline.calibration.calibrate import calibrate as calibrate
    from vaar.pipeline.calibration.calibrate import power as power
    from vaar.pipeline.comparing.compare import compare as compare
    from vaar.pipeline.people.take import import_people as import_people
    from vaar.pipeline.publishing.export import export as export
    from vaar.pipeline.publishing.write_report import write_report as write_report
    from vaar.pipeline.reading.open_run import open_run as open_run
    from vaar.pipeline.run import run as run
    from vaar.sessions.runner.budget import Caps as Caps
    from vaar.study.load import load_study as load_study

    __version__: str

_HOMES = {
    "AnalysisOptions": "vaar.analyses.alignment.options",
    "Caps": "vaar.sessions.runner.budget",
    "VaarError": "vaar.errors",
    "analyze": "vaar.pipeline.analyze",
    "calibrate": "vaar.pipeline.calibration.calibrate",
    "compare": "vaar.pipeline.comparing.compare",
    "export": "vaar.pipeline.publishing.export",
    "import_people": "vaar.pipeline.people.take",
    "load_study": "vaar.study.load",
    "open_run": "vaar.pipeline.reading.open_run",
    "power": "vaar.pipeline.calibration.calibrate",
    "run": "vaar.pipeline.run",
    "write_report": "vaar.pipeline.publishing.write_report",
}

__all__ = [
    "AnalysisOptions",
    "Caps",
    "VaarError",
    "__version__",
    "analyze",
    "calibrate",
    "compare",
    "export",
    "import_people",
    "load_study",
    "open_run",
    "power",
    "run",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: `import vaar.sem` must not load the rest."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("vaar")
    raise AttributeError(f"module 'vaar' has no attribute {name!r}")


def __dir__() -> list[str]:
    loaded = {name for name in globals() if f"vaar.{name}" in sys.modules}
    return sorted({*__all__, *loaded, *(name for name in globals() if name.startswith("__"))})
