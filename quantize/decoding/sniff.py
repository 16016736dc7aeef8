"""What a file that cannot be read is, told from its first bytes, for messages that help.

Only messages depend on this: whether a picture can be read is decided by its decoder.
"""

from quantize.decoding.formats import PICTURE_FORMATS, picture_format
from quantize.errors import QuantizeError
from quantize.limits import MAX_DECODE_MEMORY, MAX_PALETTE_MEMORY

# (offset, magic, name); the first match counts.
_REFUSED = (
    (0, b"8BPS", "a Photoshop file"),
    (0, b"%PDF", "a PDF document"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftypmsf1", "a HEIC picture"),
    (4, b"ftyphe", "a HEIC picture"),
    (4, b"ftypcrx", "a camera raw file"),
    (4, b"ftyp", "a video"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (0, b"gimp xcf", "a GIMP file"),
    (0, b"v/1\x01", "an OpenEXR picture"),
    (0, b"qoif", "a QOI picture"),
    (0, b"\0\0\x01\0", "an icon file"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
)


def unreadable(data: bytes) -> QuantizeError:
    """Explain why no decoder accepts ``data``, and what to do about it."""
    if known := picture_format(data):
        return damaged(known)
    if _is_svg(data):
        return QuantizeError(
            "picture must be made of pixels, got an SVG (a vector drawing): export it as PNG first"
        )
    got = _refused(data) or ("a text file" if _is_text(data) else "a file of another kind")
    *names, last = PICTURE_FORMATS
    return QuantizeError(
        f"picture must be a {', '.join(names)} or {last} file, got {got}: export it as one of these first"
    )


def damaged(name: str) -> QuantizeError:
    """Explain that a picture of format ``name`` began well but cannot be decoded."""
    return QuantizeError(
        f"{name} picture cannot be decoded, it is cut off, damaged or of a rare variant: "
        "download or export it again, as an ordinary PNG or JPEG"
    )


def too_slow(name: str, seconds: float) -> QuantizeError:
    """Explain that decoding a picture of format ``name`` was given up after so many seconds."""
    return QuantizeError(
        f"{name} picture took longer than {seconds:g} s to decode, so that it was given up: "
        "scale it down, or export it again as an ordinary PNG or JPEG"
    )


def too_hungry(name: str) -> QuantizeError:
    """Explain that a picture of format ``name`` cannot have the memory that decoding it takes."""
    return QuantizeError(
        f"{name} picture needs more memory to decode than it may have ({MAX_DECODE_MEMORY / 2**20:,.0f} MB): "
        "scale it down, or export it again as an ordinary PNG or JPEG"
    )


def palette_damaged() -> QuantizeError:
    """Explain that a palette file has ended the process that read it."""
    return QuantizeError(
        "palette file cannot be read, it is damaged or of a rare variant: export it again in another format"
    )


def palette_too_slow(seconds: float) -> QuantizeError:
    """Explain that reading a palette file was given up after so many seconds."""
    return QuantizeError(
        f"palette file took longer than {seconds:g} s to read, so that it was given up: export fewer colours"
    )


def palette_too_hungry() -> QuantizeError:
    """Explain that a palette file cannot have the memory that reading it takes."""
    return QuantizeError(
        "palette file needs more memory to read than it may have "
        f"({MAX_PALETTE_MEMORY / 2**20:,.0f} MB): export fewer colours"
    )


def _refused(data: bytes) -> str | None:
    return next((name for offset, magic, name in _REFUSED if data.startswith(magic, offset)), None)


def _is_svg(data: bytes) -> bool:
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and b"<svg" in start


def _is_text(data: bytes) -> bool:
    # A multi-byte character may be cut at the end of the excerpt, so its last bytes do not count.
    return not any(byte < 9 or 13 < byte < 32 for byte in data[:1024])
