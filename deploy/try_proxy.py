"""Tries the proxy of compose.yaml without a container engine: two servers, HAProxy and Chromium.

    python -m deploy.try_proxy            (wants haproxy and chromium on the path: Debian's packages do)

Starts the app twice, a name server that knows both as "app", as Docker's would, and the proxy with the real
deploy/haproxy.cfg, of which only addresses are changed. Visitors come by a name that is not this machine's.
Prints a line for each thing tried; stops at the first that fails.
"""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from deploy.local import PICTURE, ROOT, chromium, free_port, is_healthy, settle, wait_until

REPLICAS = ("127.0.0.2", "127.0.0.3")
PUBLIC = "pictures.test"
VISITORS = 20
WAIT_MS = 60_000
CONFIG = ROOT / "deploy" / "haproxy.cfg"


@contextmanager
def name_server() -> Iterator[int]:
    """Answer every question for IPv4 addresses with those of both servers; yield the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        threading.Thread(target=_answer, args=[server], daemon=True).start()
        yield server.getsockname()[1]


def _answer(server: socket.socket) -> None:
    while True:
        try:
            query, asker = server.recvfrom(4096)
        except OSError:
            return
        # RFC 1035: twelve bytes of header, then the name, its type and class.
        end = query.index(0, 12) + 5
        (kind,) = struct.unpack("!H", query[end - 4 : end - 2])
        addresses = REPLICAS if kind == 1 else ()
        head = query[:2] + struct.pack("!5H", 0x8180, 1, len(addresses), 0, 0)
        records = [struct.pack("!3HIH", 0xC00C, 1, 1, 1, 4) + socket.inet_aton(each) for each in addresses]
        server.sendto(head + query[12:end] + b"".join(records), asker)


@contextmanager
def process(*command: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block."""
    with log.open("wb") as output:
        environment = {**os.environ, "QUANTIZE_METRICS": "public"}
        started = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
    try:
        yield started
    finally:
        started.terminate()
        started.wait(15)


def app(address: str, port: int) -> list[str]:
    """The command that starts one server."""
    options = [f"--server.address={address}", f"--server.port={port}", "--server.headless=true"]
    return [sys.executable, "-m", "streamlit", "run", "app.py", *options, "--server.fileWatcherType=none"]


def write_config(path: Path, front: int, behind: int, names: int) -> None:
    """Write the proxy's configuration with the addresses of this machine."""
    text = CONFIG.read_text()
    for old, new in {
        "bind :8080": f"bind 127.0.0.1:{front}",
        " app:8501 ": f" app:{behind} ",
        "127.0.0.11:53": f"127.0.0.1:{names}",
    }.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text)


def sessions(address: str, port: int) -> int:
    """How many visitors one server has, as it says itself."""
    connection = HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/_stcore/metrics")
        text = connection.getresponse().read().decode()
    finally:
        connection.close()
    return int(float(re.findall(r"^active_sessions(?:\{.*\})? (\S+)$", text, re.M)[0]))


