"""How the site is built of the pages in this folder: settings of Sphinx, read by ``python -m docs.build``.

The pages are Markdown and are read on GitHub, too. So their links lead to files of the repository, and
are turned into links of the site when it is built (``_at_home``). Nothing is asked of another host.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from docutils.nodes import Text, field_name

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from docs.commands import describe_all  # noqa: E402

project = "Colour quantization"
author = project
html_title = project
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_theme = "furo"
html_static_path = ["look"]
html_css_files = ["site.css"]
html_favicon = html_logo = "../pages/icon.png"
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["*.py", "look"]

myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
napoleon_use_param = True

# Neutral greys, as in the app: a tinted surface beside a picture misleads the eye about its colours.
_FONTS = {
    "font-stack": "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
    "font-stack--monospace": "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
}


def _greys(accent: str, text: str, faint: str, ground: str, raised: str, line: str) -> dict[str, str]:
    """Name the theme's variables for a few colours of ours."""
    return {
        "color-brand-primary": accent,
        "color-brand-content": accent,
        "color-brand-visited": accent,
        "color-link": accent,
        "color-link--visited": accent,
        "color-foreground-primary": text,
        "color-foreground-secondary": faint,
        "color-foreground-muted": faint,
        "color-foreground-border": faint,
        "color-background-primary": ground,
        "color-background-secondary": raised,
        "color-background-hover": line,
        "color-background-border": line,
        "color-sidebar-background": raised,
        "color-code-background": raised,
        "color-inline-code-background": raised,
        "color-api-background": raised,
        "color-api-background-hover": line,
        "color-api-name": text,
        "color-api-pre-name": faint,
    }


html_theme_options = {
    "light_css_variables": _FONTS | _greys("#305c92", "#1c1c1c", "#595959", "#f9f9f9", "#ededed", "#d6d6d6"),
    "dark_css_variables": _greys("#7fabdf", "#e4e4e4", "#a6a6a6", "#1b1b1b", "#262626", "#3d3d3d"),
    "footer_icons": [],
}
pygments_style = "github-light"
pygments_dark_style = "github-dark"

_CONTENTS = {
    "Use it": "start pages gallery files promises",
    "Look up": "command_line many program quality benchmarks",
    "Host it, change it": "hosting security inside words",
}
"""The navigation: parts and their pages. A page that is missing here is an error."""

# Where a file of the repository is a page of the site, or a part of one.
_PAGES = {"../benchmarks/README.md": "benchmarks.md", "../README.md": "index.md"}


def _at_home(app: Any, page: str, text: list[str]) -> None:
    """Fill in what is made of the code, and lead links to the site's own pages."""
    text[0] = text[0].replace("{{ commands }}", describe_all() if page == "command_line" else "")
    if page == "index":
        for part, names in _CONTENTS.items():
            lines = (":hidden:", f":caption: {part}", "", *names.split())
            text[0] += "\n".join(("\n```{toctree}", *lines, "```\n"))
    for file, name in _PAGES.items():
        text[0] = text[0].replace(f"]({file}", f"]({name}")


def _plain_types(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Keep types as they are written: of "uint8, shape (h, w)" Sphinx would link "shape" to some property."""
    lines[:] = [re.sub(r"^(:(?:var)?type \S+: )([^*`].*)$", r"\1*\2*", line) for line in lines]


def _name_attributes(app: Any, page: Any) -> None:
    """Call attributes what numpydoc calls them."""
    for name in page.findall(field_name):
        if name.astext() == "Variables":
            name.children = [Text("Attributes")]


def _for_all(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Give headings of the navigation their level, and what scrolls to the keyboard: both are left out."""
    navigation = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = navigation.replace('role="heading"', 'role="heading" aria-level="2"')
    context["body"] = context.get("body", "").replace("<pre>", '<pre tabindex="0">')


def setup(app: Any) -> None:
    """Connect what pages go through when they are read."""
    app.connect("source-read", _at_home)
    app.connect("html-page-context", _for_all, priority=900)  # after the theme
    app.connect("doctree-read", _name_attributes)
    app.connect("autodoc-process-docstring", _plain_types, priority=900)  # after napoleon
