"""Draw the gallery, ``gallery.md`` and its files in ``pictures/gallery``: ``python -m docs.draw_gallery``.

Parts of the sample pictures go through the command line, and every result stands above the command that
made it.
"""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from quantize import Picture
from quantize.__main__ import main
from quantize.decoding.samples import find_sample, load_sample
from quantize.sizing.shrinking import Aim, shrink

HERE = Path(__file__).parent
FOLDER = HERE / "pictures" / "gallery"
SIZE = WIDTH, HEIGHT = 300, 225
COLUMNS = 2
ORIGINAL_BYTES = 20_000
SHOWS = ("--preview", "--solution", "-o")
"""Options that name a file; the first that a command has is of what is shown."""


@dataclass(frozen=True)
class Shown:
    """A sample, the upper left corner of the part that is shown, and what is made of it.

    ``made`` has a caption and a command for each result; ``SHOWS`` tells which of its files is shown.
    """

    sample: str
    corner: tuple[int, int]
    said: str
    made: tuple[tuple[str, str], ...]


SHOWN = (
    Shown("coffee", (130, 60), "How many colours, and how they are mixed.", (
        ("4 colours", "quantize coffee.png -k 4 -o coffee-4.png"),
        ("16 colours, each pixel the nearest one", "quantize coffee.png -k 16 -o coffee-16.png"),
        ("16 colours, preset looks", "quantize coffee.png -k 16 --preset looks -o coffee-looks.png"),
        ("16 colours, preset best-looks", "quantize coffee.png -k 16 --preset best-looks -o coffee-best.png"),
        ("64 colours, preset small", "quantize coffee.png -k 64 --preset small -o coffee-small.png"),
    )),
    Shown("astronaut", (70, 0), "Colours that somebody else chose.", (
        ("The 16 colours of PICO-8, dithered",
         "quantize map astronaut.png --palette pico-8 --dither bayer-4 -o astronaut-pico.png"),
        ("24 of Hama's beads",
         "quantize map astronaut.png --palette hama --best 24 --space LAB -o astronaut-hama.png"),
        ("Tiles of a Game Boy Color: 8 palettes of 4 colours",
         "quantize tiles astronaut.png --machine gbc -o astronaut-gbc.png"),
        ("Six inks of an e-paper panel, as one sees them",
         "quantize panel astronaut.png --panel spectra6 --size 300x225 --preview astronaut-panel.png "
         "-o astronaut.bin"),
        ("Black and white, by blue noise",
         "quantize map astronaut.png --palette '#000,#fff' --dither blue-noise -o astronaut-noise.png"),
    )),
    Shown("cat", (70, 20), "Regions, to cut out or to paint.", (
        ("A poster in 8 colours, as SVG: sharp at any size",
         "quantize segments cat.png -k 8 --smallest 60 -o cat-poster.svg"),
        ("12 colours, found in LAB", "quantize cat.png -k 12 --space LAB -o cat-lab.png"),
        ("Paint by numbers, for a brush of 6 mm: the sheet",
         "quantize numbers cat.png -k 12 --brush 6 -o cat-sheet.svg"),
        ("The same, painted",
         "quantize numbers cat.png -k 12 --brush 6 -o cat-sheet.svg --solution cat-painted.svg"),
    )),
)  # fmt: skip


def draw() -> None:
    """Draw all results and write the page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    (HERE / "gallery.md").write_text("\n".join(_lines()), encoding="utf-8")


def _lines() -> Iterator[str]:
    yield "# Gallery\n"
    yield "Parts of the sample pictures, pixel for pixel. The command under a result is the one that made it."
    yield "`python -m docs.draw_gallery` wrote this page.\n"
    for shown in SHOWN:
        yield from _part(shown)


def _part(shown: Shown) -> Iterator[str]:
    sample = find_sample(shown.sample)
    yield f"## {sample.title}\n\n{shown.said} {sample.credit}\n"
    (left, top), (width, height) = shown.corner, SIZE
    pixels = load_sample(shown.sample).pixels[top : top + height, left : left + width]
    original = shrink(Picture.from_pixels(pixels), Aim("webp", n_bytes=ORIGINAL_BYTES))
    (FOLDER / f"{shown.sample}.webp").write_bytes(original.data)
    cells = [_cell(f"{shown.sample}.webp", "The original")]
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Image.fromarray(pixels).save(f"{shown.sample}.png")
        cells += [_make(caption, command) for caption, command in shown.made]
    yield "| " * COLUMNS + "|\n" + "|---" * COLUMNS + "|"
    for start in range(0, len(cells), COLUMNS):
        yield "| " + " | ".join(cells[start : start + COLUMNS]) + " |"
    yield ""


def _make(caption: str, command: str) -> str:
    """Run a command and keep its file; the cell that shows it."""
    words = shlex.split(command)[1:]
    try:
        main(words)
    except SystemExit as done:
        if done.code:
            raise
    named = [
        words[words.index(option) + 1] for option in ("--preview", "--solution", "-o") if option in words
    ]
    data = Path(named[0]).read_bytes()
    (FOLDER / named[0]).write_bytes(data)
    return _cell(named[0], caption, f"; {len(data) / 1000:.0f} kB<br>`{command}`")


def _cell(file: str, caption: str, more: str = "") -> str:
    return f"![{caption}](pictures/gallery/{file})<br>{caption}{more}"


if __name__ == "__main__":
    draw()
