"""The direction of imports: app → pages → their parts → engine, from room to room, and no circle anywhere."""

import ast
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from setuptools import find_packages

from docs import draw_house
from tests.house import (
    ROOMS,
    ROOT,
    ROW_OF,
    find_circle,
    imported,
    read_arrows,
    read_imports,
    read_modules,
    room_of,
)

MODULES = read_modules()
HEAVY = (
    "skimage",
    "scipy.ndimage",
    "streamlit",
    "pandas",
    "plotly",
    "click",
    "coloraide",
)  # numba itself loads bare scipy


def of(*packages: str) -> list[str]:
    return [name for name in MODULES if name.split(".")[0] in packages]


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_down(name):
    above = room_of(MODULES[name])
    for other in imported(MODULES[name], MODULES):
        below = room_of(MODULES[other])
        assert ROW_OF[above] <= ROW_OF[below], f"{name} imports {other}, which is above it"


def test_no_row_is_left_over():
    assert {room_of(path) for path in MODULES.values()} == set(ROOMS)
    for room in ROOMS:
        assert all((ROOT / room.package / f"{file}.py").exists() for file in room.files), room.name


def test_rooms_make_no_circle():
    graph: dict = {}
    for one, other in read_arrows():
        graph.setdefault(one, set()).add(other)
    assert find_circle(graph) is None


def test_modules_make_no_circle():
    assert find_circle(read_imports()) is None


def test_circles_are_found():
    assert find_circle({1: {2}, 2: {3, 4}, 3: set(), 4: {2}}) == (2, 4, 2)
    assert find_circle({1: {1}}) == (1, 1)
    assert find_circle({1: {2, 3}, 2: {3}}) is None


@pytest.mark.parametrize("name", of("quantize"))
def test_engine_knows_no_screen(name):
    assert not re.search(r"^\s*(import|from)\s+(streamlit|pages)\b", MODULES[name].read_text(), re.M)


@pytest.mark.parametrize("name", of("app", "pages"))
def test_state_and_caching_have_one_home_each(name):
    path = MODULES[name]
    text = path.read_text()
    by_streamlits_names = "_messages.py", "_lookups.py"
    if path.name not in ("_state.py", "_choices.py", *by_streamlits_names):
        assert "session_state" not in text
        assert "query_params" not in text
    if path.parent.name != "_cache":
        assert "st.cache_" not in text


def test_the_cache_knows_no_screen_but_where_it_is_bound_to_it():
    bound = ("binding", "departures", "shares", "opening", "files", "tiles")
    knowing = {"pages._cache", *(f"pages._cache.{name}" for name in bound)}
    others = {name for name in MODULES if name.startswith("pages._cache.")} - knowing
    assert {f"pages._cache.{name}" for name in ("cache", "store", "queue", "pictures", "results")} <= others
    for name in others:
        assert not re.search(r"^\s*(import|from)\s+streamlit\b", MODULES[name].read_text(), re.M), name
        known = imported(MODULES[name], MODULES)
        assert not known & {"pages._state", "pages._waiting", "pages._remembered", *knowing}, name


@pytest.mark.parametrize("name", of("app", "pages"))
def test_pages_do_not_import_each_other(name):
    others = {f"pages.{path.stem}" for path in (ROOT / "pages").glob("[!_]*.py")}
    assert others
    assert not imported(MODULES[name], MODULES) & others


def loaded_by(program: str) -> set[str]:
    """Modules that are there when a program has run."""
    command = [sys.executable, "-c", f"{program}; import sys; print(*sys.modules)"]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


def test_import_is_light():
    assert {name for name in loaded_by("import quantize") if name.startswith("quantize")} == {"quantize"}
    loaded = loaded_by("from quantize import *")
    assert "numba" in loaded
    assert not set(HEAVY) & loaded


def test_a_worker_process_imports_only_what_decoding_needs():
    loaded = loaded_by("import quantize.decoding.worker_child")
    assert "PIL.WebPImagePlugin" in loaded
    assert not {*HEAVY, "numba", "cv2", "scipy", "quantize.decoding.picture", "PIL.PsdImagePlugin"} & loaded
    assert not {"pi_heif", "pillow_jxl"} & loaded, "they are loaded when a file needs them"
    assert not (ROOT / "quantize" / "decoding" / "__init__.py").read_text()


def test_a_worker_process_reads_palettes_without_what_it_does_not_need():
    read = "from quantize.decoding.worker_jobs import JOBS; JOBS['palette'](b'#fff\\n#000', 'x.hex')"
    loaded = loaded_by(read)
    assert "quantize.swatches.formats" in loaded
    assert not ({*HEAVY, "numba", "cv2", "scipy"} - {"coloraide"}) & loaded


def test_all_names_exist_and_are_sorted():
    import quantize

    assert sorted(quantize.__all__) == quantize.__all__
    for name in quantize.__all__:
        assert hasattr(quantize, name)


def test_the_wheel_has_every_folder_and_file():
    """What pyproject.toml finds is all that there is."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    found = find_packages(str(ROOT), **tool["packages"]["find"])
    folders = {path.parent.relative_to(ROOT) for path in MODULES.values() if path.parent != ROOT}
    assert {name.replace(".", "/") for name in found} == {
        str(folder) for folder in folders if folder.parts[0] == "quantize"
    }
    files = [path for path in (ROOT / "quantize").rglob("*") if path.is_file() and path.suffix != ".py"]
    data = [path for path in files if path.parent.name != "__pycache__"]
    assert data
    for path in data:
        assert any(_names(package, patterns, path) for package, patterns in tool["package-data"].items()), (
            path
        )


def _names(package: str, patterns: list[str], path: Path) -> bool:
    """Whether an entry of package-data names a file."""
    folder = ROOT / package.replace(".", "/")
    return path.is_relative_to(folder) and any(
        fnmatch(str(path.relative_to(folder)), pattern) for pattern in patterns
    )


def test_a_page_writes_nothing_that_was_meant_for_its_readers():
    """Streamlit shows expressions that stand alone in a page's file: a string under a constant, too."""
    files = [ROOT / "app.py", *(ROOT / "pages").glob("[!_]*.py")]
    assert len(files) > 10
    for path in files:
        alone = [one for one in ast.parse(path.read_text()).body[1:] if isinstance(one, ast.Expr)]
        assert all(isinstance(one.value, ast.Call) for one in alone), path.name


def test_streamlit_writes_nothing_by_itself():
    """For all that stands deeper in a file, and for whoever copies one."""
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        assert tomllib.load(file)["runner"]["magicEnabled"] is False


def test_the_drawing_is_of_this_house():
    assert draw_house.FILE.read_text(encoding="utf-8") == draw_house.draw(), "run python -m docs.draw_house"
