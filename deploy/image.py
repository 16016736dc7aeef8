"""Builds what a Dockerfile describes without a container engine: in a folder, with a virtual environment.

The image's own folders (those that WORKDIR and mkdir name) lie inside that folder, and commands and
variables that name them are rewritten. What needs root (another user, Debian's packages, owners of files)
is skipped and noted.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from deploy.dockerfile import as_command, health_command, read_context, read_steps
from deploy.local import ROOT, plain_environment

NEEDS_ROOT = ("useradd", "chown", "apt-get")
# How a machine reaches its package index is its own affair, in an image's build too.
NETWORK = re.compile(r"PIP_.*|(https?|no)_proxy|SSL_CERT_.*", re.I)


class Image:
    """What a Dockerfile makes: files in ``folder``, variables, and how to start and check it."""

    def __init__(self, dockerfile: Path, folder: Path, python: str = sys.executable) -> None:
        self._steps = read_steps(dockerfile)
        self._folder = folder
        self._python = python
        self._arguments: dict[str, str] = {}
        self._workdir = folder
        self._own = self._find_own_folders()
        self.gaps: list[str] = []
        self.seconds: dict[str, float] = {}
        self.health: list[str] = []
        self.start: dict[str, list[str]] = {"ENTRYPOINT": [], "CMD": []}
        home = folder / "home"
        home.mkdir()
        self.variables = plain_environment() | {"HOME": str(home)}

    @property
    def kernels(self) -> Path:
        """The folder of compiled kernels."""
        return Path(self.variables["NUMBA_CACHE_DIR"])

    def build(self) -> None:
        """Carry out every instruction; what each took goes to ``seconds``."""
        for step in self._steps:
            started = time.perf_counter()
            getattr(self, f"_do_{step.word.lower()}")(step.text)
            self.seconds[f"{step.word} {step.text}"] = time.perf_counter() - started

    def run(self, command: list[str], **more: str) -> subprocess.Popen[bytes]:
        """Start a command in the image, with further variables."""
        command = [self._place(part) for part in command]
        return subprocess.Popen(command, cwd=self._workdir, env=self.variables | more)

    def _find_own_folders(self) -> str:
        named = [step.text for step in self._steps if step.word == "WORKDIR"]
        for step in self._steps:
            named += re.findall(r"(?<=\s)/\S+", " ".join(re.findall(r"mkdir -p[^&]*", step.text)))
        return "|".join(sorted({re.escape(path.split("/")[1]) for path in named}))

    def _place(self, text: str) -> str:
        """Move the image's folders in a text into the folder."""
        return re.sub(rf"(?<![\w./])/(?=({self._own})\b)", f"{self._folder}/", text)

    def _do_from(self, text: str) -> None:
        self._call([self._python, "-m", "venv", str(self._folder / "venv")])
        # Stand-ins for what needs root come first on the path.
        tools = self._folder / "tools"
        tools.mkdir()
        for name in NEEDS_ROOT:
            tool = tools / name
            tool.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self._folder}/skipped"\n')
            tool.chmod(0o755)
        self.variables["PATH"] = f"{tools}:{self._folder}/venv/bin:{self.variables['PATH']}"
        version = subprocess.run([self._python, "-V"], capture_output=True, text=True, check=True).stdout
        self.gaps.append(f"FROM {text}: {version.strip()} and the libraries of this machine instead")

    def _do_arg(self, text: str) -> None:
        name, _, value = text.partition("=")
        self._arguments[name] = value.strip('"')

    def _do_env(self, text: str) -> None:
        for pair in shlex.split(text):
            name, _, value = pair.partition("=")
            self.variables[name] = self._place(value)

    def _do_workdir(self, text: str) -> None:
        self._workdir = Path(self._place(text))
        self._workdir.mkdir(parents=True, exist_ok=True)

    def _do_copy(self, text: str) -> None:
        *sources, target = shlex.split(text)
        seen = list(read_context(ROOT))
        for source in sources:
            found = [path for path in seen if path.is_relative_to(source)]
            if not found:
                raise FileNotFoundError(f"COPY {text}: {source} is not there, or .dockerignore leaves it out")
            for path in found:
                # Of a folder the contents are copied, of a file the file.
                place = path.relative_to(source) if (ROOT / source).is_dir() else path.name
                goal = self._workdir / target / place
                goal.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / path, goal)

    def _do_run(self, text: str) -> None:
        self._call([self._place(part) for part in as_command(text)])

    def _call(self, command: list[str]) -> None:
        network = {name: value for name, value in os.environ.items() if NETWORK.fullmatch(name)}
        cwd = self._workdir if self._workdir.exists() else self._folder
        subprocess.run(command, cwd=cwd, env=network | self.variables | self._arguments, check=True)

    def _do_user(self, text: str) -> None:
        self.gaps.append(f"USER {text}: everything runs as the user who called this")

    def _do_expose(self, text: str) -> None:
        pass

    def _do_healthcheck(self, text: str) -> None:
        self.health = health_command(text)

    def _do_entrypoint(self, text: str) -> None:
        self.start["ENTRYPOINT"] = as_command(text)

    def _do_cmd(self, text: str) -> None:
        self.start["CMD"] = as_command(text)
