"""Adobe's palette files: ASE (swatch exchange), ACO (Photoshop swatches), ACT (colour table).

All numbers are big-endian, names UTF-16 with a closing zero. RGB is written; CMYK, Lab, HSB and grey are
read too.

Sources: Adobe, "Photoshop File Formats Specification" (2019), sections "Color swatches" and "Color
table"; ASE has no published specification: O. Berten's and C. Camera's descriptions, and files of
other programs in the tests. Grey in ACO is ink (10000 is black), as Photoshop's panel counts and GIMP
reads it; the specification leaves that open.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.swatches.reading import (
    CMYK_NOTE,
    LAB_NOTE,
    Entries,
    Found,
    is_text,
    parse_cmyk,
    parse_hsb,
    parse_lab,
    unreadable,
)

_GROUP_START, _COLOR = 0xC001, 0x0001
_NORMAL = 2  # neither a spot colour nor one that changes everywhere at once
_ACT_COLORS = 3 * 256


class _Cursor:
    """Reads fields one after the other, and says so when the file ends too early."""

    def __init__(self, data: bytes, title: str) -> None:
        self.data, self.title, self.at = data, title, 0

    def take(self, layout: str) -> tuple:
        """Unpack big-endian fields; ``layout`` as in ``struct``."""
        fields = struct.Struct(">" + layout)
        return fields.unpack(self.take_bytes(fields.size))

    def take_bytes(self, size: int) -> bytes:
        piece = self.data[self.at : self.at + size]
        if len(piece) < size:
            raise unreadable(self.title, "it is cut off")
        self.at += size
        return piece

    def take_name(self, units: int) -> str:
        """Read a name of so many UTF-16 units, its closing zero among them."""
        return self.take_bytes(2 * units).decode("utf-16-be", "replace")


def _names(palette: Palette) -> list[str]:
    """Find names, where they show in a list: the colour's code where there is none."""
    named = zip(palette.names or [""] * len(palette), palette.hexes, strict=True)
    return [name or code for name, code in named]


