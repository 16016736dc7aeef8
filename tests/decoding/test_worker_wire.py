"""What comes out of a worker process is not trusted: a reply is a picture, a refusal, or broken."""

import json
import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize.decoding.worker_wire import BrokenReplyError, receive_reply
from quantize.errors import QuantizeError


class Bytes(BytesIO):
    """A pipe's end that hands out little at a time."""

    def readinto(self, buffer):
        return super().readinto(buffer[:700])


@given(
    header=st.dictionaries(
        st.sampled_from(["error", "size", "alpha", "format", "mode", "notes", "dpi"]),
        st.one_of(
            st.none(), st.integers(), st.text(max_size=9), st.lists(st.integers(-1, 9), max_size=3),
            st.lists(st.text(max_size=3), max_size=3), st.just("x" * 501), st.just([2**20, 2**20]),
        ),
    ),
    rest=st.binary(max_size=200),
)  # fmt: skip
def test_a_reply_is_a_picture_a_refusal_or_broken(header, rest):
    text = json.dumps(header).encode()
    pipe = Bytes(struct.pack("<I", len(text)) + text + rest)
    try:
        decoded = receive_reply(pipe)
    except (BrokenReplyError, QuantizeError):
        return
    assert decoded.pixels.nbytes <= len(rest)


@given(reply=st.binary(max_size=300))
def test_any_bytes_for_a_reply_are_broken(reply):
    with pytest.raises((BrokenReplyError, QuantizeError)):
        receive_reply(Bytes(reply))


def test_deeply_nested_headers_are_broken():
    text = b"[" * 60_000
    with pytest.raises(BrokenReplyError):
        receive_reply(Bytes(struct.pack("<I", len(text)) + text))
