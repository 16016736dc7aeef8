"""What a worker process and its client say to each other, over two pipes.

A request is three numbers and the file; a reply is a JSON header and then the pixels, row by row. Neither
side ever unpickles anything, and the client takes nothing of a reply on trust: a decoder that a hostile file
has taken over can write whatever it likes.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quantize.decoding.decode import Decoded
from quantize.decoding.resolution import Dpi, sensible_dpi
from quantize.errors import QuantizeError
from quantize.limits import MAX_PIXELS

_REQUEST = struct.Struct("<QQd")  # length of the file, bytes of memory, seconds
_HEADER_LENGTH = struct.Struct("<I")
_MAX_HEADER = 2**16
_MAX_TEXT = 500


class Pipe(Protocol):
    """One end of a pipe, unbuffered: both methods may do less than they are asked for."""

    def readinto(self, buffer: Any, /) -> int | None: ...

    def write(self, data: Any, /) -> int | None: ...


@dataclass(frozen=True)
class Request:
    """A file of ``n_bytes`` follows; it may take so many bytes of memory beyond itself, and seconds."""

    n_bytes: int
    memory: int
    seconds: float


class BrokenReplyError(Exception):
    """The other side is gone, or says what it never should."""


def send_request(pipe: Pipe, data: bytes, memory: int, seconds: float) -> None:
    """Write a request."""
    _write(pipe, _REQUEST.pack(len(data), memory, seconds))
    _write(pipe, data)


def receive_request(pipe: Pipe) -> Request | None:
    """Read a request up to its file, or None if there will be none any more."""
    head = bytearray(_REQUEST.size)
    return Request(*_REQUEST.unpack(head)) if _fill(pipe, head) else None


def send_reply(pipe: Pipe, outcome: Decoded | QuantizeError) -> None:
    """Write a reply."""
    if isinstance(outcome, QuantizeError):
        _send_header(pipe, {"error": str(outcome)})
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
    header = _receive_header(pipe)
    if "error" in header:
        raise QuantizeError(_text(header["error"]))
    width, height = _size(header.get("size"))
    return Decoded(
        pixels=_receive_array(pipe, (height, width, 3)),
        alpha=_receive_array(pipe, (height, width)) if header.get("alpha") else None,
        format=_text(header.get("format")),
        mode=_text(header.get("mode")),
        notes=tuple(_text(note) for note in _list(header.get("notes"))),
        dpi=_dpi(header.get("dpi")),
    )


def _send_header(pipe: Pipe, header: dict[str, Any]) -> None:
    packed = json.dumps(header).encode()
    _write(pipe, _HEADER_LENGTH.pack(len(packed)) + packed)


def _receive_header(pipe: Pipe) -> dict[str, Any]:
    length = _HEADER_LENGTH.unpack(_receive(pipe, _HEADER_LENGTH.size))[0]
    if length > _MAX_HEADER:
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


def _dpi(value: Any) -> Dpi | None:
    if value is not None and sensible_dpi(value) is None:
        raise BrokenReplyError("impossible resolution")
    return sensible_dpi(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > 20:
        raise BrokenReplyError("too many notes")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT or not value.isprintable():
        raise BrokenReplyError("not a short text")
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
