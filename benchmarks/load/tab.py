"""One browser tab: what Streamlit's JavaScript would send, receive and remember, without the drawing.

Messages are those of the installed ``streamlit`` package. Like a browser, a tab keeps larger messages for a
few runs and tells the server so, which then sends their hash instead; it sends the state of every widget
that was touched with each rerun; and it deletes a file from the server when another takes its place.
"""

import asyncio
import contextlib
import itertools
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.load.web import Web

KEPT_RUNS = 2
SCENE = "viewer-scene"
_ADDRESSES = map("10.0.{0[0]}.{0[1]}".format, itertools.product(range(256), range(256)))
"""Tabs come from everywhere, as a proxy beside the server would tell; what one address may is bounded."""
PATIENCE_SECONDS = 120


class Tab:
    """A connected tab.

    Attributes
    ----------
    elements : dict
        What is on the page, by place.
    errors : list of str
        Exceptions the page showed, and anything that went wrong on the way.
    scene : dict
        What the viewer of the front page was told to show last.
    arrivals : dict
        When the bytes of each picture last changed (``time.perf_counter``), by the courier's key.
    """

    def __init__(self, web: Web, query: str = "") -> None:
        self.web = web
        self.query = query
        self.elements: dict[tuple[int, ...], Element] = {}
        self.errors: list[str] = []
        self.scene: dict[str, Any] = {}
        self.arrivals: dict[str, float] = {}
        self.session_id = ""
        self.pages: dict[str, str] = {}
        self.n_bytes = 0
        self._page = ""
        self._address = next(_ADDRESSES)
        self._widgets: dict[str, WidgetState] = {}
        self._pictures: dict[str, bytes] = {}
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}
        self._fresh: set[tuple[int, ...]] = set()
        self._runs = self._started = self._asked = 0
        self._popovers: dict[str, str] = {}
        self._replies: dict[str, asyncio.Future[Any]] = {}
        self._changed = asyncio.Event()
        self._finished = False
        self._closing = False

    async def open(self) -> None:
        """Connect, and ask for the page."""
        await self.web.greet()
        await self._connect([])
        self.send()

    async def _connect(self, extra: list[str]) -> None:
        self._socket: ClientConnection = await connect(
            self.web.socket_url,
            subprotocols=["streamlit", self.web.token, *extra],  # type: ignore[list-item]
            additional_headers={"Cookie": self.web.cookie, "X-Forwarded-For": self._address},
            max_size=None,
            compression=None,
        )
        self._reader = asyncio.create_task(self._read())

    async def reconnect(self) -> None:
        """Lose the connection and come back to the same session, as after a gap in the network."""
        await self.close()
        self._closing = False
        await self._connect([self.session_id])

    async def close(self) -> None:
        """Close the tab."""
        self._closing = True
        await self._socket.close()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader

    def send(self, *changes: WidgetState, page: str | None = None) -> None:
        """Ask for a rerun with these widgets changed, or for another page; does not wait for anything."""
        if page is not None:
            self._page = self.pages[page]
        for change in changes:
            self._widgets[change.id] = change
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = self.query
        rerun.page_script_hash = self._page
        rerun.widget_states.widgets.extend(self._widgets.values())
        rerun.cached_message_hashes.extend(self._kept)
        rerun.context_info.timezone, rerun.context_info.locale = "UTC", "en-GB"
        rerun.context_info.url = self.web.url
        self._forget_triggers()
        self._asked = self._started
        self._post(message)

    def _forget_triggers(self) -> None:
        triggers = ("trigger_value", "json_trigger_value", "string_trigger_value")
        self._widgets = {
            key: state for key, state in self._widgets.items() if state.WhichOneof("value") not in triggers
        }

    def _post(self, message: BackMsg) -> None:
        self._sending = asyncio.create_task(self._socket.send(message.SerializeToString()))

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait for something to become true; whatever it looks at changes only when a message comes.

        Raises
        ------
        TimeoutError
            If it does not within two minutes.
        ConnectionError
            If the server closed the connection.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not ready():
                if self._reader.done():
                    raise ConnectionError("the server closed the connection")
                self._changed.clear()
                await self._changed.wait()

    async def settle(self) -> None:
        """Wait until the run that was asked for last has ended."""
        await self.until(lambda: self._started > self._asked and self._finished)

    async def ask(self, *changes: WidgetState, page: str | None = None) -> float:
        """Ask for a rerun and wait for its end; seconds that it took."""
        started = time.perf_counter()
        self.send(*changes, page=page)
        await self.settle()
        return time.perf_counter() - started

    def widget(self, key: str) -> str:
        """Streamlit's id of the widget that the app calls ``key``."""
        for element in self.elements.values():
            content = getattr(element, element.WhichOneof("type"))
            found = getattr(content, "id", "")
            if found and _key(found) == key:
                return found
        if key in self._popovers:
            return self._popovers[key]
        raise LookupError(f"no widget {key!r} on the page")

    def shown(self, kind: str) -> list[Any]:
        """All elements of a kind ("alert", "html", "download_button" …) on the page."""
        return [
            getattr(element, kind) for element in self.elements.values() if element.WhichOneof("type") == kind
        ]

    def picture(self, courier: str) -> bytes | None:
        """Bytes of the picture that a courier of the viewer brought, such as "viewer-pane-1"."""
        return self._pictures.get(courier)

    async def click(self, label: str) -> float:
        """Click a button; seconds until the run that follows has ended."""
        button = next(button for button in self.shown("button") if button.label == label)
        return await self.ask(WidgetState(id=button.id, trigger_value=True))

    async def upload(self, name: str, data: bytes, widget: str = "file") -> float:
        """Give a file to an uploader and wait for the run that follows; seconds it took in all."""
        key, started = self.widget(widget), time.perf_counter()
        urls = await self._file_urls(name)
        before = self._widgets.get(key)
        await self.web.put(urls.upload_url, name, data)
        if before is not None:
            for info in before.file_uploader_state_value.uploaded_file_info:
                await self.web.delete(info.file_urls.delete_url)
        state = WidgetState(id=key)
        state.file_uploader_state_value.uploaded_file_info.add(
            file_id=urls.file_id, name=name, size=len(data), file_urls=urls
        )
        await self.ask(state)
        return time.perf_counter() - started

    async def _file_urls(self, name: str) -> FileURLs:
        message = BackMsg()
        request = message.file_urls_request
        request.request_id, request.session_id = uuid.uuid4().hex, self.session_id
        request.file_names.append(name)
        return (await self._reply(message, request.request_id)).file_urls[0]

    async def download(self, label: str) -> bytes:
        """Click a download button and fetch what it gives."""
        return await self.web.get(await self.file_on_demand(label))

    async def file_on_demand(self, label: str) -> str:
        """Click a download button; the address of the file that was made."""
        button = next(button for button in self.shown("download_button") if button.label == label)
        message = BackMsg()
        request = message.backend_operation_request
        request.request_id, request.session_id = uuid.uuid4().hex, self.session_id
        request.deferred_file.file_id = button.deferred_file_id
        answer = await self._reply(message, request.request_id)
        if answer.error_msg:
            raise ConnectionError(f"{label}: {answer.error_msg}")
        return answer.deferred_file.url

    async def _reply(self, message: BackMsg, request_id: str) -> Any:
        reply = self._replies[request_id] = asyncio.get_running_loop().create_future()
        self._post(message)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await reply
        finally:
            del self._replies[request_id]

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                self.n_bytes += len(data)
                self._take(ForwardMsg.FromString(data))  # type: ignore[arg-type]
                self._changed.set()
        except ConnectionClosed as closed:
            if not self._closing:
                self.errors.append(f"disconnected: {closed}")
        finally:
            self._changed.set()

    def _take(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self._kept[message.hash] = self._runs, message
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            place = tuple(message.metadata.delta_path)
            _, message = self._kept[message.ref_hash]
            self._kept[message.hash] = self._runs, message
            self._place(place, message.delta.new_element)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._place(tuple(message.metadata.delta_path), message.delta.new_element)
        elif kind == "delta" and message.delta.add_block.HasField("popover"):
            opener = message.delta.add_block.popover.id
            self._popovers[_key(opener)] = opener
        elif kind == "new_session":
            self._begin(message.new_session)
        elif kind == "navigation":
            self.pages = {page.page_name: page.page_script_hash for page in message.navigation.app_pages}
            self._page = message.navigation.page_script_hash
        elif kind == "script_finished":
            self._end(message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)
        elif kind == "file_urls_response":
            self._answer(message.file_urls_response.response_id, message.file_urls_response)
        elif kind == "backend_operation_response":
            self._answer(message.backend_operation_response.request_id, message.backend_operation_response)
        elif kind == "session_event":
            self.errors.append(f"session event: {message.session_event}")

    def _answer(self, request_id: str, answer: Any) -> None:
        if request_id in self._replies:
            self._replies[request_id].set_result(answer)

    def _begin(self, session: Any) -> None:
        self.session_id = session.initialize.session_id
        self._started += 1
        self._finished = False
        self._fresh.clear()

    def _end(self, successful: bool) -> None:
        if not successful:
            return
        self._finished = True
        self._runs += 1
        self.elements = {place: one for place, one in self.elements.items() if place in self._fresh}
        self._kept = {key: kept for key, kept in self._kept.items() if self._runs - kept[0] <= KEPT_RUNS}

    def _place(self, place: tuple[int, ...], element: Element) -> None:
        self.elements[place] = element
        self._fresh.add(place)
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "bidi_component" and _key(element.bidi_component.id) == SCENE:
            self.scene = json.loads(element.bidi_component.json)[0]
        elif kind == "bidi_component" and element.bidi_component.bytes:
            courier, data = _key(element.bidi_component.id), element.bidi_component.bytes[32:]
            if self._pictures.get(courier) != data:
                self._pictures[courier] = data
                self.arrivals[courier] = time.perf_counter()


def _key(element_id: str) -> str:
    """What the app calls an element: ids are "$$ID-" and a hash, then the app's key."""
    return element_id.split("-", 2)[-1]
