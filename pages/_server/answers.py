"""An answer of the server that is collected, changed and sent on as a whole; all others pass through."""

from starlette.types import Message, Send


class Collected:
    """Stands between an application and whom it answers, for one answer; ``wants`` and ``finish`` say which
    is collected, and what becomes of it.
    """

    def __init__(self, send: Send) -> None:
        self.send = send
        self._start: Message | None = None
        self._body = bytearray()

    def wants(self, start: Message) -> bool:
        """Whether the answer that begins so is collected."""
        raise NotImplementedError

    async def finish(self, start: Message, body: bytes) -> None:
        """Send an answer on: its begin, of which headers may be changed, and all of its body."""
        raise NotImplementedError

    async def pass_on(self, message: Message) -> None:
        """Send on a part of an answer that is not collected."""
        await self.send(message)

    async def __call__(self, message: Message) -> None:
        """Take a message of the application; see ASGI."""
        if message["type"] == "http.response.start" and self.wants(message):
            self._start = message
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self.finish(self._start, bytes(self._body))
        else:
            await self.pass_on(message)


async def send_whole(send: Send, start: Message, body: bytes) -> None:
    """Send the begin of an answer and its body."""
    await send(start)
    await send({"type": "http.response.body", "body": body})
