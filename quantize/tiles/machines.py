"""What machines allow: how large tiles are, how many palettes of how many colours there are, and of which."""

from __future__ import annotations

from dataclasses import dataclass

from quantize.records import Records


@dataclass(frozen=True)
class Machine:
    """One machine.

    Attributes
    ----------
    key, title : str
        Its name on the command line, and in a sentence.
    tile : (int, int)
        Pixels across and down that have one palette.
    n_palettes : int or None
        Palettes at a time; None if every tile has its own.
    n_colors : int
        Entries of one.
    shared : bool
        Whether the first entry is the same in all: the background, or what is transparent.
    levels : int
        Values of red, green and blue.
    table : str or None
        Key of the built-in palette that holds all its colours.
    """

    key: str
    title: str
    tile: tuple[int, int]
    n_palettes: int | None
    n_colors: int
    shared: bool = False
    levels: int = 256
    table: str | None = None


# fmt: off
MACHINES = Records("machine", (
    Machine("nes",           "NES, background",          (16, 16), 4, 4, True, table="nes"),
    Machine("gbc",           "Game Boy Color",           (8, 8), 8, 4, levels=32),
    Machine("snes",          "SNES, 16 colours a tile",  (8, 8), 8, 16, True, levels=32),
    Machine("snes-4",        "SNES, 4 colours a tile",   (8, 8), 8, 4, True, levels=32),
    Machine("gba",           "Game Boy Advance",         (8, 8), 16, 16, True, levels=32),
    Machine("mega-drive",    "Mega Drive",               (8, 8), 4, 16, True, levels=8),
    Machine("master-system", "Master System",            (8, 8), 2, 16, levels=4),
    Machine("pc-engine",     "PC Engine, background",    (8, 8), 16, 16, True, levels=8),
    Machine("c64",           "Commodore 64, multicolour", (4, 8), None, 4, True, table="c64-colodore"),
    Machine("c64-hires",     "Commodore 64, high resolution", (8, 8), None, 2, table="c64-colodore"),
))
# fmt: on
"""By name. Of a Commodore 64's multicolour picture each pixel is twice as wide as high: 160×200 of them.

Sources: NESdev Wiki, "PPU attribute tables", "PPU palettes"; Pan Docs, "Palettes"; SNESdev Wiki,
"Backgrounds", "Palettes"; GBATEK, "LCD Color Palettes"; Sega, "Genesis Technical Overview"; SMS Power!,
"VDP: palette"; A. Charlier and others, "PC Engine: VCE"; C64-Wiki, "Multicolor Bitmap Mode", "Graphics
Modes".
"""
