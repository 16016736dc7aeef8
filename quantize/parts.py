"""Pictures that take far longer to decode than their pixels should: refused for what they are made of.

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


def _check(name: str, parts: str, got: int, most: int) -> None:
    if got > most:
        raise QuantizeError(
            f"{name} picture of this size must have at most {most:,} {parts}, got {got:,}: "
            "export it again as an ordinary JPEG or PNG"
        )
