"""What a socket sends is packed where that makes it shorter; pictures are packed already.

Streamlit packs all messages or none. Scripts, words and charts become much shorter. A PNG stays as long as it
is, and packing one of a megabyte takes 30 ms, in which the server's loop serves nobody. RFC 7692, section 6,
lets a server leave single messages as they are.
"""

import zlib
from typing import Any

from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import CTRL_OPCODES, Frame

LARGE = 16_384
"""Bytes of a message from which it is looked at: a smaller one is packed in less time than that takes."""

SAMPLE = 2_048
"""Bytes at a quarter, the middle and three quarters of a message that stand for all of it."""

WORTH = 0.9
"""Share of their length to which they must shrink."""


def leave_packed(extension: Any = PerMessageDeflate) -> None:
    """Let sockets send what does not shrink as it is; done once, it stays."""
    if getattr(extension, "leaves_packed", False):
        return
    encode = extension.encode

    def encode_if_worth(self: Any, frame: Frame) -> Frame:
        whole = frame.fin and frame.opcode not in CTRL_OPCODES
        if whole and frame.opcode and not shrinks(frame.data):
            return frame
        return encode(self, frame)

    extension.encode, extension.leaves_packed = encode_if_worth, True


def shrinks(data: Any) -> bool:
    """Tell whether packing a message is worth its time, from three parts of it if it is large."""
    length = len(data)
    if length < LARGE:
        return True
    view = memoryview(data)
    parts = b"".join(view[at : at + SAMPLE] for at in (length // 4, length // 2, 3 * length // 4))
    return len(zlib.compress(parts, 1)) < WORTH * len(parts)
