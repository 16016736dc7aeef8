"""What a browser asked for is answered once, whenever runs begin; all else stays as Streamlit has it."""

import random

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages._server import replies


class Kept(ForwardMsgQueue):
    """A queue of its own kind: Streamlit's is not changed for other tests."""


replies.keep(Kept)
replies.keep(Kept)  # twice is once


def message(kind: str, number: int) -> ForwardMsg:
    made = ForwardMsg()
    if kind == "file_urls_response":
        made.file_urls_response.response_id = str(number)
    elif kind == "backend_operation_response":
        made.backend_operation_response.request_id = str(number)
    elif kind == "heartbeat_ack":
        made.heartbeat_ack = True
    elif kind == "delta":
        made.delta.new_element.text.body = str(number)
        made.delta.fragment_id = random.Random(number).choice(["", "a", "b"])
        made.metadata.delta_path[:] = [0, number % 3]
    else:
        made.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    return made


def is_reply(made: ForwardMsg) -> bool:
    return made.WhichOneof("type") in replies.REPLIES


@pytest.mark.parametrize("seed", range(40))
def test_answers_come_once_and_in_their_order(seed):
    rng, sent = random.Random(seed), {Kept: [], ForwardMsgQueue: []}
    said, queues = [], {kind: kind() for kind in sent}
    for number in range(60):
        what = rng.choice(["begin", "begin a part", "flush", *["say"] * 6])
        made = message(rng.choice([*replies.REPLIES, "delta", "delta", "script_finished"]), number)
        for kind, queue in queues.items():
            if what == "say":
                copy = ForwardMsg()
                copy.CopyFrom(made)
                queue.enqueue(copy)
            elif what == "flush":
                sent[kind] += queue.flush()
            else:
                parts = ["a"] if what == "begin a part" else None
                queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=parts)
        said += [made] if what == "say" else []
    for kind, queue in queues.items():
        sent[kind] += queue.flush()
        assert queue.flush() == []
    assert [one for one in sent[Kept] if is_reply(one)] == [one for one in said if is_reply(one)]
    own = [one for one in sent[ForwardMsgQueue] if not is_reply(one)]
    assert [one for one in sent[Kept] if not is_reply(one)] == own
