"""Palettes as pictures: a PNG strip.

One row of squares, each of one colour, is a palette in which every square is an entry; only equal ones at its
end are one, since some programs fill their rows so, unless the file says how many colours it has. Any other
indexed picture is its table of colours, with entries that are not used or stand twice: who has such files
goes by their numbers. Of all the rest each colour is an entry once, in the order in which it first appears
from top left, row by row: they do not say where one swatch ends.
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from quantize.decoding.decode import decode
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
    width, height, count, table = _head(data)
    if width * height > _MAX_PIXELS:
        raise _too_large(f"{width:,}×{height:,}")
    decoded = decode(data)
    colors = decoded.pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    codes = colors if decoded.alpha is None else np.where(decoded.alpha > 0, colors, _INVISIBLE)
    squares = _squares(codes)
    if squares is not None:
        listed = _entries_of(squares, count)
        hidden = int((squares == _INVISIBLE).sum())
    elif table is not None and np.isin(codes, [*table, _INVISIBLE]).all():  # no profile has changed them
        hidden, listed = int((table == _INVISIBLE).sum()), table[table != _INVISIBLE]
    else:
        hidden, listed = 0, _once_each(codes)
    if len(listed) > MAX_ENTRIES:
        raise QuantizeError(
            f"PNG palette must hold at most {MAX_ENTRIES:,} colours, got {len(listed):,}: "
            "open it as a picture and quantize it instead"
        )
    entries = Entries("PNG")
    for code in listed.tolist():
        entries.add((code >> 16, code >> 8 & 255, code & 255), "", *decoded.notes)
    entries.pass_over("they are transparent", hidden)
    if decoded.alpha is not None and ((decoded.alpha > 0) & (decoded.alpha < 255)).any():
        entries.notes[ALPHA_NOTE] = None
    return entries.palette()


_INVISIBLE = np.uint32(2**24)


def _too_large(got: str) -> QuantizeError:
    return QuantizeError(
        f"PNG palette must have at most {_MAX_PIXELS:,} pixels, got {got}: "
        "open it as a picture and quantize it instead"
    )


def _head(data: bytes) -> tuple[int, int, str, NDArray[np.uint32] | None]:
    """Read width and height as the decoder will find them, how many colours the file says, and its table."""
    try:
        with quiet_pillow(), Image.open(BytesIO(data), formats=("PNG",)) as image:
            return *image.size, str(image.info.get(_COUNT, "")), _table(image)
    except Image.DecompressionBombError:
        raise _too_large("many more") from None
    except Exception:  # decoders fail in any way on hostile bytes
        raise unreadable("PNG", "it is no whole PNG") from None


def _table(image: Image.Image) -> NDArray[np.uint32] | None:
    """Read the table of an indexed picture, ``_INVISIBLE`` where an entry is; None of all others."""
    if image.mode != "P" or image.palette is None:
        return None
    rows = np.frombuffer(bytes(image.palette.palette), np.uint8).reshape(-1, 3)
    codes = rows.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    said = image.info.get("transparency", b"")
    hidden = [said] if isinstance(said, int) else [at for at, alpha in enumerate(said) if not alpha]
    codes[[number for number in hidden if number < len(codes)]] = _INVISIBLE
    return codes


def _squares(codes: NDArray[np.uint32]) -> NDArray[np.uint32] | None:
    """Find the colours of a row of squares, or None if the picture is none."""
    height, width = codes.shape
    if width % height:
        return None
    middle = codes[height // 2, height // 2 :: height]
    same = (codes.reshape(height, -1, height) == middle[None, :, None]).all()
    return middle if same else None


def _entries_of(squares: NDArray[np.uint32], count: str) -> NDArray[np.uint32]:
    visible = squares[squares != _INVISIBLE]
    if count == str(len(visible)) or not len(visible):
        return visible
    changes = np.flatnonzero(visible != visible[-1])
    return visible[: changes[-1] + 2 if len(changes) else 1]


def _once_each(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    visible = codes[codes != _INVISIBLE]
    _, first = np.unique(visible, return_index=True)
    return visible[np.sort(first)]
