"""What a browser may say to this server, of all that Streamlit hears.

Streamlit lets everybody clear the caches of all visitors, and ask for names of files beside the program, that
git is run to find while nobody is served. Browsers of visitors say five things, and none of these. Of a
server's own operations they ask for one: the file of a button, which is made when it is clicked.
"""

import re

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages._server.uploads import MAX_UPLOADS

KINDS = ("rerun_script", "stop_script", "file_urls_request", "backend_operation_request", "app_heartbeat")
"""Kinds of messages that are heard."""

_FILE = re.compile("[0-9a-f]{32}")
MAX_NAME = 200
"""Characters of what a browser calls its request and its session."""

MAX_WIDGETS = 1000
"""Controls of which one message tells; a page has some fifty, and one for each file and colour."""


def fault(data: bytes) -> str | None:
    """Say what is wrong with a message, or None if it may be heard."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return "no message"
    kind = message.WhichOneof("type")
    if kind not in KINDS:
        return f"nobody may say {kind}"
    if kind == "backend_operation_request" and not _asks_for_a_file(message):
        return "nobody may ask for that operation"
    if len(message.file_urls_request.file_names) > MAX_UPLOADS:
        return "too many files asked for"
    if len(message.rerun_script.widget_states.widgets) > MAX_WIDGETS:
        return "too many controls"
    return None


def _asks_for_a_file(message: BackMsg) -> bool:
    asked = message.backend_operation_request
    return (
        asked.WhichOneof("payload") == "deferred_file"
        and bool(_FILE.fullmatch(asked.deferred_file.file_id))
        and max(len(asked.request_id), len(asked.session_id)) <= MAX_NAME
    )
