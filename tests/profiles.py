"""ICC profiles for tests, written byte by byte, and what they mean, computed without any library.

Sources: ICC.1:2001-04 (version 2 profiles); Adobe RGB (1998) Color Image Encoding; IEC 61966-2-1.
"""

import struct

import numpy as np
from numpy.typing import NDArray

D50 = (0.9642, 1.0, 0.8249)
_D65_XY = (0.3127, 0.3290)
SRGB_PRIMARIES = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE_PRIMARIES = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
ADOBE_GAMMA = 563 / 256
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def rgb_profile(
    name: str, primaries: tuple[tuple[float, float], ...], gamma: float, curve: bytes | None = None
) -> bytes:
    """A matrix profile with white D65 and one gamma, as Adobe RGB (1998) is, or another curve."""
    colorants = _to_d50() @ _to_xyz(primaries)
    tags = {
        b"desc": _desc(name),
        b"wtpt": _xyz(D50),
        b"cprt": b"text\0\0\0\0CC0\0",
        **{key: _xyz(colorants[:, i]) for i, key in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve or _gamma(gamma)),
    }
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


def adobe_rgb() -> bytes:
    return rgb_profile("Adobe RGB (1998)", ADOBE_PRIMARIES, ADOBE_GAMMA)


def srgb_of_points(count: int) -> bytes:
    """sRGB with its curve given at a few points only, as compact profiles have it."""
    x = np.linspace(0, 1, count)
    linear = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    points = b"".join(struct.pack(">H", round(y * 65535)) for y in linear)
    curve = b"curv\0\0\0\0" + struct.pack(">I", count) + points
    return rgb_profile("c2", SRGB_PRIMARIES, 0, curve)


def gray_profile(name: str, gamma: float) -> bytes:
    """A grey profile of one gamma."""
    tags = {b"desc": _desc(name), b"wtpt": _xyz(D50), b"cprt": b"text\0\0\0\0CC0\0", b"kTRC": _gamma(gamma)}
    return _profile(b"mntr", b"GRAY", b"XYZ ", tags)


def cmyk_profile(name: str, inks: dict[int, tuple[int, int, int]]) -> bytes:
    """A CMYK profile that knows only full and no ink: 8-bit L, a + 128, b + 128 for each combination.

    ``inks`` is keyed by the bits C 8, M 4, Y 2, K 1.
    """
    identity = bytes(range(256))
    table = b"".join(bytes(inks[key]) for key in range(16))
    matrix = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    a_to_b = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + matrix + identity * 4 + table + identity * 3
    tags = {b"desc": _desc(name), b"wtpt": _xyz(D50), b"cprt": b"text\0\0\0\0CC0\0", b"A2B0": a_to_b}
    return _profile(b"prtr", b"CMYK", b"Lab ", tags)


def adobe_to_srgb(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What Adobe RGB pixels are in sRGB, 0–255, not rounded: both have white D65, so no adaptation."""
    linear = (pixels / 255.0) ** ADOBE_GAMMA
    to_srgb = np.linalg.inv(_to_xyz(SRGB_PRIMARIES)) @ _to_xyz(ADOBE_PRIMARIES)
    return 255 * encoded(linear @ to_srgb.T)


def lab_to_srgb(lab: tuple[float, float, float]) -> NDArray[np.float64]:
    """L*, a*, b* under D50 to sRGB, 0–255, not rounded."""
    fy = (lab[0] + 16) / 116
    f = np.array([fy + lab[1] / 500, fy, fy - lab[2] / 200])
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * D50
    linear = np.linalg.inv(_to_xyz(SRGB_PRIMARIES)) @ np.linalg.inv(_to_d50()) @ xyz
    return 255 * encoded(linear)


def encoded(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light to encoded sRGB, both 0–1, clipped."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def _to_xyz(primaries: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    columns = np.array([(x / y, 1, (1 - x - y) / y) for x, y in primaries]).T
    return columns * np.linalg.solve(columns, _white())


def _white() -> NDArray[np.float64]:
    x, y = _D65_XY
    return np.array([x / y, 1, (1 - x - y) / y])


def _to_d50() -> NDArray[np.float64]:
    ratio = (_BRADFORD @ D50) / (_BRADFORD @ _white())
    return np.linalg.inv(_BRADFORD) @ np.diag(ratio) @ _BRADFORD


def _xyz(values) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


def _gamma(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def _desc(name: str) -> bytes:
    text = name.encode("ascii", "replace") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    at, table, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for key, data in tags.items():
        table += struct.pack(">4sII", key, at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(
        ">I4sI4s4s4s12x4s", at + len(body), b"\0\0\0\0", 0x02400000, kind, space, connection, b"acsp"
    )
    header += bytes(68 - len(header)) + struct.pack(">3i", *(round(value * 65536) for value in D50))
    return header.ljust(128, b"\0") + table + body
