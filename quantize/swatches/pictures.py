"""Palettes as pictures: a PNG strip.

One row of squares, each of one colour, is a palette in which every square is an entry; only equal ones at its
end are one, since some programs fill their rows so, unless the file says how many colours it has. Any other
indexed picture is its table of colours, with entries that are not used or stand twice: who has such files
goes by their numbers. Of all the rest each colour is an entry once, in the order in which it first appears
from top left, row by row: they do not say where one swatch ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from quantize.decoding.decode import Decoded, decode
from quantize.decoding.png import table_picture
from quantize.decoding.quiet import quiet_pillow
from quantize.errors import QuantizeError
from quantize.palettes.palette import MAX_ENTRIES, Palette
from quantize.swatches.reading import ALPHA_NOTE, Entries, unreadable

_SIDE = 32
_MAX_PIXELS = 2**22  # just what the longest strip written here has
_COUNT = "Colors"  # keyword of the text that says how many there are
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def write_png(palette: Palette) -> bytes:
    """Write a strip of squares, 32 pixels each, from left to right."""
    strip = np.repeat(np.repeat(palette.colors[None], _SIDE, axis=1), _SIDE, axis=0)
    file, said = BytesIO(), PngInfo()
    said.add_text(_COUNT, str(len(palette)))
    Image.fromarray(strip).save(file, "PNG", optimize=True, pnginfo=said)
    return file.getvalue()


def is_png(data: bytes) -> bool:
    """Tell whether it is a PNG."""
    return data.startswith(_SIGNATURE)


def read_png(data: bytes) -> Palette:
    """Read the colours of a small picture; fully transparent squares and entries are counted in a note."""
    width, height, count = _head(data)
    if width * height > _MAX_PIXELS:
        raise _too_large(f"{width:,}×{height:,}")
    decoded = decode(data)
    squares = _squares(_codes(decoded))
    if squares is not None:
        read = Read(_without_tail(squares, count), decoded)
    else:
        read = _read_table(data, decoded) or Read(_once_each(_codes(decoded)), decoded)
    return read.palette()


@dataclass(frozen=True, eq=False)
class Read:
    """Colours in their order, 0xRRGGBB or ``_INVISIBLE``, and the pixels that they are of."""

    codes: NDArray[np.uint32]
    source: Decoded

    def palette(self) -> Palette:
        """Return them as entries.

        Raises
        ------
        QuantizeError
            If there are more than 4,096, or none.
        """
        visible = self.codes[self.codes != _INVISIBLE]
        if len(visible) > MAX_ENTRIES:
            raise QuantizeError(
                f"PNG palette must hold at most {MAX_ENTRIES:,} colours, got {len(visible):,}: "
                "open it as a picture and quantize it instead"
            )
        entries, alpha = Entries("PNG"), self.source.alpha
        soft = alpha is not None and ((alpha > 0) & (alpha < 255)).any()
        notes = (*self.source.notes, ALPHA_NOTE) if soft else self.source.notes
        for code in visible.tolist():
            entries.add((code >> 16, code >> 8 & 255, code & 255), "", *notes)
        entries.pass_over("they are transparent", len(self.codes) - len(visible))
        return entries.palette()


def _codes(decoded: Decoded) -> NDArray[np.uint32]:
    codes = decoded.pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    return codes if decoded.alpha is None else np.where(decoded.alpha > 0, codes, _INVISIBLE)


def _read_table(data: bytes, decoded: Decoded) -> Read | None:
    """Read the table of an indexed picture as a picture of its own, so that its colours are converted alike.

    None if there is none, or if it does not hold all that is seen: then a pixel has a number behind its end.
    """
    table = table_picture(data)
    if table is None:
        return None
    try:
        read = decode(table)
    except QuantizeError:
        return None
    codes = _codes(read)[0]
    return Read(codes, read) if np.isin(_codes(decoded), [*codes.tolist(), _INVISIBLE]).all() else None


_INVISIBLE = np.uint32(2**24)


def _too_large(got: str) -> QuantizeError:
    return QuantizeError(
        f"PNG palette must have at most {_MAX_PIXELS:,} pixels, got {got}: "
        "open it as a picture and quantize it instead"
    )


def _head(data: bytes) -> tuple[int, int, str]:
    """Read width and height as the decoder will find them, and the number of colours if the file says it."""
    try:
        with quiet_pillow(), Image.open(BytesIO(data), formats=("PNG",)) as image:
            return *image.size, str(image.info.get(_COUNT, ""))
    except Image.DecompressionBombError:
        raise _too_large("many more") from None
    except Exception:  # decoders fail in any way on hostile bytes
        raise unreadable("PNG", "it is no whole PNG") from None


def _squares(codes: NDArray[np.uint32]) -> NDArray[np.uint32] | None:
    """Find the colours of a row of squares, or None if the picture is none."""
    height, width = codes.shape
    if width % height:
        return None
    middle = codes[height // 2, height // 2 :: height]
    same = (codes.reshape(height, -1, height) == middle[None, :, None]).all()
    return middle if same else None


def _without_tail(squares: NDArray[np.uint32], count: str) -> NDArray[np.uint32]:
    """Drop equal squares at the end, unless the file says that there are so many colours."""
    visible = np.flatnonzero(squares != _INVISIBLE)
    if count == str(len(visible)) or not len(visible):
        return squares
    last = squares[visible[-1]]
    changes = np.flatnonzero((squares != last) & (squares != _INVISIBLE))
    begin = changes[-1] + 1 if len(changes) else 0
    kept = visible[visible >= begin][0] + 1
    rest = squares[kept:]
    return np.concatenate([squares[:kept], rest[rest == _INVISIBLE]])


def _once_each(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    visible = codes[codes != _INVISIBLE]
    _, first = np.unique(visible, return_index=True)
    return visible[np.sort(first)]
