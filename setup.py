"""Builds what ``pyproject.toml`` cannot say: the app goes into the wheel, as ``quantize/_app``.

``app.py`` and ``pages`` stay on top of the repository, where ``streamlit run app.py`` and hosts want them.
Out of a wheel they would be packages ``app`` and ``pages`` of everybody's environment; so they lie in a
folder that is no package, which Streamlit takes as its root when ``quantize app`` starts it.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

APP = ("app.py", "pages", ".streamlit/config.toml")
COMPILED = shutil.ignore_patterns("__pycache__")


class BuildWithApp(build_py):
    """Copies the app beside the engine; an editable installation finds it in the repository."""

    def run(self) -> None:
        """Copy all that belongs into the wheel."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib, "quantize", "_app")
        shutil.rmtree(target, ignore_errors=True)  # what an older build left
        for name in APP:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            if Path(name).is_dir():
                shutil.copytree(name, target / name, ignore=COMPILED)
            else:
                shutil.copy2(name, target / name)


setup(cmdclass={"build_py": BuildWithApp})
