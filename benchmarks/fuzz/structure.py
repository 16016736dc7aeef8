"""Where a file's parts and numbers are, so that mutations reach further than a checksum.

Each format has up to four functions: the cuts between its parts, the numbers that a reader believes (sizes,
counts, offsets), what makes a changed file consistent again, and where it says its width and height.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

Field = tuple[int, str]
"""Where a number is, and how ``struct`` names its kind."""


@dataclass(frozen=True)
class Structure:
    """What is known of a format; by default nothing."""

    cuts: Callable[[bytes], list[int]] = lambda data: []
    fields: Callable[[bytes], list[Field]] = lambda data: []
    repaired: Callable[[bytes], bytes] = lambda data: data
    sizes: Callable[[bytes], list[tuple[Field, Field]]] = lambda data: []


def _png_cuts(data: bytes) -> list[int]:
    cuts, at = [], 8
    while at + 12 <= len(data):
        cuts.append(at)
        at += 12 + struct.unpack_from(">I", data, at)[0]
    return [*cuts, min(at, len(data))]


def _png_fields(data: bytes) -> list[Field]:
    inner = [(at + 8 + step, ">I") for at in _png_cuts(data)[:-1] for step in (0, 4, 8)]
    return [(16, ">I"), (20, ">I"), (24, "B"), (25, "B"), (26, "B"), (28, "B"), *inner]


def _with_checksums(data: bytes) -> bytes:
    """The PNG with a right checksum on every chunk that is whole."""
    out = bytearray(data)
    for at in _png_cuts(data):
        if at + 12 <= len(data):
            end = at + 8 + struct.unpack_from(">I", data, at)[0]
            if end + 4 <= len(data):
                struct.pack_into(">I", out, end, zlib.crc32(data[at + 4 : end]))
    return bytes(out)


def _jpeg_cuts(data: bytes) -> list[int]:
    cuts, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        cuts.append(at)
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return [*cuts, min(at, len(data))]


def _jpeg_fields(data: bytes) -> list[Field]:
    fields: list[Field] = []
    for at in _jpeg_cuts(data)[:-1]:
        fields += [
            (at + 1, "B"),
            (at + 2, ">H"),
            (at + 4, "B"),
            (at + 5, ">H"),
            (at + 7, ">H"),
            (at + 9, "B"),
        ]
        fields += [(at + step, "B") for step in range(10, 20)]
    return fields


def _jpeg_sizes(data: bytes) -> list[tuple[Field, Field]]:
    frames = [at for at in _jpeg_cuts(data)[:-1] if data[at + 1] in (0xC0, 0xC1, 0xC2)]
    return [((at + 7, ">H"), (at + 5, ">H")) for at in frames]


def _webp_cuts(data: bytes) -> list[int]:
    cuts, at = [], 12
    while at + 8 <= len(data):
        cuts.append(at)
        length = struct.unpack_from("<I", data, at + 4)[0]
        at += 8 + length + length % 2
    return [*cuts, min(at, len(data))]


def _webp_fields(data: bytes) -> list[Field]:
    starts = _webp_cuts(data)[:-1]
    return [
        (at + step, kind) for at in starts for step, kind in ((4, "<I"), (8, "<I"), (11, "<I"), (14, "<I"))
    ]


def _webp_sizes(data: bytes) -> list[tuple[Field, Field]]:
    starts = {data[at : at + 4]: at for at in reversed(_webp_cuts(data)[:-1])}
    steps = {b"VP8X": (12, 15), b"VP8 ": (14, 16)}
    return [((starts[k] + w, "<H"), (starts[k] + h, "<H")) for k, (w, h) in steps.items() if k in starts]


def _with_riff_size(data: bytes) -> bytes:
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:] if len(data) > 12 else data


def _gif_cuts(data: bytes) -> list[int]:
    """Where extensions and pictures seem to begin."""
    marks = [at for at in range(13, len(data)) if data[at] in (0x21, 0x2C, 0x3B) and data[at - 1] == 0]
    return [13, *marks, len(data)]


def _gif_fields(data: bytes) -> list[Field]:
    inner = [(at + step, "<H") for at in _gif_cuts(data)[1:-1] for step in (1, 3, 5, 7)]
    flags = [(at + step, "B") for at in _gif_cuts(data)[1:-1] for step in (9, 10)]
    return [(6, "<H"), (8, "<H"), (10, "B"), (11, "B"), *inner, *flags]


def _gif_sizes(data: bytes) -> list[tuple[Field, Field]]:
    frames = [at for at in _gif_cuts(data)[1:-1] if data[at] == 0x2C]
    return [((6, "<H"), (8, "<H")), *(((at + 5, "<H"), (at + 7, "<H")) for at in frames)]


def _bmp_fields(data: bytes) -> list[Field]:
    return [(at, "<I") for at in (2, 10, 14, 18, 22, 30, 34, 46, 50)] + [(26, "<H"), (28, "<H")]


def _tiff_fields(data: bytes) -> list[Field]:
    """Every tag, type, count and value of the first directory."""
    order = "<" if data[:2] == b"II" else ">"
    if data[2:3] == b"\x2b" or len(data) < 8:  # BigTIFF
        return [(at, order + kind) for at in range(16, min(len(data) - 20, 400), 20) for kind in "HI"]
    start = struct.unpack_from(order + "I", data, 4)[0]
    if start + 2 > len(data):
        return []
    count = min(struct.unpack_from(order + "H", data, start)[0], 40)
    entries = [start + 2 + 12 * number for number in range(count)]
    return [
        (at + step, order + kind) for at in entries for step, kind in ((0, "H"), (2, "H"), (4, "I"), (8, "I"))
    ] + [(4, order + "I"), (start, order + "H")]


def _tiff_sizes(data: bytes) -> list[tuple[Field, Field]]:
    values = {}
    for at, kind in _tiff_fields(data):
        if kind.endswith("H"):
            values.setdefault(struct.unpack_from(kind, data, at)[0], (at + 8, kind[0] + "I"))
    sizes = [(values[256], values[257])] if {256, 257} <= values.keys() else []
    return sizes + ([(values[256], values[278])] if {256, 278} <= values.keys() else [])


def _tiff_cuts(data: bytes) -> list[int]:
    fields = _tiff_fields(data)
    return sorted({at for at, kind in fields if kind.endswith("H")})


def _avif_cuts(data: bytes) -> list[int]:
    """Where boxes seem to begin: four bytes before a name of four small letters."""
    return [at for at in range(len(data) - 8) if data[at + 4 : at + 8].isalpha() and data[at] == 0] + [
        len(data)
    ]


def _avif_fields(data: bytes) -> list[Field]:
    return [(at + step, ">I") for at in _avif_cuts(data)[:-1] for step in (0, 8, 12, 16)]


def _avif_sizes(data: bytes) -> list[tuple[Field, Field]]:
    boxes = [at for at in range(len(data) - 16) if data[at : at + 4] == b"ispe"]
    return [((at + 8, ">I"), (at + 12, ">I")) for at in boxes]


def _line_cuts(data: bytes) -> list[int]:
    return [0, *(at + 1 for at, byte in enumerate(data) if byte in b"\n,{}[]<>:;")]


def _ase_fields(data: bytes) -> list[Field]:
    return [(8, ">I"), *((at, kind) for at in range(12, len(data), 2) for kind in (">H", ">I", ">f"))]


def _aco_fields(data: bytes) -> list[Field]:
    return [(at, ">H") for at in range(0, len(data), 2)]


def unzipped(data: bytes) -> bytes:
    """Content of the first member of an archive."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(archive.infolist()[0])


