"""Groups of a run, as the report reads them."""

from vaar.analyses.groups import AskedGroup, groups_table
from vaar.report.groups import Groups


def groups_of(*names, condition="carried", people=()):
    """A simulated respondent for each name, in one condition, and people."""
    asked = [AskedGroup(f"{name} ({condition})", name, condition, True) for name in names]
    return Groups.of(groups_table(asked, {}, people))
