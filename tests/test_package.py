"""The package as it is installed: a wheel in a fresh environment, with what it says it needs and no more."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

import quantize
from deploy.local import free_port, is_healthy, wait_until
from quantize.__main__ import SUBCOMMANDS, main
from tests.house import ROOT
from tests.installing import build_wheel, install, list_wheel, packages_of
from tests.pictures import jxl, noise, saved, video

HEAVY = {"numpy", "numba", "cv2", "PIL", "scipy", "click", "coloraide", "fpdf"}
JOBS = {
    "small.png": ["a.png", "-k", "5"],
    "brand.ase": ["palette", "a.png", "-k", "3"],
    "chart.pdf": ["chart", "a.png", "--palette", "pico-8"],
}
EVERY_HELP = """
import contextlib, io, sys
from quantize.__main__ import SUBCOMMANDS, main
for words in ([], *([name] for name in SUBCOMMANDS)):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            main([*words, "--help"])
        except SystemExit as end:
            assert not end.code, words
    print(said.getvalue().split()[:3])
print(sorted({"streamlit", "plotly", "skimage", "pandas"} & sys.modules.keys()))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    """A picture, and what this engine makes of it: its loops are compiled then."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "a.png").write_bytes(saved(noise(40, 60), "PNG"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, words in JOBS.items():
            with pytest.raises(SystemExit):
                main([*words, "-o", f"expected-{name}"])
    return folder / "a.png"


@pytest.fixture(scope="module")
def programs(wheel, picture, tmp_path_factory):
    return install(wheel, tmp_path_factory.mktemp("fresh") / "environment")


def run(program: Path, *words: str, folder: Path) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [program, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_has_the_app_below_the_engine_and_nothing_on_top(wheel):
    names = list_wheel(wheel)
    assert {name.split("/")[0] for name in names} == {
        "quantize",
        f"quantize_colors-{quantize.__version__}.dist-info",
    }
    there = [path for path in (ROOT / "pages").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    files = {path.relative_to(ROOT).as_posix() for path in there} | {"app.py", ".streamlit/config.toml"}
    assert {name for name in names if name.startswith("quantize/_app/")} == {
        f"quantize/_app/{file}" for file in files
    }
    assert {"quantize/py.typed", "quantize/rendering/fonts/LICENSE.txt"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if re.search(r"__pycache__|\.nb[ic]$|tests", name)]


def test_the_command_and_its_version(programs, tmp_path):
    done = run(programs / "quantize", "--version", folder=tmp_path)
    assert (done.stdout, done.stderr) == (f"quantize, version {quantize.__version__}\n", "")


def test_every_command_says_its_help_without_what_only_the_app_needs(programs, tmp_path):
    done = run(programs / "python", "-c", EVERY_HELP, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "['Usage:', 'quantize', '[OPTIONS]']"
    assert lines[1:-1] == [f"['Usage:', 'quantize', '{name}']" for name in SUBCOMMANDS]
    assert lines[-1] == "[]"


@pytest.mark.parametrize("name", JOBS)
def test_jobs_make_the_same_files(programs, picture, name):
    done = run(programs / "quantize", *JOBS[name], "-o", name, folder=picture.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert (picture.parent / name).read_bytes() == (picture.parent / f"expected-{name}").read_bytes()


def test_with_the_extra_of_clusters_a_batch_makes_the_same_file(wheel, programs, picture, tmp_path):
    sentence = (
        "quantize: dask must be installed too, found no distributed: pip install 'quantize-colors[batch]'\n"
    )
    words = ["batch", str(picture), "-k", "5", "--dask", "local", "--jobs", "1"]
    done = run(programs / "quantize", *words, "-o", "out", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)
    more = install(wheel, tmp_path / "environment", "batch")
    done = run(more / "quantize", *words, "-o", "out", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "a.png").read_bytes() == (picture.parent / "expected-small.png").read_bytes()


def test_a_folder_that_nothing_here_reaches_is_one_sentence(programs, picture):
    words = ["batch", "a.png", "expected-small.png", "-k", "2", "-o", "s3://bucket/folder"]
    done = run(programs / "quantize", *words, folder=picture.parent)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "s3:// needs a package that is missing" in done.stderr
    assert "pip install 'quantize-colors[s3]'" in done.stderr


def as_jpeg_xl(folder: Path, patch: pytest.MonkeyPatch) -> list[str]:
    pytest.importorskip("pillow_jxl", reason="pillow-jxl-plugin is not installed: requirements-dev.txt")
    (folder / "a.jxl").write_bytes(jxl(noise(40, 60)))
    return ["a.jxl", "-k", "5", "-o", "made"]


def as_video(folder: Path, patch: pytest.MonkeyPatch) -> list[str]:
    pytest.importorskip("av", reason="PyAV is not installed: requirements-dev.txt")
    (folder / "a.mp4").write_bytes(video(noise(3 * 48, 64).reshape(3, 48, 64, 3), "mp4", "mpeg4"))
    return ["animate", "a.mp4", "-k", "5", "-o", "made.gif"]


def in_a_bucket(folder: Path, patch: pytest.MonkeyPatch) -> list[str]:
    moto = pytest.importorskip("moto.server", reason="moto is not installed: requirements-dev.txt")
    boto3 = pytest.importorskip("boto3", reason="boto3 is not installed: requirements-dev.txt")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none",
        "AWS_ENDPOINT_URL": "http://{}:{}".format(*server.get_host_and_port()),
    }.items():  # fmt: skip
        patch.setenv(name, value)
    (folder / "a.png").write_bytes(saved(noise(40, 60), "PNG"))
    bucket = boto3.resource("s3").create_bucket(Bucket="extras")
    bucket.put_object(Key="a.png", Body=(folder / "a.png").read_bytes())
    return ["batch", "s3://extras/a.png", "-k", "5", "--jobs", "1", "-o", "made"]


@dataclass(frozen=True)
class Extra:
    """What an extra brings: a job that needs it, and what is said without it."""

    name: str
    prepare: Callable[[Path, pytest.MonkeyPatch], list[str]]
    without: str
    made: str = "made"


EXTRAS = (
    Extra("jxl", as_jpeg_xl, "got JPEG XL, which needs the package pillow-jxl-plugin"),
    Extra("video", as_video, "got a video, which needs the package av", "made.gif"),
    Extra("s3", in_a_bucket, "s3:// needs a package that is missing", "made/a.png"),
)


@pytest.mark.parametrize("extra", EXTRAS, ids=lambda extra: extra.name)
def test_each_extra_brings_what_its_job_needs(wheel, programs, picture, extra, tmp_path, monkeypatch):
    words = extra.prepare(tmp_path, monkeypatch)
    done = run(programs / "quantize", *words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert extra.without in done.stderr
    assert done.stderr.count("\n") == 1
    more = install(wheel, tmp_path / "environment", extra.name)
    done = run(more / "quantize", *words, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    monkeypatch.chdir(tmp_path)
    made = Path(extra.made).read_bytes()
    Path(extra.made).unlink()
    with pytest.raises(SystemExit):
        main([word.removeprefix("s3://extras/") for word in words])
    assert Path(extra.made).read_bytes() == made


def test_the_app_that_is_not_installed_says_how_it_would_be(programs, tmp_path):
    done = run(programs / "quantize", "app", folder=tmp_path)
    sentence = "quantize: app must be installed too, found no streamlit: pip install 'quantize-colors[app]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


@pytest.mark.skipif(os.name != "posix", reason="on Windows the server is a process of its own")
def test_the_app_of_the_wheel_answers(programs, tmp_path):
    """The packages are this environment's, the engine and the app are the wheel's."""
    packages = packages_of(programs.parent)
    (tmp_path / "site").mkdir()
    shutil.copytree(packages / "quantize", tmp_path / "site" / "quantize")
    (tmp_path / "pages").mkdir()  # in the current folder: not the app's
    (tmp_path / "pages" / "__init__.py").write_text("raise ImportError")
    port = free_port()
    command = [sys.executable, "-P", "-m", "quantize", "app", "--port", str(port), "--no-browser"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path)}
    with (tmp_path / "log.txt").open("wb") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: is_healthy("localhost", port) or server.poll() is not None, 120, "the app")
        with urlopen(f"http://localhost:{port}/", timeout=60) as answer:
            assert "<h1>Reduce a picture to K colours</h1>" in answer.read().decode()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    assert "Traceback" not in (tmp_path / "log.txt").read_text()


def test_types_of_public_names_are_checked_strictly():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    checked, *_ = tool["overrides"]
    assert tool["strict"]
    assert all(checked[rule] for rule in tool if rule != "ignore_missing_imports" and tool[rule] is False)
    assert {"quantize", *(f"quantize.{name}" for name in quantize._MODULES.values())} <= set(
        checked["module"]
    )


def test_the_import_loads_nothing_heavy():
    program = "import sys, quantize; print(quantize.__version__, *sys.modules)"
    command = [sys.executable, "-c", program]
    version, *loaded = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert version == quantize.__version__
    assert not HEAVY & set(loaded)
    assert {name for name in loaded if name.startswith("quantize")} == {"quantize", "quantize.version"}
