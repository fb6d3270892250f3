"""Build of the documentation: `make docs`."""

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
napoleon_use_ivar = True

html_theme = "furo"
html_title = "Regulars 熟客"
html_static_path = ["_static"]
html_css_files = ["regulars.css"]
