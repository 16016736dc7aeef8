"""What the page about panels makes of a picture: through the cache, and in turns."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pages import _cache, _state
from pages._choices import Choices
from pages._inks import panel_inks, shown_inks
from pages._references import PictureRef
from quantize import QuantizeError
from quantize.colors.hexadecimal import hex_colors, parse_hex
from quantize.dithering.dither import DITHERS
from quantize.panels.files import PANEL_FORMATS, PREVIEW_FORMATS
from quantize.panels.fitting import fit_picture
from quantize.panels.showing import OnPanel, show_on_panel
from quantize.panels.table import PANELS, Panel
from quantize.rendering.encode import encode_png
from quantize.rendering.previews import encode_original

MOST_PIXELS = 1 << 22
"""Of a panel on this page; the largest that are sold have a few less."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be made.

    Attributes
    ----------
    picture : PictureRef
    panel : Panel
        With what the visitor says that it shows.
    size : (int, int)
        Width and height as its driver counts.
    how : tuple of (str, value)
        The rest, by the names of ``show_on_panel``.
    """

    picture: PictureRef
    panel: Panel
    size: tuple[int, int]
    how: tuple[tuple[str, Any], ...]

    @property
    def key(self) -> tuple[object, ...]:
        """Tells it from others."""
        return self.picture.digest, self.panel.key, self.panel.shown, self.size, self.how

    @property
    def seen_size(self) -> tuple[int, int]:
        """Width and height as one sees it."""
        width, height = self.size
        return (height, width) if dict(self.how)["rotate"] % 180 else self.size


def read_wanted(picture: PictureRef, record: Choices) -> Wanted:
    """Read what a visitor chose.

    Raises
    ------
    QuantizeError
        If the size is more than this page makes, or the shown colours cannot be a panel's.
    """
    width, height = record.panel_size
    if width * height > MOST_PIXELS:
        raise QuantizeError(
            f"size must have at most {MOST_PIXELS // 2**20} megapixels on this page, got {width:,}×{height:,}"
            ": the command line makes larger ones"
        )
    panel, inks = PANELS[record.panel], shown_inks(record)
    if inks != panel_inks(record):
        panel = panel.shown_as(np.array([parse_hex(code) for code in inks], np.uint8))
    how: dict[str, Any] = {"fit": record.panel_fit, "rotate": record.panel_turn}
    how |= {"prepare": record.tone != "as-is", "dither": record.panel_dither}
    if record.tone == "curve":
        how["curve"] = record.curve
    if DITHERS[record.panel_dither].fill is not None:
        how |= {"strength": record.panel_strength, "light": record.panel_light}
    return Wanted(picture, panel, record.panel_size, tuple(how.items()))


def name_options(wanted: Wanted) -> dict[str, Any]:
    """Name what is wanted as options of the command line, with their values."""
    how, width, height = dict(wanted.how), *wanted.size
    options = {"--panel": wanted.panel.key, "--size": f"{width}x{height}"}
    if wanted.panel.shown != PANELS[wanted.panel.key].shown:
        options["--shown"] = ",".join(hex_colors(wanted.panel.colors))
    return {
        **options, "--fit": how["fit"], "--rotate": how["rotate"], "--as-is": not how["prepare"],
        **{f"--{name}": how.get(name) for name in ("curve", "dither", "strength", "light")},
    }  # fmt: skip


def make(
    wanted: Wanted, tell: Callable[[], object] = _cache.nothing, checkpoint: _cache.Checkpoint | None = None
) -> OnPanel:
    """Make it; ``tell`` is called before, unless it is there already.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """

    def show(timed: _cache.Checkpoint) -> OnPanel:
        tell()
        opened = _cache.open_picture(wanted.picture)
        return show_on_panel(opened, wanted.panel, wanted.size, checkpoint=timed, **dict(wanted.how))

    return _cache.kept_of_steps(("panel", *wanted.key), show, checkpoint or _state.checkpoint())


def draw_original(wanted: Wanted) -> bytes:
    """Draw the picture as it was cut to the panel's size, around it white."""
    fit = dict(wanted.how)["fit"]

    def draw() -> bytes:
        fitted = fit_picture(_cache.open_picture(wanted.picture), wanted.seen_size, fit)
        return encode_original(fitted.on_ground(fitted.content, np.full(3, 255, np.uint8)))[0]

    return _cache.kept(("panel original", wanted.picture.digest, wanted.seen_size, fit), draw)


def draw_preview(wanted: Wanted) -> bytes:
    """Draw what one will see, for the viewer."""

    def draw() -> bytes:
        made = make(wanted)
        return encode_png(made.panel.colors, made.indices, optimize=False)

    return _cache.kept(("panel shown", *wanted.key), draw)


def write_file(wanted: Wanted, ending: str) -> bytes:
    """Write the file for the driver."""

    def write() -> bytes:
        made = make(wanted, checkpoint=_cache.nothing)
        return PANEL_FORMATS.find(ending).write(made.numbers, made.panel.inks)

    return _cache.kept(("panel file", ending, *wanted.key), write)


def write_preview(wanted: Wanted) -> bytes:
    """Write what one will see, as a file to keep."""

    def write() -> bytes:
        made = make(wanted, checkpoint=_cache.nothing)
        return PREVIEW_FORMATS.find(".png").write(made.panel.colors, made.indices)

    return _cache.kept(("panel preview", *wanted.key), write)


def offered(wanted: Wanted) -> list[tuple[str, str, Callable[[], bytes], str, str]]:
    """List the files that are offered: label, kind in words, what makes each, end of its name, its type."""
    files = [
        (f"Download {label}", PANEL_FORMATS[ending].title, partial(write_file, wanted, ending), ending, mime)
        for ending, label, mime in (
            (".png", "PNG", "image/png"),
            (".bmp", "BMP", "image/bmp"),
            (".bin", ".bin", "application/octet-stream"),
        )
    ]
    seen = "what one sees, in the colours that the panel shows"
    return [*files, ("Download preview", seen, partial(write_preview, wanted), "-preview.png", "image/png")]
