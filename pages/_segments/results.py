"""What the page about segments works out of a picture: through the cache, and in turns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pages import _cache
from pages._cache import Checkpoint, Work
from pages._choices import Choices
from pages._references import PictureRef, ResultRef
from quantize import Picture, Settings
from quantize.colors.hexadecimal import hex_colors
from quantize.regions.segments import Segments, find_segments, suggest_smallest
from quantize.rendering.encode import encode_png
from quantize.rendering.previews import grid

Group = tuple[int, ...]


@dataclass(frozen=True)
class Wish:
    """Which regions of a picture are wanted: what names them in the cache.

    Attributes
    ----------
    picture : PictureRef
    settings : Settings
        Of its colours, without dithering.
    smallest : int
        Pixels of a part, at least.
    groups : tuple of tuple of int
        Entries that are one region.
    """

    picture: PictureRef
    settings: Settings
    smallest: int
    groups: tuple[Group, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """What differs where regions do."""
        return self.picture.digest, self.settings, self.smallest, self.groups


def plain_settings(record: Choices) -> Settings:
    """The settings of a visitor's choices without dithering, which would make specks of everything."""
    return replace(record, dither="none").settings()


def smallest_of(record: Choices, picture: PictureRef) -> int:
    """Pixels that a part has at least: as chosen, or as suggested for the picture."""
    width, height = picture.size
    return record.smallest or suggest_smallest(width * height)


def active_groups(record: Choices, colors: Sequence[str]) -> list[tuple[str, ...]]:
    """Groups of colours that are to be one region, those of which two or more are in a palette."""
    there = set(colors)
    return [group for group in record.joined if len(there & set(group)) > 1]


def make_wish(picture: PictureRef, result: ResultRef, record: Choices) -> Wish:
    """Put together which regions are wanted."""
    colors = hex_colors(result.palette)
    entries = {code: entry for entry, code in enumerate(colors)}
    groups = tuple(
        tuple(entries[code] for code in group if code in entries) for group in active_groups(record, colors)
    )
    return Wish(picture, result.settings, smallest_of(record, picture), groups)


def name_options(wish: Wish, colors: Sequence[str]) -> dict[str, Any]:
    """Name what is wanted as options of the command line: its colours, by whatever method, as a palette."""
    merged = tuple("+".join(str(entry + 1) for entry in group) for group in wish.groups)
    return {
        "--palette": ",".join(colors), "--space": wish.settings.space, "--smallest": wish.smallest,
        "--merge": merged,
    }  # fmt: skip


def find(wish: Wish, checkpoint: Checkpoint) -> Segments:
    """Find regions.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """
    result = _cache.quantized(wish.picture, wish.settings, checkpoint).result

    def make(check: Checkpoint) -> Segments:
        opened = _cache.open_picture(wish.picture)
        whole = _cache.open_result(result, opened).whole(opened)
        return find_segments(whole, smallest=wish.smallest, groups=wish.groups, checkpoint=check)

    return _cache.kept_of_steps(("segments", *wish.key), make, checkpoint)


def preview(wish: Wish, segments: Segments) -> bytes:
    """The regions at preview size: an indexed PNG of their colours."""

    def make() -> bytes:
        rows, columns = grid(segments.labels.shape, _cache.PREVIEW_SIDE)
        return _encode(segments, rows, columns)

    return _cache.kept(("segments preview", *wish.key), make, Work.QUICK)


def part(wish: Wish, segments: Segments, left: int, top: int, right: int, bottom: int, pane: int) -> bytes:
    """A part of the original (pane 0) or of the regions in full resolution."""
    if pane == 0:
        return _cache.part(wish.picture, [], left, top, right, bottom, 0)
    return _encode(segments, slice(top, bottom), slice(left, right))


def _encode(segments: Segments, rows: slice, columns: slice) -> bytes:
    alpha = segments.alpha
    return encode_png(
        segments.palette,
        np.ascontiguousarray(segments.indices[rows, columns]),
        None if alpha is None else np.ascontiguousarray(alpha[rows, columns]),
        optimize=False,
    )


def write(kind: str, wish: Wish, how: Callable[[Segments], bytes]) -> bytes:
    """Write a file of regions, in a turn; called by a download, in a thread of no visitor."""
    segments = find(wish, _cache.nothing)
    return _cache.kept((kind, *wish.key), lambda: how(segments), Work.LONG)


def write_with_picture(kind: str, wish: Wish, how: Callable[[Picture, Segments], bytes]) -> bytes:
    """Write a file of regions and the picture's own pixels."""
    return write(kind, wish, lambda segments: how(_cache.open_picture(wish.picture), segments))
