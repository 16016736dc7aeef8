"""Inks of panels as their drivers count them: which number and which pure colour stands for each.

A record for each kind of panel; who measured what such a panel shows is another matter, see ``table``.
Numbers, bits and sizes are those of the maker's own drivers.

Panels of three inks take two planes of one bit: the higher bit of a number is the plane for black, the lower
one that for the third ink, and a bit of 0 is a pixel with that ink, as ``getbuffer`` of the drivers gives it.

Sources: waveshareteam/e-Paper on GitHub, RaspberryPi_JetsonNano/python/lib/waveshare_epd and
E-paper_Separate_Program (MIT); pimoroni/inky on GitHub, inky_e673.py, inky_ac073tc1a.py and inky_jd79668.py
(MIT), which count alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.records import Records


@dataclass(frozen=True)
class Inks:
    """One kind of panel.

    Attributes
    ----------
    key, title : str
        Its name in code, and for people.
    names : tuple of str
        Of the inks; black is the first and white the second.
    numbers : tuple of int
        What the driver calls each, below ``2 ** bits``.
    device : tuple of str
        "rrggbb" of each, as files for the driver have it.
    bits : int
        Of a pixel: 1, 2 or 4.
    planes : bool
        Whether the bits of a number are in planes of their own, one after the other.
    sizes : tuple of (str, int, int)
        Common panels: inches along the diagonal with the letter in Waveshare's names, width and height as the
        driver counts.
    """

    key: str
    title: str
    names: tuple[str, ...]
    numbers: tuple[int, ...]
    device: tuple[str, ...]
    bits: int
    planes: bool
    sizes: tuple[tuple[str, int, int], ...]

    def __len__(self) -> int:
        """Return the number of inks."""
        return len(self.names)

    @property
    def device_colors(self) -> NDArray[np.uint8]:
        """Pure colours of the inks, uint8 (k, 3)."""
        return read_colors(self.device)

    @property
    def device_palette(self) -> NDArray[np.uint8]:
        """Pure colours by number, uint8 (n, 3): a number that is no ink's has the first one's."""
        colors = self.device_colors
        palette = np.repeat(colors[:1], max(self.numbers) + 1, axis=0)
        palette[list(self.numbers)] = colors
        return palette


def inches_in_words(inches: str) -> str:
    """Say what a common panel is called: its inches, and the letter that its maker puts behind them."""
    number, _, letter = inches.partition(" ")
    return f"{number}″" + f" {letter.upper()}" * bool(letter)


def read_colors(codes: tuple[str, ...]) -> NDArray[np.uint8]:
    """Read "rrggbb" codes as colours, uint8 (k, 3)."""
    return np.frombuffer(bytes.fromhex("".join(codes)), np.uint8).reshape(-1, 3)


def _three(key: str, third: str, code: str) -> Inks:
    return Inks(
        key, f"black, white, {third}", ("black", "white", third), (0b01, 0b11, 0b10),
        ("000000", "ffffff", code), 2, True,
        (("1.54 b", 200, 200), ("2.13 b", 122, 250), ("2.7 b", 176, 264), ("2.9 b", 128, 296),
         ("4.2 b", 400, 300), ("5.83 b", 648, 480), ("7.5 b", 800, 480), ("13.3 b", 960, 680)),
    )  # fmt: skip


_TABLE = (
    Inks(
        "bw", "black, white", ("black", "white"), (0, 1), ("000000", "ffffff"), 1, False,
        (("1.54", 200, 200), ("2.13", 122, 250), ("2.7", 176, 264), ("2.9", 128, 296), ("3.7", 280, 480),
         ("4.2", 400, 300), ("4.26", 800, 480), ("5.83", 648, 480), ("7.5", 800, 480), ("13.3 k", 960, 680)),
    ),
    _three("bwr", "red", "ff0000"),
    _three("bwy", "yellow", "ffff00"),
    Inks(
        "bwry", "black, white, yellow, red", ("black", "white", "yellow", "red"), (0, 1, 2, 3),
        ("000000", "ffffff", "ffff00", "ff0000"), 2, False,
        (("1.64 g", 168, 168), ("2.13 g", 122, 250), ("2.36 g", 168, 296), ("3.0 g", 168, 400),
         ("3.97 g", 800, 480), ("4.2 g", 400, 300), ("4.37 g", 512, 368), ("5.79 g", 792, 272),
         ("7.3 g", 800, 480), ("10.2 g", 960, 640)),
    ),
    Inks(
        "acep", "seven colours (ACeP, Gallery Palette)",
        ("black", "white", "green", "blue", "red", "yellow", "orange"), (0, 1, 2, 3, 4, 5, 6),
        ("000000", "ffffff", "00ff00", "0000ff", "ff0000", "ffff00", "ff8000"), 4, False,
        (("4.01 f", 640, 400), ("5.65 f", 600, 448), ("7.3 f", 800, 480)),
    ),
    Inks(
        "spectra6", "six colours (Spectra 6, E6)", ("black", "white", "yellow", "red", "blue", "green"),
        (0, 1, 2, 3, 5, 6), ("000000", "ffffff", "ffff00", "ff0000", "0000ff", "00ff00"), 4, False,
        (("3.6 e", 400, 600), ("4.0 e", 400, 600), ("7.3 e", 800, 480), ("13.3 e", 1200, 1600)),
    ),
)  # fmt: skip
INKS = Records("inks", _TABLE)
