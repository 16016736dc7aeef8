"""Panels by name: kinds of inks, and what somebody saw them show.

An ink has two colours: what the panel shows, by which pictures are dithered and previewed, and what the
driver wants, which is in the file. Several people measured the same kind, with other panels, lights and
cameras; each set has its name and its source here, and ``shown_as`` makes a panel of one's own.

Whites are as the sets have them: most are measured against white paper under the same light, so that a
panel's white is a light grey.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import hex_colors
from quantize.colors.spaces import SPACES
from quantize.errors import QuantizeError
from quantize.panels.inks import INKS, Inks, read_colors
from quantize.records import Records

USUAL_SIZE = (800, 480)
"""Width and height of the commonest panels, which all kinds of inks have."""


@dataclass(frozen=True)
class Panel:
    """A kind of panel as somebody saw it.

    Attributes
    ----------
    key, title : str
        Its name in code and on the command line, and for people.
    inks : Inks
    shown : tuple of str
        "rrggbb" that each ink shows, in the order of ``inks``.
    source, licence : str
        Who measured or estimated it, where that is published, and on what terms.
    measured : bool
        Whether its source says that it was measured; else it is an estimate.
    inches : tuple of str
        Which of the inks' ``sizes`` its title names, if any.
    """

    key: str
    title: str
    inks: Inks
    shown: tuple[str, ...]
    source: str
    licence: str
    measured: bool = True
    inches: tuple[str, ...] = ()

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Widths and heights of the panels that its title names; else the usual one."""
        found = tuple((width, height) for name, width, height in self.inks.sizes if name in self.inches)
        return found or (USUAL_SIZE,)

    @property
    def colors(self) -> NDArray[np.uint8]:
        """What the inks show, uint8 (k, 3) sRGB."""
        return read_colors(self.shown)

    def shown_as(self, colors: NDArray[np.uint8]) -> Panel:
        """Return the same panel with shown colours of one's own, uint8 (k, 3), in the order of the inks.

        Raises
        ------
        QuantizeError
            If there are more or fewer than inks, two are the same, or white is not lighter than black.
        """
        names = ", ".join(self.inks.names)
        if len(colors) != len(self.inks):
            raise QuantizeError(
                f"shown colours must be {len(self.inks)}, one for each of {names}, got {len(colors)}"
            )
        if len(np.unique(colors, axis=0)) < len(colors):
            raise QuantizeError(f"shown colours of {names} must all be different, got one twice")
        black, white = SPACES["LAB"].to_working(colors[:2])[:, 0]
        if not black + _LEAST_RANGE <= white:
            black_code, white_code = hex_colors(colors[:2])
            raise QuantizeError(
                f"shown colours must have a white clearly lighter than black, in the order of {names}, "
                f"got {black_code} for black and {white_code} for white"
            )
        codes = tuple(bytes(color).hex() for color in colors)
        return replace(self, shown=codes, source="your own", licence="", measured=True)


# Of lightness L*: less is no two inks, but one measured twice.
_LEAST_RANGE = 5.0
_ODL = "OpenDisplay, epaper-dithering 6.1.1 on PyPI and GitHub, measured_palettes.rs"
_TABLE = (
    Panel("bw", "black and white", INKS["bw"], ("050505", "dcdcdc"), f"{_ODL}: MONO_4_26", "MIT", False),
    Panel(
        "bwr", "black, white, red", INKS["bwr"], ("050505", "c8c8c8", "780f05"), f"{_ODL}: SOLUM_BWR", "MIT",
        False,
    ),
    Panel(
        "bwy", "black, white, yellow", INKS["bwy"], ("050505", "c8c8c8", "c8b400"), f"{_ODL}: HANSHOW_BWY",
        "MIT", False,
    ),
    Panel(
        "bwry", "four colours, 3.97 inch", INKS["bwry"], ("0a070e", "adb2ae", "ac8000", "55180e"),
        f"{_ODL}: BWRY_3_97, from a raw photo beside paper, 2026-03-06", "MIT",
        inches=("3.97 g",),
    ),
    Panel(
        "bwry-4.2", "four colours, 4.2 inch", INKS["bwry"], ("050505", "c8c8c8", "c8b400", "780f05"),
        f"{_ODL}: BWRY_4_2", "MIT", False,
        inches=("4.2 g",),
    ),
    Panel(
        "acep", "ACeP, Paperlesspaper", INKS["acep"],
        ("191e21", "f1f1f1", "53a428", "31318f", "d20e13", "f3cf11", "b85e1c"),
        "paperlesspaper/epdoptimize on GitHub, default-palettes.json: acep", "Apache-2.0",
    ),
    Panel(
        "acep-5.7", "ACeP, Inky Impression 4 and 5.7", INKS["acep"],
        ("393039", "ffffff", "3a5b46", "3d3b5e", "9c484b", "d0be47", "b16a49"),
        "pimoroni/inky on GitHub, inky_uc8159.py: SATURATED_PALETTE", "MIT", False,
        inches=("4.01 f", "5.65 f"),
    ),
    Panel(
        "acep-7.3", "ACeP, Inky Impression 7.3", INKS["acep"],
        ("000000", "d9f2ff", "037c4c", "1b2ec6", "f55022", "ffff44", "ef792c"),
        "pimoroni/inky on GitHub, inky_ac073tc1a.py: SATURATED_PALETTE", "MIT", False,
        inches=("7.3 f",),
    ),
    Panel(
        "spectra6", "Spectra 6, 7.3 inch", INKS["spectra6"],
        ("1f1829", "a8b4b6", "b4ad00", "711813", "24468b", "32543c"),
        f"{_ODL}: SPECTRA_7_3_6COLOR_V2, from a raw photo with a linear curve, 2026-03-15", "MIT",
        inches=("7.3 e",),
    ),
    Panel(
        "spectra6-v1", "Spectra 6, 7.3 inch, first measurement", INKS["spectra6"],
        ("1a0d23", "b9cacd", "cab800", "790900", "00458b", "285239"),
        f"{_ODL}: SPECTRA_7_3_6COLOR, from a raw photo at 6500 K, 2026-02-03", "MIT",
        inches=("7.3 e",),
    ),
    Panel(
        "spectra6-photoframe", "Spectra 6, ESP32 photo frame", INKS["spectra6"],
        ("020202", "bec8c8", "cdca00", "871300", "05409e", "27663c"),
        "aitjcize/esp32-photoframe on GitHub, color_palette.c", "MIT",
    ),
    Panel(
        "spectra6-paperless", "Spectra 6, Paperlesspaper", INKS["spectra6"],
        ("1f2226", "b9c7c9", "c1bb1e", "62201e", "233f8e", "35563a"),
        "paperlesspaper/epdoptimize on GitHub, default-palettes.json: spectra6", "Apache-2.0",
    ),
    Panel(
        "spectra6-inky", "Spectra 6, Inky Impression", INKS["spectra6"],
        ("000000", "a1a4a5", "d0be47", "9c484b", "3d3b5e", "3a5b46"),
        "pimoroni/inky on GitHub, inky_e673.py: SATURATED_PALETTE", "MIT", False,
    ),
)  # fmt: skip
PANELS = Records("panel", _TABLE)
find_panel = PANELS.find
