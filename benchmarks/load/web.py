"""The HTTP side of a tab: the cookie against forged requests, uploads, downloads."""

import asyncio
import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

COOKIE = "_streamlit_xsrf"
BOUNDARY = "benchmark-of-many-visitors"


class Web:
    """Requests of one visitor; each on a connection of its own, in a thread, so that nobody waits.

    Parameters
    ----------
    url : str
        Where the app is, without a slash at the end.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._host = urlsplit(url).netloc
        self.token = ""

    @property
    def socket_url(self) -> str:
        """Where Streamlit's WebSocket is."""
        return f"ws{self.url.removeprefix('http')}/_stcore/stream"

    @property
    def cookie(self) -> str:
        """What a browser would send with every request."""
        return f"{COOKIE}={self.token}"

    async def greet(self) -> None:
        """Get the cookie, whose value each upload must repeat."""
        headers, _ = await self._request("GET", "/_stcore/health")
        found = SimpleCookie(headers.get("set-cookie", "")).get(COOKIE)
        self.token = found.value if found else "-"

    async def get(self, path: str) -> bytes:
        """Fetch a file."""
        return (await self._request("GET", path))[1]

    async def put(self, path: str, name: str, data: bytes) -> None:
        """Upload a file as the page's form does."""
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = b"".join((head.encode(), data, f"\r\n--{BOUNDARY}--\r\n".encode()))
        await self._request("PUT", path, body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})

    async def delete(self, path: str) -> None:
        """Delete an uploaded file."""
        await self._request("DELETE", path)

    async def _request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[dict[str, str], bytes]:
        given = {"Cookie": self.cookie, "X-Xsrftoken": self.token, **(headers or {})}
        return await asyncio.to_thread(self._fetch, method, path, body, given)

    def _fetch(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self._host, timeout=120)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status >= 400:
                raise ConnectionError(f"{method} {path}: {answer.status} {content[:200]!r}")
            return {name.lower(): value for name, value in answer.getheaders()}, content
        finally:
            connection.close()
