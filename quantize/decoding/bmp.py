"""What a BMP's header says of transparency and colour, which Pillow does not read.

Calibration by endpoints and gammas is passed over, as browsers do: programs leave nonsense there.

Source: Microsoft, BITMAPV4HEADER and BITMAPV5HEADER (Windows GDI).
"""

from __future__ import annotations

import struct

from PIL import ImageFile

_EMBEDDED = 0x4D424544
_V4, _V5 = 108, 124
_NO_COMPRESSION = 0


def show_alpha(image: ImageFile.ImageFile, data: bytes) -> None:
    """Let the fourth byte of a pixel be read as alpha where the header is of a kind that knows alpha."""
    head = _header(data)
    if len(head) < _V4 or image.mode != "RGB" or len(image.tile) != 1:
        return
    bits, compression = struct.unpack("<HI", head[14:20])
    tile = image.tile[0]
    raw_mode, *more = tile.args if isinstance(tile.args, tuple) else ("",)
    if bits == 32 and compression == _NO_COMPRESSION and tile.codec_name == "raw" and raw_mode == "BGRX":
        image.tile = [tile._replace(args=("BGRA", *more))]
        image._mode = "RGBA"


def embedded_profile(data: bytes) -> bytes | None:
    """Find the ICC profile inside a BMP, if there is one."""
    head = _header(data)
    if len(head) < _V5 or _number(head, 56) != _EMBEDDED:
        return None
    start = len(data) - len(_from_header(data)) + _number(head, 112)
    return data[start : start + _number(head, 116)] or None


def _header(data: bytes) -> bytes:
    body = _from_header(data)
    return body[: min(_number(body, 0), _V5)] if len(body) >= 40 else b""


def _from_header(data: bytes) -> bytes:
    return data[14:] if data.startswith(b"BM") else data


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")