class Trial:
    """Everything that runs, and what is tried with it."""

    def __init__(
        self, browser: Browser, front: int, behind: int, servers: list[subprocess.Popen[bytes]]
    ) -> None:
        self._browser = browser
        self._front = front
        self._behind = behind
        self._servers = servers
        self._url = f"http://{PUBLIC}:{front}"

    def run(self) -> None:
        """Try one thing after the other."""
        for attempt in (
            self.spread,
            self.work_on_both,
            self.say_how_cookies_travel,
            self.refuse,
            self.lose_one,
        ):
            attempt()
            print(f"ok: {attempt.__doc__}")

    def spread(self) -> None:
        """twenty visitors spread over both servers, and each stays where its cookie says"""
        pages = [self._visit() for _ in range(VISITORS)]
        counts = Counter(map(self._cookie, pages))
        assert sorted(counts.values()) == sorted(self._sessions()), (counts, self._sessions())
        assert len(counts) == 2
        assert min(counts.values()) >= VISITORS // 4, counts
        for page in pages:
            page.context.close()
        wait_until(lambda: sum(self._sessions()) == 0, 90, "the visitors to be forgotten")

    def work_on_both(self) -> None:
        """on both servers a visitor uploads a picture, moves the slider and downloads the result"""
        pages = [self._visit() for _ in REPLICAS]
        assert len(set(map(self._cookie, pages))) == 2
        for page in pages:
            self._work(page)
            page.context.close()

    def say_how_cookies_travel(self) -> None:
        """the cookie is for this site alone; by HTTPS it also goes into frames elsewhere"""
        plain = self._ask("GET", "/").headers["Set-Cookie"]
        safe = self._ask("GET", "/", **{"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
        assert plain.endswith("; HttpOnly; SameSite=Lax"), plain
        assert safe.endswith("; HttpOnly; SameSite=None; Secure; Partitioned"), safe

    def refuse(self) -> None:
        """an upload larger than the app takes is refused before it is sent"""
        answer = self._ask("PUT", "/_stcore/upload_file/a/b", **{"Content-Length": "30000000"})
        assert answer.status == 413, answer.status

    def lose_one(self) -> None:
        """when a server is killed its visitor goes on at the other, with sample and settings, and works"""
        page = self._visit("/?sample=cat&k=24")
        expect(page.locator('b:text-is("24 colours")')).to_be_visible(timeout=WAIT_MS)
        name, cookie = page.locator(".cq-name").inner_text(), self._cookie(page)
        lost = self._sessions().index(1)
        self._servers[lost].send_signal(signal.SIGKILL)
        self._servers[lost].wait()
        seconds = wait_until(lambda: sessions(REPLICAS[1 - lost], self._behind) == 1, 60, "the visitor")
        print(f"    (it was there after {seconds:.1f} s)")
        settle(page)
        expect(page.locator(".cq-name")).to_have_text(name)
        expect(page.locator('b:text-is("24 colours")')).to_be_visible(timeout=WAIT_MS)
        self._work(page)
        assert self._cookie(page) != cookie
        page.reload()
        page.locator(PICTURE).wait_for(timeout=WAIT_MS)

    def _visit(self, path: str = "/") -> Page:
        page = self._browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(self._url + path, timeout=WAIT_MS)
        page.locator(PICTURE).wait_for(timeout=WAIT_MS)
        return page

    def _work(self, page: Page) -> None:
        page.locator('input[type="file"]').set_input_files(ROOT / "docs" / "pictures" / "studio.webp")
        expect(page.locator(".cq-name")).to_have_text("studio.webp", timeout=WAIT_MS)
        page.get_by_role("radio", name="8", exact=True).click()
        expect(page.locator('b:text-is("8 colours")')).to_be_visible(timeout=WAIT_MS)
        page.get_by_role("slider", name="Colours (K)").press("ArrowRight")
        expect(page.locator('b:text-is("9 colours")')).to_be_visible(timeout=WAIT_MS)
        with page.expect_download(timeout=WAIT_MS) as download:
            page.get_by_role("button", name="Download PNG").click()
        assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")

    def _cookie(self, page: Page) -> str:
        return next(each["value"] for each in page.context.cookies() if each["name"] == "replica")

    def _sessions(self) -> list[int]:
        return [sessions(address, self._behind) for address in REPLICAS]

    def _ask(self, method: str, path: str, **headers: str) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self._front, timeout=10)
        connection.request(method, path, headers={"Host": PUBLIC, **headers})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


def main() -> int:
    """Start everything, try everything."""
    # Debian puts it where only root looks.
    proxy = shutil.which("haproxy", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if proxy is None:
        print("not tried: there is no haproxy on this machine")
        return 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        front, behind, names = free_port(), free_port(REPLICAS[0]), stack.enter_context(name_server())
        logs = [folder / f"{address}.txt" for address in REPLICAS]
        servers = [
            stack.enter_context(process(*app(address, behind), log=log))
            for address, log in zip(REPLICAS, logs, strict=True)
        ]
        for address in REPLICAS:
            wait_until(partial(is_healthy, address, behind), 60, f"the server {address}")
        write_config(folder / "haproxy.cfg", front, behind, names)
        stack.enter_context(
            process(proxy, "-db", "-f", str(folder / "haproxy.cfg"), log=folder / "proxy.txt")
        )
        wait_until(lambda: is_healthy("127.0.0.1", front), 30, "the proxy")
        browser = stack.enter_context(chromium(f"--host-resolver-rules=MAP {PUBLIC} 127.0.0.1"))
        Trial(browser, front, behind, servers).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
