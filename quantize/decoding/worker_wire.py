"""What a worker process and its client say to each other, over two pipes.

A request is four numbers, the file's name and the file; a reply is a JSON header, and of a picture then the
pixels, row by row. Neither side ever unpickles anything, and the client takes nothing of a reply on trust: a
decoder that a hostile file has taken over can write whatever it likes.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quantize.decoding.decode import Decoded
from quantize.decoding.moving import Frames
from quantize.decoding.resolution import Dpi, sensible_dpi
from quantize.errors import QuantizeError
from quantize.limits import MAX_FRAMES, MAX_PIXELS
from quantize.palettes.palette import Palette

_REQUEST = struct.Struct("<BQQdQ255p")  # a request's fields, in their order but for the name, which is last
_HEADER_LENGTH = struct.Struct("<I")
_MAX_HEADER = 2**16
_MAX_PALETTE = 2**23  # 4,096 names of 200 characters, of which JSON may write each as six or twelve
_JOBS = ("picture", "palette", "size", "animation")
_MAX_DURATION = 2**40
_MAX_TEXT = 500
_MAX_NAME = 254


class Pipe(Protocol):
    """One end of a pipe, unbuffered: both methods may do less than they are asked for."""

    def readinto(self, buffer: Any, /) -> int | None: ...

    def write(self, data: Any, /) -> int | None: ...


@dataclass(frozen=True)
class Request:
    """A file of ``n_bytes`` follows; it may take so many bytes of memory beyond itself, and seconds.

    ``job`` says what is to be made of it, "picture", "palette", "size" or
    "animation". Of its name the end may be all
    there is. A picture may have so many ``pixels``.
    """

    job: str
    n_bytes: int
    memory: int
    seconds: float
    name: str = ""
    pixels: int = MAX_PIXELS


class BrokenReplyError(Exception):
    """The other side is gone, or says what it never should."""


def send_request(pipe: Pipe, request: Request, data: bytes) -> None:
    """Write a request and its file."""
    name = request.name.encode("utf-8", "replace")[-_MAX_NAME:]
    job = _JOBS.index(request.job)
    _write(pipe, _REQUEST.pack(job, request.n_bytes, request.memory, request.seconds, request.pixels, name))
    _write(pipe, data)


def receive_request(pipe: Pipe) -> Request | None:
    """Read a request up to its file, or None if there will be none any more."""
    head = bytearray(_REQUEST.size)
    if not _fill(pipe, head):
        return None
    job, n_bytes, memory, seconds, pixels, name = _REQUEST.unpack(head)
    return Request(_JOBS[job], n_bytes, memory, seconds, name.decode("utf-8", "replace"), pixels)


def send_reply(pipe: Pipe, outcome: Decoded | Frames | Palette | int | QuantizeError) -> None:
    """Write a reply."""
    if isinstance(outcome, QuantizeError):
        _send_header(pipe, {"error": str(outcome)})
        return
    if isinstance(outcome, int):
        _send_header(pipe, {"pixels": outcome})
        return
    if isinstance(outcome, Palette):
        codes = outcome.colors.tobytes().hex()
        _send_header(pipe, {"colors": codes, "names": outcome.names, "notes": outcome.notes})
        return
    if isinstance(outcome, Frames):
        _send_frames(pipe, outcome)
        return
    header = {
        "size": outcome.pixels.shape[1::-1],
        "alpha": outcome.alpha is not None,
        "format": outcome.format,
        "mode": outcome.mode,
        "notes": outcome.notes,
        "dpi": outcome.dpi,
    }
    _send_header(pipe, header)
    _write(pipe, outcome.pixels.reshape(-1).data)
    if outcome.alpha is not None:
        _write(pipe, outcome.alpha.reshape(-1).data)


def receive_reply(pipe: Pipe) -> Decoded:
    """Read a reply.

    Raises
    ------
    QuantizeError
        If the reply is one.
    BrokenReplyError
        If it is cut off, or nothing that ``send_reply`` writes.
    """
    header = _receive_good(pipe)
    width, height = _size(header.get("size"))
    return Decoded(
        pixels=_receive_array(pipe, (height, width, 3)),
        alpha=_receive_array(pipe, (height, width)) if header.get("alpha") else None,
        format=_text(header.get("format")),
        mode=_text(header.get("mode")),
        notes=_notes(header),
        dpi=_dpi(header.get("dpi")),
    )


def receive_palette(pipe: Pipe) -> Palette:
    """Read a reply that is to be a palette.

    Raises
    ------
    QuantizeError
        If the reply is one.
    BrokenReplyError
        If it is cut off, or nothing that ``send_reply`` writes.
    """
    header = _receive_good(pipe, _MAX_PALETTE)
    names, notes = header.get("names"), _notes(header)
    try:
        colors = np.frombuffer(bytes.fromhex(header["colors"]), np.uint8).reshape(-1, 3)
        return Palette(colors, names=None if names is None else tuple(map(_name, names)), notes=notes)
    except (KeyError, TypeError, ValueError) as error:  # QuantizeError is one of the last
        raise BrokenReplyError("no palette") from error


def receive_count(pipe: Pipe) -> int:
    """Read a reply that is to be a number of pixels; what is none counts as most there can be.

    Raises
    ------
    QuantizeError
        If the reply is one.
    BrokenReplyError
        If it is cut off, or nothing that ``send_reply`` writes.
    """
    header = _receive_good(pipe)
    count = header.get("pixels")
    return count if isinstance(count, int) and 0 < count < MAX_PIXELS else MAX_PIXELS


def receive_frames(pipe: Pipe) -> Frames:
    """Read a reply that is to be an animation, its frames in one array uint8 (n, h, w, 3).

    Raises
    ------
    QuantizeError
        If the reply is one.
    BrokenReplyError
        If it is cut off, or nothing that ``send_reply`` writes.
    """
    header = _receive_good(pipe)
    width, height = _size(header.get("size"))
    count = _whole(header.get("frames"), 1, min(MAX_FRAMES, max(1, MAX_PIXELS // (width * height))))
    durations = np.frombuffer(_receive(pipe, 8 * count), "<u8")
    if durations.max() > _MAX_DURATION:
        raise BrokenReplyError("impossible duration")
    return Frames(
        pixels=_receive_array(pipe, (count, height, width, 3)),
        alpha=_receive_array(pipe, (count, height, width)) if header.get("alpha") else None,
        durations=tuple(map(int, durations)),
        loops=_whole(header.get("loops"), 0, 2**32),
        format=_text(header.get("format")),
        notes=_notes(header),
    )


def _send_frames(pipe: Pipe, outcome: Frames) -> None:
    header = {
        "size": outcome.pixels[0].shape[1::-1],
        "frames": len(outcome.pixels),
        "alpha": outcome.alpha is not None,
        "loops": outcome.loops,
        "format": outcome.format,
        "notes": outcome.notes,
    }
    _send_header(pipe, header)
    _write(pipe, np.array(np.minimum(outcome.durations, _MAX_DURATION), "<u8").data.cast("B"))
    for frame in (*outcome.pixels, *(outcome.alpha or ())):
        _write(pipe, frame.reshape(-1).data)


def _send_header(pipe: Pipe, header: dict[str, Any]) -> None:
    packed = json.dumps(header).encode()
    _write(pipe, _HEADER_LENGTH.pack(len(packed)) + packed)


def _receive_good(pipe: Pipe, most: int = _MAX_HEADER) -> dict[str, Any]:
    """Read a header that says no error, or raise that."""
    header = _receive_header(pipe, most)
    if "error" in header:
        raise QuantizeError(_text(header["error"]))
    return header


def _receive_header(pipe: Pipe, most: int = _MAX_HEADER) -> dict[str, Any]:
    length = _HEADER_LENGTH.unpack(_receive(pipe, _HEADER_LENGTH.size))[0]
    if length > most:
        raise BrokenReplyError("header too long")
    try:
        header = json.loads(_receive(pipe, length))
    except (ValueError, RecursionError) as error:
        raise BrokenReplyError("header is no JSON") from error
    if not isinstance(header, dict):
        raise BrokenReplyError("header is no object")
    return header


def _size(value: Any) -> tuple[int, int]:
    match value:
        case [int(width), int(height)] if width > 0 and height > 0 and width * height <= MAX_PIXELS:
            return width, height
    raise BrokenReplyError("impossible size")


def _whole(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise BrokenReplyError("impossible number")
    return value


def _dpi(value: Any) -> Dpi | None:
    if value is not None and sensible_dpi(value) is None:
        raise BrokenReplyError("impossible resolution")
    return sensible_dpi(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > 20:
        raise BrokenReplyError("too many notes")
    return value


def _notes(header: dict[str, Any]) -> tuple[str, ...]:
    return tuple(_text(note) for note in _list(header.get("notes")))


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT or not value.isprintable():
        raise BrokenReplyError("not a short text")
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise BrokenReplyError("a name that is none")
    return value


def _receive(pipe: Pipe, length: int) -> bytearray:
    data = bytearray(length)
    if not _fill(pipe, data):
        raise BrokenReplyError("cut off")
    return data


def _receive_array(pipe: Pipe, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    array = np.empty(shape, np.uint8)
    if not _fill(pipe, array.reshape(-1).data):
        raise BrokenReplyError("cut off")
    return array


def _fill(pipe: Pipe, buffer: Any) -> bool:
    view = memoryview(buffer)
    while view:
        count = pipe.readinto(view)
        if not count:
            return False
        view = view[count:]
    return True


def _write(pipe: Pipe, data: Any) -> None:
    view = memoryview(data)
    while view:
        view = view[pipe.write(view) or 0 :]
