"""Build of the documentation: `make docs`."""

import re

from regulars import __version__

project = "Regulars"
author = "the Regulars contributors"
copyright = "the Regulars contributors, Apache-2.0"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown"}

autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = False

html_theme = "furo"
html_title = "Regulars 熟客"
html_static_path = ["_static"]
html_css_files = ["regulars.css"]


def _literal_attributes(app, what, name, obj, options, lines):
    """Show fitted attributes as code: a bare `r_` would be read as a link in reStructuredText."""
    for number, line in enumerate(lines):
        is_field = re.fullmatch(r"\w+(, \w+)*", line)  # the name of an attribute or parameter, described below it
        if not is_field and ">>>" not in line and "``" not in line:
            lines[number] = re.sub(r"(?<![`\w])([A-Za-z]\w*_)(?![`\w])", r"``\1``", line)


def _skip_fitted(app, what, name, obj, skip, options):
    """Leave out fitted attributes where they are members too: the docstring of the class describes them."""
    return True if re.fullmatch(r"[A-Za-z]\w*_", name) else None


def setup(app):
    """Connect what Sphinx calls while it reads docstrings."""
    app.connect("autodoc-process-docstring", _literal_attributes, priority=100)
    app.connect("autodoc-skip-member", _skip_fitted)
