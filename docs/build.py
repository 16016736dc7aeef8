"""Build the site: ``python -m docs.build [FOLDER]`` writes it to ``build/site``, or to that folder.

It is plain files. Any web server shows them: ``python -m http.server -d build/site``. A warning of Sphinx is
an error.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx.cmd.build import build_main

HERE = Path(__file__).parent
SITE = HERE.parent / "build" / "site"


def build(folder: Path = SITE) -> int:
    """Build all pages anew; 0 if nothing was wrong."""
    kept = folder.with_name(f"{folder.name}-doctrees")
    options = ["--fail-on-warning", "--keep-going", "--fresh-env", "--quiet", "-b", "html", "-d", str(kept)]
    return build_main([*options, str(HERE), str(folder)])


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]) if len(sys.argv) > 1 else SITE))
