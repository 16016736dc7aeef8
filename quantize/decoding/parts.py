"""Pictures that take far more to decode than their pixels should: known by what they are made of.

A progressive JPEG goes over all its pixels once for every scan, and nothing bounds the number of scans: a
file of 20 MB can ask for hours. A TIFF may put every row or every few pixels into a piece of its own, each of
which costs as much as thousands of pixels. A run-length encoded BMP is decoded by Pillow in plain Python,
pixel by pixel.
"""

from PIL import ImageFile

from quantize.errors import QuantizeError
from quantize.limits import MAX_PIECES, MAX_RUN_LENGTH_PIXELS, MAX_SCANNED_PIXELS

_START_OF_SCAN = b"\xff\xda"  # never within a scan, where a zero follows every 255


def check_parts(image: ImageFile.ImageFile, data: bytes) -> None:
    """Refuse a picture, opened and not yet decoded, that would take long for the number of its parts.

    Raises
    ------
    QuantizeError
        If there are more scans of a JPEG, pieces of a TIFF or pixels of a run-length encoded BMP than the
        limits allow.
    """
    width, height = image.size
    if image.format in ("JPEG", "MPO"):
        _check("JPEG", "scans", data.count(_START_OF_SCAN), max(20, MAX_SCANNED_PIXELS // (width * height)))
    elif image.format == "TIFF":
        _check("TIFF", "strips or tiles", len(image.tile), MAX_PIECES)
    elif image.format == "BMP" and "bmp_rle" in str(image.tile) and width * height > MAX_RUN_LENGTH_PIXELS:
        raise QuantizeError(
            f"BMP picture with run-length encoding must have at most {MAX_RUN_LENGTH_PIXELS / 2**20:.0f} "
            f"megapixels, got {width:,} × {height:,}: save it without, or as PNG"
        )


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Find the width and height that a WebP's header tells; None for other files.

    libwebp takes the memory for two canvases as soon as it opens a file, so this must be known before.
    Source: RFC 9649, sections 2.5 to 2.7.
    """
    if not data.startswith(b"RIFF") or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8X":
            return _number(data[24:27]) + 1, _number(data[27:30]) + 1
        case b"VP8L":
            bits = _number(data[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _number(data[26:28]) & 0x3FFF, _number(data[28:30]) & 0x3FFF
    return None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _check(name: str, parts: str, got: int, most: int) -> None:
    if got > most:
        raise QuantizeError(
            f"{name} picture of this size must have at most {most:,} {parts}, got {got:,}: "
            "export it again as an ordinary JPEG or PNG"
        )
