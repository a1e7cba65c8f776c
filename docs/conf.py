"""Sphinx builds the site from the pages here, the docstrings and the program: ``make docs``."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "vaar"
author = "The vaar authors"
copyright = "The vaar authors"
release = version_of("vaar")

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc", "cli_page", "whole_api"]
exclude_patterns = ["_build"]
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(?!vaar\.).*")]  # other libraries' pages are not fetched

numpydoc_show_class_members = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings give types in words, as NumPy's do
autodoc_class_signature = "separated"

smartquotes = False  # options are written --so
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4

html_theme = "furo"
html_title = f"vaar {release}"
html_copy_source = False
html_show_sphinx = False
