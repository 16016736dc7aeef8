"""How many frames an animation has, for the note that only the first is used.

Pillow's own count walks the whole file frame by frame and takes half a minute on a hostile one of
20 MB, so GIF is walked here block by block and TIFF only up to a limit; the other formats say the
number in their header.
"""

import re
from collections.abc import Iterable

from PIL import Image

from quantize.decoding.openers import Opened
from quantize.limits import MAX_FRAMES_COUNTED

_MAX_PAGES_COUNTED = 100  # a page of a TIFF costs a hundred times more to find than a frame of a GIF


def frames_note(opened: Opened) -> str | None:
    """Say that only the first frame or page was read, or None when there is but one.

    Leaves the picture at its first frame. Damage behind the first frame is no concern of the note.
    """
    match opened.kind.key:
        case "GIF":
            return _note(gif_frames(opened.data), MAX_FRAMES_COUNTED, "frames")
        case "TIFF":
            return _note(_pages(opened.image), _MAX_PAGES_COUNTED, "pages")
        case "PNG":
            return _note(opened.png.frames if opened.png else 1, MAX_FRAMES_COUNTED, "frames")
        case "WebP" | "AVIF":
            return _note(getattr(opened.image, "n_frames", 1), MAX_FRAMES_COUNTED, "frames")
    return None  # a camera's JPEG may hold a preview behind the picture, an icon other sizes


def _note(count: int, limit: int, noun: str) -> str | None:
    if count > limit:
        return f"first of more than {limit:,} {noun}"
    return f"first of {count:,} {noun}" if count > 1 else None


_NOTE = re.compile(r"first of (more than )?([\d,]+) (frame|page)s")


def lost_frames(notes: Iterable[str]) -> str | None:
    """Tell from a picture's notes which frames or pages of its file were not read; None if all were."""
    found = next(filter(None, map(_NOTE.fullmatch, notes)), None)
    if found is None:
        return None
    more, count, noun = found.groups()
    if more:
        return f"all {noun}s but the first of more than {count}"
    return f"{noun} 2 of 2" if count == "2" else f"{noun}s 2 to {count} of {count}"


def all_frames(notes: Iterable[str]) -> str | None:
    """Tell from a picture's notes how many frames or pages its file has, in words; None if one."""
    found = next(filter(None, map(_NOTE.fullmatch, notes)), None)
    return f"{found[1] or ''}{found[2]} {found[3]}s" if found else None


def moves(notes: Iterable[str]) -> bool:
    """Tell from a picture's notes whether its file has more frames than the first, pages not counted."""
    lost = lost_frames(notes)
    return lost is not None and "frame" in lost


def _pages(image: Image.Image) -> int:
    count = 1
    try:
        while count <= _MAX_PAGES_COUNTED:
            image.seek(count)
            count += 1
    except Exception:  # the decoder's many ways to say that there is no further whole page
        pass
    image.seek(0)
    return count


def gif_frames(data: bytes) -> int:
    """Count the image blocks of a GIF, up to one more than MAX_FRAMES_COUNTED.

    Source: Graphics Interchange Format, Version 89a, CompuServe 1990, section 12 and appendix A.
    """
    count = 0
    try:
        at = 13 + _color_table(data[10])
        while count <= MAX_FRAMES_COUNTED and data[at] != 0x3B:
            if data[at] == 0x2C:  # image descriptor, local colour table, code size
                count += 1
                at += 11 + _color_table(data[at + 9])
            else:  # extension: introducer and label
                at += 2
            while data[at]:  # sub-blocks, each behind its length
                at += 1 + data[at]
            at += 1
    except IndexError:  # cut off: the frames that begin do count
        pass
    return count


def _color_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
