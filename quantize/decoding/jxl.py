"""How large a JPEG XL picture is, read before its decoder unpacks it, which it does at once.

Source: ISO/IEC 18181-1:2024, annex D (SizeHeader); 18181-2 (boxes jxlc and jxlp).
"""

from __future__ import annotations

_RATIOS = {1: (1, 1), 2: (6, 5), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_MAX_BOXES = 1000


def jxl_size(data: bytes) -> tuple[int, int] | None:
    """Read width and height as stored; None where no header is found."""
    stream = data if data.startswith(b"\xff\x0a") else _codestream(data)
    if not stream.startswith(b"\xff\x0a"):
        return None
    bits = _Bits(stream[2:20])
    small = bits.take(1)
    height = _side(bits, small)
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio]
        return height * across // down, height
    return _side(bits, small), height


def _side(bits: _Bits, small: int) -> int:
    if small:
        return 8 * (bits.take(5) + 1)
    return bits.take((9, 13, 18, 30)[bits.take(2)]) + 1


def _codestream(data: bytes) -> bytes:
    """Find where the picture begins in a file of boxes."""
    at = 0
    for _ in range(_MAX_BOXES):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        head = 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if kind in (b"jxlc", b"jxlp"):
            start = at + head + (4 if kind == b"jxlp" else 0)
            return data[start : start + 20]
        if length < head:
            break
        at += length
    return b""


class _Bits:
    """Bits in the order in which JPEG XL packs them: from the lowest of each byte."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        """Take the next ``count`` bits as a number; zeros behind the end."""
        taken = self._number & (1 << count) - 1
        self._number >>= count
        return taken
