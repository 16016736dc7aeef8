"""Pictures for tests, made by our own code: ordinary, unusual and hostile ones."""

import struct
import zlib
from importlib import import_module
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # samples per pixel → grey, grey + alpha, RGB, RGBA


def noise(height: int, width: int, channels: int = 3, seed: int = 0) -> NDArray[np.uint8]:
    """Random samples: every pixel differs, so that a misplaced one shows."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def smooth(height: int, width: int) -> NDArray[np.uint8]:
    """A gentle gradient, which lossy formats keep within a few levels."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    return np.stack([60 + 120 * x, 80 + 90 * y, 200 - 110 * x], axis=-1).round().astype(np.uint8)


def saved(image: Image.Image | NDArray[Any], format: str, **options: Any) -> bytes:
    """The picture as a file of ``format``, through Pillow."""
    file = BytesIO()
    (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(file, format, **options)
    return file.getvalue()


def heic(image: Image.Image | NDArray[Any], **options: Any) -> bytes:
    """The picture as a HEIC file, lossless up to its way to YCbCr and back."""
    import_module("pillow_heif").register_heif_opener()
    return saved(image, "HEIF", **{"quality": -1, "chroma": 444, **options})


def jxl(image: Image.Image | NDArray[Any], **options: Any) -> bytes:
    """The picture as a JPEG XL file, lossless."""
    import_module("pillow_jxl")  # registers its encoder
    return saved(image, "JXL", **{"lossless": True, **options})


def video(frames: NDArray[np.uint8], format: str, codec: str) -> bytes:
    """Frames, uint8 (n, h, w, 3), as a video of ten a second."""
    av, file = import_module("av"), BytesIO()
    with av.open(file, "w", format=format) as container:
        stream = container.add_stream(codec, rate=10)
        stream.height, stream.width, stream.pix_fmt = *frames.shape[1:3], "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()


def qoi(pixels: NDArray[np.uint8]) -> bytes:
    """A QOI file of whole pixels only (QOI specification, 2022: op RGB)."""
    height, width, _ = pixels.shape
    body = b"".join(b"\xfe" + bytes(pixel) for pixel in pixels.reshape(-1, 3))
    return b"qoif" + struct.pack(">IIBB", width, height, 3, 0) + body + bytes(7) + b"\1"


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples: NDArray[Any], before: bytes = b"", after: bytes = b"") -> bytes:
    """A PNG of uint8 or uint16 samples (h, w, channels), with chunks before and after its pixels."""
    height, width, channels = samples.shape
    rows = b"".join(b"\0" + row.astype(samples.dtype.newbyteorder(">")).tobytes() for row in samples)
    header = png_header(width, height, 8 * samples.itemsize, _COLOR_TYPES[channels])
    return header + before + chunk(b"IDAT", zlib.compress(rows)) + after + chunk(b"IEND", b"")


def png_header(width: int, height: int, depth: int = 8, color_type: int = 2) -> bytes:
    """Signature and IHDR of a PNG."""
    fields = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", fields)


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few KB that would unpack to gigabytes of black."""
    return png_header(width, height) + chunk(b"IDAT", zlib.compress(bytes(2_000_000))) + chunk(b"IEND", b"")


def tiff(
    width: int,
    height: int,
    data: bytes,
    bits: tuple[int, ...],
    kind: int = 1,
    sample_format: int = 1,
    extra_sample: int | None = None,
) -> bytes:
    """An uncompressed little-endian TIFF; ``kind`` is its PhotometricInterpretation."""
    bits_at, data_at = 8, 8 + 2 * len(bits)
    bits_field = bits_at if len(bits) > 2 else sum(n << 16 * i for i, n in enumerate(bits))
    entries = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, len(bits), bits_field), (259, 3, 1, 1),
        (262, 3, 1, kind), (273, 4, 1, data_at), (277, 3, 1, len(bits)), (278, 4, 1, height),
        (279, 4, 1, len(data)), (339, 3, 1, sample_format),
    ]  # fmt: skip
    if extra_sample is not None:
        entries.insert(-1, (338, 3, 1, extra_sample))
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries)
    head = b"II*\0" + struct.pack("<I", data_at + len(data)) + struct.pack(f"<{len(bits)}H", *bits)
    return head + data + directory + struct.pack("<I", 0)


def exif(orientation: int) -> bytes:
    """EXIF data that hold nothing but an orientation, as PNG and TIFF store them."""
    return struct.pack("<2sHIHHHII", b"II", 42, 8, 1, 0x0112, 3, 1, orientation) + bytes(4)


def upright(stored: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Place every pixel where the EXIF standard (2.32, tag 274) says that it is seen: an oracle.

    The standard names, for each value, the visual sides of the 0th row and of the 0th column.
    """
    row_side, column_side = {
        1: ("top", "left"), 2: ("top", "right"), 3: ("bottom", "right"), 4: ("bottom", "left"),
        5: ("left", "top"), 6: ("right", "top"), 7: ("right", "bottom"), 8: ("left", "bottom"),
    }[orientation]  # fmt: skip
    rows, columns = stored.shape[:2]
    shape = (rows, columns) if row_side in ("top", "bottom") else (columns, rows)
    seen = np.zeros(shape + stored.shape[2:], stored.dtype)
    for row in range(rows):
        for column in range(columns):
            place = {}
            for side, index, count in ((row_side, row, rows), (column_side, column, columns)):
                axis = "y" if side in ("top", "bottom") else "x"
                place[axis] = index if side in ("top", "left") else count - 1 - index
            seen[place["y"], place["x"]] = stored[row, column]
    return seen
