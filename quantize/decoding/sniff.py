"""What a file is, told from its first bytes, for messages that help when it cannot be read.

Only messages depend on this, and camera raw files, which would open as the small preview inside them:
whether a picture can be read is decided by its decoder.
"""

from quantize.decoding import formats
from quantize.decoding.formats import Refused, picture_format
from quantize.errors import QuantizeError
from quantize.limits import MAX_DECODE_MEMORY, MAX_PALETTE_MEMORY


def unreadable(data: bytes) -> QuantizeError:
    """Explain why no decoder accepts ``data``, and what to do about it."""
    if known := picture_format(data):
        return damaged(known)
    if kind := formats.SVG if _is_svg(data) else formats.find_refused(data):
        return refused(kind)
    got = "a text file" if _is_text(data) else "a file of another kind"
    return QuantizeError(
        f"picture must be a {formats.in_words()} file, got {got}: export it as one of these first"
    )


def refused(kind: Refused) -> QuantizeError:
    """Name a kind of file that is not read, with a way out."""
    return QuantizeError(f"picture must be of a kind that is read here, got {kind.name}: {kind.way_out}")


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


def _is_svg(data: bytes) -> bool:
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and b"<svg" in start


def _is_text(data: bytes) -> bool:
    # A multi-byte character may be cut at the end of the excerpt, so its last bytes do not count.
    return not any(byte < 9 or 13 < byte < 32 for byte in data[:1024])