def _pack_name(name: str, length: str) -> bytes:
    text = name.encode("utf-16-be") + b"\0\0"
    return struct.pack(">" + length, len(text) // 2) + text


def write_ase(palette: Palette) -> bytes:
    """Write an ASE file: RGB colours, no groups."""
    blocks = [
        _pack_name(name, "H") + b"RGB " + struct.pack(">3fH", *(color / 255), _NORMAL)
        for name, color in zip(_names(palette), palette.colors, strict=True)
    ]
    head = b"ASEF" + struct.pack(">HHI", 1, 0, len(blocks))
    return head + b"".join(struct.pack(">HI", _COLOR, len(block)) + block for block in blocks)


def read_ase(data: bytes) -> Palette:
    """Read an ASE file; groups are read through, one after the other."""
    entries, file = Entries("ASE"), _Cursor(data, "ASE")
    if file.take_bytes(4) != b"ASEF":
        raise unreadable("ASE", 'it does not begin with "ASEF"')
    _, _, n_blocks = file.take("HHI")
    for _ in range(n_blocks):
        if file.at == len(data) and entries.colors:
            break  # some programs do not count as they write
        kind, size = file.take("HI")
        block = _Cursor(file.take_bytes(size), "ASE")
        if kind == _COLOR:
            _read_ase_color(block, entries)
    return entries.palette()


def _read_ase_color(block: _Cursor, entries: Entries) -> None:
    name = block.take_name(*block.take("H"))
    model = block.take_bytes(4).decode("latin-1").strip().upper()
    if model == "RGB":
        entries.add([255 * value for value in block.take("3f")], name)
    elif model == "CMYK":
        entries.add(parse_cmyk(*block.take("4f")), name, CMYK_NOTE)
    elif model == "LAB":
        lightness, a, b = block.take("3f")
        entries.add(parse_lab(100 * lightness, a, b), name, LAB_NOTE)
    elif model == "GRAY":
        entries.add([255 * block.take("f")[0]] * 3, name)
    else:
        entries.pass_over("their colour models are none of RGB, CMYK, LAB and Gray")


def write_aco(palette: Palette) -> bytes:
    """Write an ACO file: version 1 for old programs, then version 2 with names."""
    count = len(palette)
    colors = [
        struct.pack(">5H", 0, *(257 * value for value in color), 0) for color in palette.colors.tolist()
    ]
    named = [color + _pack_name(name, "I") for color, name in zip(colors, _names(palette), strict=True)]
    return struct.pack(">2H", 1, count) + b"".join(colors) + struct.pack(">2H", 2, count) + b"".join(named)


def is_aco(data: bytes) -> bool:
    """Tell whether the sizes fit: version 1 up to the end or up to version 2, or version 2 alone."""
    if len(data) < 14:
        return False
    version, count = struct.unpack_from(">2H", data)
    end = 4 + 10 * count
    if version == 1 and count:
        return len(data) == end or data[end : end + 2] == b"\0\2"
    return version == 2 and len(data) >= 4 + 16 * count > 4


def read_aco(data: bytes) -> Palette:
    """Read an ACO file: its version 2 if it has one, else version 1, which has no names."""
    file = _Cursor(data, "ACO")
    version, count = file.take("2H")
    if version == 1:
        entries = _read_aco_part(file, count, named=False)
        if file.at + 4 > len(data) or file.take("H") != (2,):
            return entries.palette()
        (count,) = file.take("H")
    elif version != 2:
        raise unreadable("ACO", f"its version must be 1 or 2 and is {version}")
    return _read_aco_part(file, count, named=True).palette()


def _read_aco_part(file: _Cursor, count: int, named: bool) -> Entries:
    entries = Entries("ACO")
    for _ in range(count):
        found = _read_aco_color(*file.take("5H"))
        name = file.take_name(*file.take("I")) if named else ""
        if found is None:
            entries.pass_over("their colour spaces are a maker's own")
        else:
            entries.add(found[0], name, *found[1])
    return entries


def _read_aco_color(space: int, *words: int) -> Found | None:
    """Read a colour and notes; None for a space of inks that only their maker knows."""
    unit = [word / 65535 for word in words]
    if space == 0:
        return tuple(255 * value for value in unit[:3]), ()
    if space == 1:
        return parse_hsb(*unit[:3]), ()
    if space == 2:
        return parse_cmyk(*(1 - value for value in unit)), (CMYK_NOTE,)
    if space == 7:
        a, b = (word - 65536 if word > 32767 else word for word in words[1:3])
        return parse_lab(words[0] / 100, a / 100, b / 100), (LAB_NOTE,)
    if space == 8:
        return (255 * (1 - words[0] / 10000),) * 3, ()
    if space == 9:
        return parse_cmyk(*(1 - word / 10000 for word in words)), (CMYK_NOTE,)
    return None


def write_act(palette: Palette) -> bytes:
    """Write an ACT file: 256 colours, black where there are fewer, how many count, none transparent."""
    if len(palette) > 256:
        raise QuantizeError(f"ACT palettes hold at most 256 colours, got {len(palette):,}: choose fewer")
    return palette.colors.tobytes().ljust(_ACT_COLORS, b"\0") + struct.pack(">2H", len(palette), 0xFFFF)


def is_act(data: bytes) -> bool:
    """Tell whether the length is that of an ACT file, which has no other mark, and it is no text."""
    return len(data) in (_ACT_COLORS, _ACT_COLORS + 4) and not is_text(data)


def read_act(data: bytes) -> Palette:
    """Read an ACT file: 256 colours, or as many as its last bytes say."""
    if len(data) not in (_ACT_COLORS, _ACT_COLORS + 4):
        raise unreadable("ACT", f"it must be 768 or 772 bytes long and is {len(data):,}")
    count = 256
    if len(data) > _ACT_COLORS:
        said = struct.unpack_from(">H", data, _ACT_COLORS)[0]
        count = said if 1 <= said <= 256 else 256
    entries = Entries("ACT")
    for color in _triples(data[: 3 * count]):
        entries.add(color)
    return entries.palette()


def _triples(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 3] for at in range(0, len(data), 3))
