"""The version of the coding rules."""

RULES_VERSION = 4
"""Raised whenever a change of the rules codes any reply in another way than before.

It is stored with a run, so that an analysis can tell that answers were coded anew.
"""
