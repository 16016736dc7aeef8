"""Palette files of other programs, both ways: one record for each format.

>>> palette = read_palette(Path("brand.ase").read_bytes(), "brand.ase")  # doctest: +SKIP
>>> Path("brand.gpl").write_bytes(write_palette(palette, "gpl"))  # doctest: +SKIP

A module each holds a family of formats; a new one is a reader, a test of its beginning, perhaps a writer, and
a record here: of FORMATS if it is written, of READERS if it is only read.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from quantize.errors import QuantizeError, too_many_mb
from quantize.limits import MAX_PALETTE_BYTES
from quantize.palettes.palette import Palette
from quantize.records import Records
from quantize.swatches import (
    adobe,
    code,
    codes,
    documents,
    krita,
    lines,
    pasted,
    pictures,
    procreate,
    svg,
    tables,
    tokens,
)  # fmt: skip
from quantize.swatches.reading import is_text


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


@dataclass(frozen=True)
class Reader:
    """One kind of palette file that is only read; attributes as those of Format."""

    key: str
    title: str
    extension: str
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
           codes.write_hex, codes.read_hex, codes.is_hex),
    Format("json", "Design tokens", ".tokens.json", "application/design-tokens+json", "kept",
           tokens.write_json, tokens.read_json, tokens.is_json),
    Format("css", "CSS variables", ".css", "text/css", "identifiers",
           code.write_css, code.read_css, code.is_css),
    Format("scss", "SCSS variables", ".scss", "text/x-scss", "identifiers",
           code.write_scss, code.read_scss, code.is_scss),
    Format("tailwind", "Tailwind 4 theme", ".tailwind.css", "text/css", "identifiers",
           code.write_tailwind, code.read_tailwind, code.is_tailwind),
    Format("png", "PNG strip", ".png", "image/png", "lost",
           pictures.write_png, pictures.read_png, pictures.is_png),
    Format("svg", "SVG", ".svg", "image/svg+xml", "kept",
           svg.write_svg, svg.read_svg, svg.is_svg),
    Format("procreate", "Procreate", ".swatches", "application/octet-stream", "lost",
           procreate.write_procreate, procreate.read_procreate, procreate.is_procreate),
)

# Behind all of these: what is told by little goes last.
_READ_ONLY = (
    Reader("krita", "Krita", ".kpl", krita.read_krita, krita.is_krita),
    Reader("riff", "RIFF PAL", ".pal", tables.read_riff, tables.is_riff),
    Reader("corel", "CorelDRAW PAL", ".pal", lines.read_corel, lines.is_corel),
    Reader("raw", "Raw PAL", ".pal", tables.read_raw, tables.is_raw),
    Reader("paintnet", "Paint.NET", ".txt", codes.read_paint_net, codes.is_paint_net),
    Reader("soc", "LibreOffice", ".soc", documents.read_document, documents.is_document),
    Reader("xml", "XML", ".xml", documents.read_document, documents.is_document),
    Reader("less", "LESS variables", ".less", code.read_less, code.is_less),
    Reader("list", "Text", ".txt", pasted.read_list, pasted.is_list),
)
# fmt: on
_VGA = Reader("vga", "VGA PAL", ".pal", tables.read_raw, tables.is_vga)  # a dark ACT, if not so called
READERS: tuple[Format | Reader, ...] = (_VGA, *_TABLE, *_READ_ONLY)
"""What is read, in the order in which it is tried."""

FORMATS = Records("format", _TABLE)
find_format = FORMATS.find


def format_of_name(filename: str) -> Format | None:
    """Find the format whose files end like this name: by the whole ending, else the first, or None."""
    found = [format_ for format_ in _TABLE if _ends_like(filename, format_)]
    whole = [format_ for format_ in found if filename.lower().endswith(format_.extension)]
    return max(whole or found[:1], key=lambda format_: len(format_.extension), default=None)


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


def is_palette(data: bytes, filename: str) -> bool:
    """Tell whether a file is meant to be a palette, and no picture of pixels."""
    return is_recognised(data, "png") or any(
        _ends_like(filename, reader) and _is_said(reader) for reader in READERS if reader.key != "png"
    )


def is_recognised(data: bytes, *but: str) -> bool:
    """Tell whether a file's content, whatever its name, is that of a palette of any kind but these keys."""
    data = _in_utf8(data)
    return any(reader.recognises(data) for reader in READERS if reader.key not in but)


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
    if len(data) > MAX_PALETTE_BYTES:
        raise QuantizeError(
            f"palette file must be at most {MAX_PALETTE_BYTES // 1_000_000} MB, "
            f"got {too_many_mb(len(data), 10**6)}: export fewer colours"
        )
    if not data:
        raise QuantizeError("palette file must hold a palette, got an empty file: export it again")
    data = _in_utf8(data)
    likely = [reader for reader in READERS if reader.recognises(data)]
    named = [reader for reader in READERS if filename and _ends_like(filename, reader)]
    said = sorted(filter(_is_said, named), key=lambda reader: reader not in _TABLE)
    chosen = [reader for reader in named if reader in likely] or likely or said
    if not chosen:
        endings = ", ".join(dict.fromkeys(_ending(reader.extension) for reader in (*_TABLE, *READERS)))
        raise QuantizeError(
            f"palette file must be one of {endings}, got another kind: export it as one of these"
        )
    return chosen[0].read(data)


def read_endings() -> list[str]:
    """List the endings of the files that are read, without the dot, in alphabetical order."""
    return sorted({_ending(reader.extension)[1:] for reader in READERS})


def _in_utf8(data: bytes) -> bytes:
    """Turn a text in UTF-16, as programs of Windows write it, into UTF-8; anything else stays."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            text = data.decode("utf-16").encode()
            return text if is_text(text) else data
    return data


def _is_said(reader: Format | Reader) -> bool:
    """Tell whether the ending of a file's name is enough to say that it is meant to be of this kind."""
    return reader.extension not in (".txt", ".xml")


def _ends_like(filename: str, reader: Format | Reader) -> bool:
    return _ending(filename) == _ending(reader.extension)


def _ending(name: str) -> str:
    """Find the last ending of a file's name; that of ".ase" is ".ase", unlike what ``pathlib`` says."""
    return f".{name.rpartition('.')[2].lower()}"
