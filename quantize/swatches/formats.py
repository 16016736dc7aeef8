"""Palette files of other programs, both ways: one record for each format.

>>> palette = read_palette(Path("brand.ase").read_bytes(), "brand.ase")  # doctest: +SKIP
>>> Path("brand.gpl").write_bytes(write_palette(palette, "gpl"))  # doctest: +SKIP

The formats themselves are in ``swatches_adobe``, ``swatches_lines``, ``swatches_code``, ``swatches_tokens``,
``swatches_pictures`` and ``swatches_procreate``; a new one is a writer, a reader, a test of its beginning and
a record here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.records import Records
from quantize.swatches import adobe, code, lines, pictures, procreate, tokens
from quantize.swatches.reading import MAX_FILE_BYTES


@dataclass(frozen=True)
class Format:
    """One kind of palette file.

    Attributes
    ----------
    key, title : str
        Its name in code and on the command line, and on screen.
    extension, mime : str
        How its files' names end, dot included, and their media type.
    names : str
        What becomes of names: "kept", "identifiers" (lower case, words joined by "-") or "lost".
    write : callable
        Palette → bytes.
    read : callable
        bytes → Palette, or QuantizeError for any bytes that are none of it.
    recognises : callable
        bytes → bool: whether they are meant to be of this format. Quick; says nothing of damage.
    """

    key: str
    title: str
    extension: str
    mime: str
    names: str
    write: Callable[[Palette], bytes]
    read: Callable[[bytes], Palette]
    recognises: Callable[[bytes], bool]


def _is_ase(data: bytes) -> bool:
    return data.startswith(b"ASEF")


# fmt: off
_TABLE = (
    Format("ase", "Adobe Swatch Exchange", ".ase", "application/octet-stream", "kept",
           adobe.write_ase, adobe.read_ase, _is_ase),
    Format("aco", "Photoshop swatches", ".aco", "application/octet-stream", "kept",
           adobe.write_aco, adobe.read_aco, adobe.is_aco),
    Format("act", "Photoshop colour table", ".act", "application/octet-stream", "lost",
           adobe.write_act, adobe.read_act, adobe.is_act),
    Format("gpl", "GIMP, Inkscape, Krita", ".gpl", "application/x-gimp-palette", "kept",
           lines.write_gpl, lines.read_gpl, lines.is_gpl),
    Format("jasc", "JASC PAL", ".pal", "text/plain", "lost",
           lines.write_jasc, lines.read_jasc, lines.is_jasc),
    Format("hex", "HEX (Lospec)", ".hex", "text/plain", "lost",
           lines.write_hex, lines.read_hex, lines.is_hex),
    Format("json", "Design tokens", ".tokens.json", "application/design-tokens+json", "kept",
           tokens.write_json, tokens.read_json, tokens.is_json),
    Format("css", "CSS variables", ".css", "text/css", "identifiers",
           code.write_css, code.read_css, code.is_css),
    Format("scss", "SCSS variables", ".scss", "text/x-scss", "identifiers",
           code.write_scss, code.read_scss, code.is_scss),
    Format("tailwind", "Tailwind 4 theme", ".css", "text/css", "identifiers",
           code.write_tailwind, code.read_tailwind, code.is_tailwind),
    Format("png", "PNG strip", ".png", "image/png", "lost",
           pictures.write_png, pictures.read_png, pictures.is_png),
    Format("svg", "SVG", ".svg", "image/svg+xml", "kept",
           pictures.write_svg, pictures.read_svg, pictures.is_svg),
    Format("procreate", "Procreate", ".swatches", "application/octet-stream", "lost",
           procreate.write_procreate, procreate.read_procreate, procreate.is_procreate),
)
# fmt: on
FORMATS = Records("format", _TABLE)
find_format = FORMATS.find


def format_of_name(filename: str) -> Format | None:
    """Find the format whose files end like this name, of several the first in the table, or None."""
    return next((format_ for format_ in _TABLE if _ends_like(filename, format_)), None)


def write_palette(palette: Palette, key: str) -> bytes:
    """Write a palette file.

    Parameters
    ----------
    palette : Palette
        Its order is kept. ``Format.names`` says what becomes of names; shares are not written.
    key : str
        A key of FORMATS.

    Raises
    ------
    QuantizeError
        If there is no such format, or it cannot hold so many colours.
    """
    return find_format(key).write(palette)


def read_palette(data: bytes, filename: str | None = None) -> Palette:
    """Read a palette file of any of FORMATS, told by its content and, where that leaves doubt, its name.

    Parameters
    ----------
    data : bytes
        At most 1 MB.
    filename : str, optional
        Its name or path; only the ending counts.

    Returns
    -------
    Palette
        As many entries as the file has, up to 4,096; ``notes`` say what was converted.

    Raises
    ------
    QuantizeError
        If it is too large, empty, of another kind or damaged.
    """
    if len(data) > MAX_FILE_BYTES:
        raise QuantizeError(
            f"palette file must be at most {MAX_FILE_BYTES // 1_000_000} MB, got {len(data) / 1e6:.1f} MB: "
            "export fewer colours"
        )
    if not data:
        raise QuantizeError("palette file must hold a palette, got an empty file: export it again")
    likely = [format_ for format_ in _TABLE if format_.recognises(data)]
    named = [format_ for format_ in _TABLE if filename and _ends_like(filename, format_)]
    chosen = [format_ for format_ in named if format_ in likely] or likely or named
    if not chosen:
        endings = ", ".join(dict.fromkeys(_ending(format_.extension) for format_ in _TABLE))
        raise QuantizeError(
            f"palette file must be one of {endings}, got another kind: export it as one of these"
        )
    return chosen[0].read(data)


def _ends_like(filename: str, format_: Format) -> bool:
    return _ending(filename) == _ending(format_.extension)


def _ending(name: str) -> str:
    """Find the last ending of a file's name; that of ".ase" is ".ase", unlike what ``pathlib`` says."""
    return f".{name.rpartition('.')[2].lower()}"
