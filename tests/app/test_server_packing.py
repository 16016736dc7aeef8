"""Messages are packed where that makes them shorter, and arrive as they were either way."""

import io

import numpy as np
import pytest
from PIL import Image
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode

from pages._server.packing import LARGE, leave_packed, shrinks


class Leaving(PerMessageDeflate):
    pass


leave_packed(Leaving)


def png(side: int) -> bytes:
    file, random = io.BytesIO(), np.random.default_rng(side)
    Image.fromarray(random.integers(0, 256, (side, side, 3), np.uint8)).save(file, "PNG")
    return file.getvalue()


TEXT = b'{"x": 12.5, "name": "colour", "y": 3}, ' * 3000
PICTURE = png(150)
MESSAGES = {
    "nothing": (b"", True),
    "one byte": (b"\0", True),
    "a few words": (b"Working: attempts", True),
    "small noise": (PICTURE[: LARGE - 1], True),
    "a chart": (TEXT, True),
    "a picture": (PICTURE, False),
    "a picture among words": (b"viewer " * 40 + PICTURE + b" bar" * 40, False),
    "a small picture in many words": (TEXT + PICTURE[:2000] + TEXT, True),
    "zeros": (bytes(200_000), True),
}


@pytest.fixture
def ends():
    """A server's and a browser's, which keep what they said for what they say next."""
    return Leaving(False, False, 12, 12, {"memLevel": 5}), PerMessageDeflate(False, False, 12, 12)


@pytest.mark.parametrize("what", MESSAGES)
def test_what_does_not_shrink_is_sent_as_it_is(ends, what):
    data, packed = MESSAGES[what]
    sent = ends[0].encode(Frame(Opcode.BINARY, data))
    assert sent.rsv1 is packed
    assert shrinks(data) is packed
    assert bytes(ends[1].decode(sent).data) == data
    assert len(sent.data) <= 1.01 * len(data) + 10


def test_all_arrive_in_any_order(ends):
    random = np.random.default_rng(5)
    for what in random.choice(list(MESSAGES), 200):
        data, packed = MESSAGES[what]
        sent = ends[0].encode(Frame(Opcode.BINARY, data))
        assert sent.rsv1 is packed
        assert bytes(ends[1].decode(sent).data) == data


def test_parts_of_a_message_stay_together(ends):
    """A message in several frames is packed as a whole, whatever its parts are."""
    first, last = PICTURE[:20_000], PICTURE[20_000:]
    sent = [
        ends[0].encode(frame)
        for frame in (Frame(Opcode.BINARY, first, fin=False), Frame(Opcode.CONT, last, fin=True))
    ]
    assert [frame.rsv1 for frame in sent] == [True, False]
    assert b"".join(bytes(ends[1].decode(frame).data) for frame in sent) == PICTURE


@pytest.mark.parametrize("opcode", [Opcode.PING, Opcode.PONG, Opcode.CLOSE])
def test_what_is_no_message_is_left_alone(ends, opcode):
    frame = Frame(opcode, b"12")
    assert ends[0].encode(frame) is frame


def test_it_is_done_once():
    encode = Leaving.encode
    leave_packed(Leaving)
    assert Leaving.encode is encode
