"""Colour tables without names: RIFF palettes of Windows, and raw ones of games and consoles.

Sources: Microsoft, "Resource Interchange File Format Services" (PAL) and LOGPALETTE; a VGA's table is 256
times R, G, B of 6 bits, as its registers take them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from quantize.palettes.palette import Palette
from quantize.swatches.reading import Entries, is_text, unreadable

VGA_NOTE = "colours of 6 bits a channel, as a VGA has them, were widened to 8"

_VGA_BYTES = 768
_VGA_MOST = 63
_CONSOLE_BYTES = (192, 768, 1536)  # an NES has 64 colours, 512 with its emphasis bits


def is_riff(data: bytes) -> bool:
    """Tell whether it is a RIFF file that says it is a palette."""
    return data.startswith(b"RIFF") and data[8:12] == b"PAL "


def read_riff(data: bytes) -> Palette:
    """Read the palettes of a RIFF file; flags of entries do not count."""
    if not is_riff(data):
        raise unreadable("RIFF", "it must be a RIFF file of type PAL")
    entries = Entries("RIFF")
    for kind, content in _chunks(data):
        if kind == b"data":
            _read_log_palette(content, entries)
    return entries.palette()


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _read_log_palette(content: bytes, entries: Entries) -> None:
    if len(content) < 4:
        raise unreadable("RIFF", "it is cut off")
    count = struct.unpack_from("<H", content, 2)[0]
    if len(content) < 4 + 4 * count:
        raise unreadable("RIFF", f"it ends after {(len(content) - 4) // 4:,} of {count:,} colours")
    for at in range(4, 4 + 4 * count, 4):
        entries.add(content[at : at + 3])


def is_vga(data: bytes) -> bool:
    """Tell whether it is as long as a VGA's table, and all numbers have 6 bits."""
    return len(data) == _VGA_BYTES and max(data) <= _VGA_MOST and not is_text(data)


def is_raw(data: bytes) -> bool:
    """Tell whether it is as long as the table of a VGA or of a console."""
    return len(data) in _CONSOLE_BYTES and not is_text(data)


def read_raw(data: bytes) -> Palette:
    """Read R, G, B after R, G, B: of 6 bits in a VGA's table, else of 8."""
    if len(data) not in _CONSOLE_BYTES:
        raise unreadable("raw", f"it must be 192, 768 or 1,536 bytes long and is {len(data):,}")
    entries, is_narrow = Entries("raw"), is_vga(data)
    for at in range(0, len(data), 3):
        color = data[at : at + 3]
        if is_narrow:
            entries.add([value << 2 | value >> 4 for value in color], "", VGA_NOTE)
        else:
            entries.add(color)
    return entries.palette()
