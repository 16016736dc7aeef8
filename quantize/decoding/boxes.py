"""What an AVIF or HEIC says about its main picture's colours, from the boxes that it is made of.

Source: ISO/IEC 14496-12 (boxes), 23008-12 (HEIF: pitm, iprp, ipco, ipma), 23091-2 (the numbers in nclx).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_GAIN_MAPS = (b"tmap", b"urn:com:apple:photo:2020:aux:hdrgainmap", b"urn:iso:std:iso:ts:21496:-1")
_MAX_BOXES = 10_000


def read_nclx(data: bytes) -> tuple[int, int] | None:
    """Read the main picture's colour primaries and transfer characteristics; None if there are none.

    Whatever is wrong with the boxes, the answer is None.
    """
    try:
        meta = _find(data, b"meta")[4:]
        properties = _find(meta, b"iprp")
        numbers = _numbers_of(_find(properties, b"ipma"), _main_item(_find(meta, b"pitm")))
        listed = list(_boxes(_find(properties, b"ipco")))
        for number in numbers:
            kind, body = listed[number - 1] if 0 < number <= len(listed) else (b"", b"")
            if kind == b"colr" and body[:4] == b"nclx":
                return struct.unpack(">HH", body[4:8])
    except (struct.error, LookupError):
        pass
    return None


def has_gain_map(data: bytes) -> bool:
    """Tell whether a further picture says how much brighter the main one is on an HDR screen."""
    try:
        meta = _find(data, b"meta")
    except LookupError:
        return False
    return any(name in meta for name in _GAIN_MAPS)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(_MAX_BOXES):
        if at + 8 > len(data):
            return
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if length == 1:
            (length,), head = struct.unpack(">Q", data[at + 8 : at + 16]), 16
        length = length or len(data) - at
        if length < head:
            return
        yield kind, data[at + head : at + length]
        at += length


def _find(data: bytes, kind: bytes) -> bytes:
    for other, body in _boxes(data):
        if other == kind:
            return body
    raise LookupError(kind)


def _main_item(pitm: bytes) -> int:
    return struct.unpack(">I" if pitm[0] else ">H", pitm[4 : 8 if pitm[0] else 6])[0]


def _numbers_of(ipma: bytes, item: int) -> list[int]:
    """List which properties an item has, as their numbers from 1."""
    version, wide = ipma[0], bool(ipma[3] & 1)
    (count,) = struct.unpack(">I", ipma[4:8])
    at, size = 8, 2 if wide else 1
    for _ in range(min(count, _MAX_BOXES)):
        (this,) = struct.unpack(">I" if version else ">H", ipma[at : at + (4 if version else 2)])
        at += 4 if version else 2
        links, at = ipma[at], at + 1
        if this == item:
            raw = [ipma[at + size * i : at + size * (i + 1)] for i in range(links)]
            return [int.from_bytes(link, "big") & (0x7FFF if wide else 0x7F) for link in raw]
        at += size * links
    raise LookupError(item)
