"""Answers to what a browser asked for reach it, whatever else happens meanwhile.

When a run begins, Streamlit throws away what a session was to be sent and has not been sent yet: the run
draws it all anew. That holds for what is drawn. The address to which a file is to be sent, and that of a file
made on demand, are told once; a browser that was not told waits for ever, and its visitor watches a bar that
stands.
"""

from typing import Any

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

REPLIES = ("file_urls_response", "backend_operation_response", "heartbeat_ack")
"""Kinds of messages that answer one of a browser's."""


def keep(queue: Any = ForwardMsgQueue) -> None:
    """Let queues of this kind keep answers when a run begins; done once, it stays."""
    if getattr(queue, "keeps_replies", False):
        return
    clear = queue.clear

    def clear_what_is_drawn(self: Any, retain_lifecycle_msgs: bool = False, *said: Any, **more: Any) -> None:
        before = self._queue
        clear(self, retain_lifecycle_msgs, *said, **more)
        if retain_lifecycle_msgs:
            kept = {id(message) for message in self._queue}
            replies = [message for message in before if message.WhichOneof("type") in REPLIES]
            self._queue = [*(reply for reply in replies if id(reply) not in kept), *self._queue]

    queue.clear, queue.keeps_replies = clear_what_is_drawn, True
