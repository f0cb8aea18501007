"""How Sphinx builds the site: `make docs` stages the pages and calls it.

The sources of the pages are docs/ and notebooks/; `docs.site` gathers them, together
with the pages it makes itself, in build/docs/source, where Sphinx finds them.
"""

from pathlib import Path
from typing import Any

from docs.site import docstrings

project = "exact_wlra"
author = "The exact_wlra authors"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_copybutton",
    "sphinx-mathjax-offline",
]
nitpicky = True
# Names of the standard library and of other projects: their pages are not at hand.
nitpick_ignore_regex = [
    (r"py:.*", r"(?!(exact_wlra|reductions|semialgebraic)\.).*"),
    # Type variables, and constants, which have no page.
    (r"py:class", r"exact_wlra\.[\w.]+\.(Item|Result|Run|Value)"),
    (r"py:obj", r"[\w.]+\.[A-Z][A-Z_]+"),
]
# A key may stand in the bibliography for the sake of a page that is not staged. What
# people import from exact_wlra has a second description on the page of its module.
suppress_warnings = ["ref.citation", "ref.python"]

# Pages
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"
nb_merge_streams = True
highlight_language = "default"
smartquotes = False  # "" is an empty text

# Docstrings
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autosummary_generate = False
numpydoc_show_class_members = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 72
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# Appearance
html_theme = "pydata_sphinx_theme"
html_title = "exact_wlra"
html_static_path = [str(Path(__file__).parent / "_static")]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "exact_wlra"},
    "header_links_before_dropdown": 6,
    "navigation_with_keys": False,
    "show_nav_level": 1,
    "show_prev_next": True,
    "show_toc_level": 2,
    "footer_start": [],
    "footer_end": [],
}
html_sidebars: dict[str, list[str]] = {"index": [], "tutorial": []}


def setup(app: Any) -> dict[str, bool]:
    """Let Sphinx read two files at a time, and docstrings as they are written."""
    # The extension copies MathJax, reads nothing, and does not say so.
    app.extensions["sphinx-mathjax-offline"].parallel_read_safe = True
    return docstrings.setup(app)
