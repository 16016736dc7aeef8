"""What a PNG says around its pixels, and the same PNG with nothing but what its pixels need.

Pillow reads every chunk, and takes long texts, unpackable profiles and wrong check sums in any of them for
damage to the picture. Here the chunks are walked first: what does not concern the pixels is passed over, an
optional chunk whose check sum is wrong is left out, and a missing end is put there, as browsers do.

Source: Portable Network Graphics (Third Edition), W3C 2025, clauses 5, 11 and 13.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PASSED_ON = (b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"eXIf")
_OF_COLORS = (b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM")
_NOTED = (*_OF_COLORS, b"acTL", b"fcTL")
_MAX_PROFILE = 2**22
END = b"\0\0\0\0IEND\xaeB`\x82"


@dataclass
class Png:
    """A PNG's facts: ``clean`` is the file to decode, ``chunks`` the first of each kind that matters."""

    clean: bytes
    chunks: dict[bytes, bytes] = field(default_factory=dict)
    frames: int = 1

    @property
    def depth(self) -> int:
        """Bits of a sample."""
        return self.clean[24]

    @property
    def transparent(self) -> tuple[int, ...] | None:
        """The one transparent grey or colour, in the samples' own depth; None if there is none."""
        count = {0: 1, 2: 3}.get(self.clean[25], 0)
        data = self.chunks.get(b"tRNS", b"")
        if not count or len(data) < 2 * count:
            return None
        return tuple(
            value & (1 << self.depth) - 1 for value in struct.unpack(f">{count}H", data[: 2 * count])
        )


def read_png(data: bytes) -> Png | None:
    """Read the chunks of a PNG; None for other files and for one whose header is broken."""
    if not data.startswith(SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    if zlib.crc32(data[12:29]) != int.from_bytes(data[29:33], "big"):
        return None
    view, kept, pixels = memoryview(data), [memoryview(SIGNATURE)], list[memoryview]()
    png = Png(b"")
    for kind, start, end in walk_chunks(data):
        if kind == b"IDAT":
            pixels += _pixel_chunk(view, start, end)
        elif kind in (*_PASSED_ON, *_NOTED) and _is_whole(view, start, end):
            if kind in png.chunks or (pixels and kind != b"eXIf"):
                continue
            png.chunks[kind] = data[start:end]
            if kind in _PASSED_ON:
                kept.append(view[start - 8 : end + 4])
    png.frames = _count_frames(png.chunks)
    png.clean = b"".join((*kept, *pixels, END))
    return png


def table_picture(data: bytes) -> bytes | None:
    """Write an indexed PNG's table as a PNG of one row, with all that the file says of colours.

    None for other files, and for tables that cannot be.
    """
    png = read_png(data)
    table = png.chunks.get(b"PLTE", b"") if png else b""
    count = len(table) // 3
    if png is None or png.clean[25] != 3 or not 1 <= count <= 1 << png.depth:
        return None
    parts = [SIGNATURE, write_chunk(b"IHDR", struct.pack(">IIBBBBB", count, 1, 8, 3, 0, 0, 0))]
    parts += [write_chunk(kind, part) for kind, part in png.chunks.items() if kind in _OF_COLORS]
    parts += [
        write_chunk(b"PLTE", table[: 3 * count]),
        write_chunk(b"tRNS", png.chunks.get(b"tRNS", b"")[:count]),
        write_chunk(b"IDAT", zlib.compress(bytes([0, *range(count)]))),
    ]
    return b"".join([*parts, END])


def write_chunk(kind: bytes, data: bytes) -> bytes:
    """Write a chunk: length, kind of four letters, data and check sum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def profile_of(png: Png) -> bytes | None:
    """Unpack the ICC profile; empty if it is there and cannot be used, None if there is none."""
    packed = png.chunks.get(b"iCCP")
    if packed is None:
        return None
    _, _, rest = packed.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(rest[1:], _MAX_PROFILE)
    except zlib.error:
        return b""
    return profile if unpacker.eof and rest[:1] == b"\0" else b""


def walk_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """List kind, start and end of the data of every chunk; the last may be cut off."""
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if kind == b"IEND" or not kind.isalpha():
            return
        yield kind, at + 8, at + 8 + length
        at += 12 + length


def _pixel_chunk(view: memoryview, start: int, end: int) -> tuple[memoryview, ...]:
    """Keep a chunk of pixels as it is, or make it shorter where it is cut off."""
    if end + 4 <= len(view):
        return (view[start - 8 : end + 4],)
    part = view[start:end]
    head, check = struct.pack(">I4s", len(part), b"IDAT"), zlib.crc32(part, zlib.crc32(b"IDAT"))
    return memoryview(head), part, memoryview(check.to_bytes(4, "big"))


def _is_whole(view: memoryview, start: int, end: int) -> bool:
    """Tell whether a chunk's check sum fits; one of these kinds that is cut off has none."""
    return zlib.crc32(view[start - 4 : end]) == int.from_bytes(view[end : end + 4], "big")


def _count_frames(chunks: dict[bytes, bytes]) -> int:
    """Count frames of an animation; a picture before them that is none of them counts as well."""
    control = chunks.get(b"acTL", b"")
    count = int.from_bytes(control[:4], "big") if len(control) >= 8 else 0
    return max(1, count + (count > 0 and b"fcTL" not in chunks))
