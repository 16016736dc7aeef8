"""Look-up tables as files: .cube, and Hald pictures. A record each in LUT_FORMATS.

Sources: Adobe, "Cube LUT Specification", version 1.0, 2013; E. Steenberg, "Hald CLUT", quelsolaar.com (a
picture of level L is L³ × L³ pixels, and has L² nodes along each axis). In both red changes first, then
green.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.errors import QuantizeError
from quantize.records import Records

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class LutFormat:
    """One kind of file.

    Attributes
    ----------
    key, title : str
        Its name in code and on the command line, and on screen.
    extension : str
        How its files' names end, dot included.
    sizes : tuple of int
        Nodes along an axis that it can have.
    usual : int
        The one to offer first.
    write : callable
        float32 (size, size, size, 3) at [red, green, blue], sRGB 0–1, and a title → bytes.
    """

    key: str
    title: str
    extension: str
    sizes: tuple[int, ...]
    usual: int
    write: Callable[[Floats, str], bytes]


def _write_cube(lut: Floats, title: str) -> bytes:
    safe = "".join(letter for letter in title if " " <= letter <= "~" and letter != '"').strip()[:200]
    head = f'TITLE "{safe}"\nLUT_3D_SIZE {len(lut)}\n'
    rows = lut.transpose(2, 1, 0, 3).reshape(-1, 3).tolist()
    return (head + "".join(f"{red:.6f} {green:.6f} {blue:.6f}\n" for red, green, blue in rows)).encode()


def _write_hald(lut: Floats, title: str) -> bytes:
    side = round(len(lut) ** 1.5)
    rows = (255 * lut.transpose(2, 1, 0, 3)).round().astype(np.uint8).reshape(side, side, 3)
    file = BytesIO()
    Image.fromarray(rows).save(file, "PNG", optimize=True)
    return file.getvalue()


# fmt: off
_TABLE = (
    LutFormat("cube", "Cube LUT", ".cube", tuple(range(2, 130)), 33, _write_cube),
    LutFormat("hald", "Hald CLUT", ".png", tuple(level * level for level in range(2, 13)), 64, _write_hald),
)
# fmt: on
LUT_FORMATS = Records("format", _TABLE)


def write_lut(lut: Floats, format_: str, title: str = "Palette") -> bytes:
    """Write a look-up table as a file.

    Parameters
    ----------
    lut : float32, shape (size, size, size, 3)
        Encoded sRGB 0–1 at ``[red, green, blue]`` (``palettes.lut.make_lut``).
    format_ : str
        A key of LUT_FORMATS. A Hald picture has 8 bits a channel.
    title : str
        For the file's head, where it has one; of ASCII only.

    Raises
    ------
    QuantizeError
        If there is no such format, or it has no such size.
    """
    kind = LUT_FORMATS.find(format_)
    check_size(kind, len(lut))
    return kind.write(lut, title)


def check_size(kind: LutFormat, size: int) -> None:
    """Refuse a size that a format does not have.

    Raises
    ------
    QuantizeError
        Naming those there are.
    """
    if size not in kind.sizes:
        some = kind.sizes
        rule = f"from {some[0]} to {some[-1]}" if len(some) > 20 else f"one of {', '.join(map(str, some))}"
        raise QuantizeError(f"size of a {kind.title} must be {rule}, got {size}")