def zipped(content: bytes) -> bytes:
    """An archive with Procreate's one member, at whatever time the same."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("Swatches.json"), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


_TEXT = Structure(_line_cuts)
_PNG = Structure(_png_cuts, _png_fields, _with_checksums, lambda data: [((16, ">I"), (20, ">I"))])
STRUCTURES = {
    "JPEG": Structure(_jpeg_cuts, _jpeg_fields, sizes=_jpeg_sizes),
    "PNG": _PNG,
    "png": _PNG,
    "WebP": Structure(_webp_cuts, _webp_fields, _with_riff_size, _webp_sizes),
    "GIF": Structure(_gif_cuts, _gif_fields, sizes=_gif_sizes),
    "BMP": Structure(fields=_bmp_fields, sizes=lambda data: [((18, "<I"), (22, "<I"))]),
    "TIFF": Structure(_tiff_cuts, _tiff_fields, sizes=_tiff_sizes),
    "AVIF": Structure(_avif_cuts, _avif_fields, sizes=_avif_sizes),
    "HEIC": Structure(_avif_cuts, _avif_fields, sizes=_avif_sizes),
    "JPEG XL": Structure(),
    "JPEG 2000": Structure(_avif_cuts, _avif_fields),
    "ICO": Structure(fields=lambda data: [(at, "<H") for at in range(4, 40, 2)] + [(14, "<I"), (18, "<I")]),
    "QOI": Structure(fields=lambda data: [(4, ">I"), (8, ">I"), (12, "B"), (13, "B")]),
    "TGA": Structure(fields=lambda data: [(at, "B") for at in range(18)] + [(12, "<H"), (14, "<H")]),
    "ase": Structure(fields=_ase_fields),
    "aco": Structure(fields=_aco_fields),
    "act": Structure(fields=_aco_fields),
    "procreate": Structure(),
}


def structure(key: str) -> Structure:
    """What is known of a format; of those that are text, the lines and brackets."""
    return STRUCTURES.get(key, _TEXT)
