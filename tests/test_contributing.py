"""What CONTRIBUTING.md says of the code, and that a record is all it takes."""

import re
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from quantize import quantize_image
from quantize.colors.spaces import SPACES, Space
from quantize.dithering.dither import DITHERS
from quantize.methods.table import METHODS, find_by_cuts, wu_centers
from quantize.palettes.palette import Palette
from quantize.records import Records
from quantize.swatches.formats import FORMATS, write_palette
from tests.house import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PIXELS = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)


@pytest.fixture
def add(monkeypatch):
    """Add a record that is like another one, under a key of its own."""

    def add_like(table: Records, key: str, **changes: object) -> None:
        monkeypatch.setitem(table._records, "new", replace(table[key], key="new", **changes))

    return add_like


def test_all_that_is_named_is_there():
    named = re.findall(r"`((?:tests|quantize|pages|docs)/[\w/.]+|\w+\.(?:md|toml|txt))`", TEXT)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_table_is_where_it_is_said_to_be():
    rows = re.findall(r"\| `([A-Z_]+)` in `([\w/]+)\.py` \|", TEXT)
    assert len(rows) == 8
    for name, path in rows:
        assert isinstance(getattr(import_module(path.replace("/", ".")), name), Mapping), name
    assert dict(re.findall(r"`(\w+)` of `([\w/.]+)`", TEXT)) == {
        "METHOD_HELP": "pages/_widgets.py",
        "_FORMATS": "quantize/commands/compress_places.py",
    }


def test_commands_are_those_that_ci_runs():
    script = (ROOT / ".ci" / "run").read_text()
    for command in ("ruff check .", "ruff format --check .", "mypy", "pip install -r requirements-dev.txt"):
        assert command in script
        assert command in TEXT


def test_a_space_is_a_record(add):
    double = {
        "to_working": lambda colors: np.asarray(colors, np.float32) * 2,
        "to_srgb": lambda twice: twice / 2,
    }
    add(SPACES, "BGR", is_srgb=False, step=2.0, **double)
    assert isinstance(SPACES["new"], Space)
    ours, theirs = (quantize_image(PIXELS, n_colors=6, space=space) for space in ("BGR", "new"))
    assert ours.palette.tolist() == theirs.palette.tolist()


def test_a_method_is_a_record(add):
    add(METHODS, "octree", find=find_by_cuts(wu_centers))
    ours, theirs = (quantize_image(PIXELS, n_colors=6, method=method) for method in ("wu", "new"))
    assert ours.palette.tolist() == theirs.palette.tolist()


def test_a_dithering_is_a_record(add):
    add(DITHERS, "bayer-2", fill=DITHERS["bayer-4"].fill)
    ours, theirs = (quantize_image(PIXELS, n_colors=6, dither=dither) for dither in ("bayer-4", "new"))
    assert ours.indices.tolist() == theirs.indices.tolist()


def test_a_palette_file_is_a_record(add):
    add(FORMATS, "hex", write=lambda palette: ",".join(palette.hexes).encode())
    assert (
        write_palette(Palette(np.array([[0, 0, 0], [255, 255, 255]], np.uint8)), "new") == b"#000000,#ffffff"
    )
