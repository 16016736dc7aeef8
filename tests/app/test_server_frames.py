"""What one socket may send before it is heard, and how little it may take: each silenced all others."""

import asyncio
import random
import zlib
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from pages._server import frames, patience
from tests.app.test_server_limits import in_a_loop

MUCH = 400

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]

ASK = (
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
PACKED = b"\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"


def frame(data: bytes, opcode: Opcode = Opcode.BINARY, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


def announced(n_bytes: int) -> bytes:
    """Begin of a frame that says it is so long."""
    return b"\x82\xff" + n_bytes.to_bytes(8, "big") + bytes(4)


def packed(n_bytes: int) -> bytes:
    """A message of zeros, a thousandth of it on the way."""
    pack = zlib.compressobj(9, wbits=-12)
    plain = frame((pack.compress(bytes(n_bytes)) + pack.flush(zlib.Z_SYNC_FLUSH))[:-4])
    return bytes([plain[0] | 0x40]) + plain[1:]


async def echo(scope: dict, receive: Callable, send: Callable) -> None:
    """Say what is said; whoever asks for a file gets 100 MB of it, and whoever says "much"."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(MUCH):
            await send({"type": "http.response.body", "body": bytes(2**18), "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return
    while (message := await receive())["type"] != "websocket.disconnect":
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["bytes"] == b"much":
            for _ in range(MUCH):
                await send({"type": "websocket.send", "bytes": bytes(2**18)})
        else:
            await send({"type": "websocket.send", "bytes": message["bytes"]})


@asynccontextmanager
async def serving(app: Callable = echo):
    frames.bound()
    frames.bound()  # twice is once
    patience.be_impatient()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, lifespan="off", log_level="critical", ws="websockets-sansio"
    )
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0.01)
    yield running.servers[0].sockets[0].getsockname()[1]
    running.should_exit = True
    await task


async def knock(port: int, ask: bytes = ASK) -> Client:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ask)
    if b"WebSocket" in ask:
        assert b" 101 " in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
    return reader, writer


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


def hostile_requests(number: int, seed: int = 0) -> list[bytes]:
    """Requests for a socket with bytes in them that nobody sends, too long ones, and too many headers."""
    chance, found = random.Random(seed), []
    for _ in range(number):
        ask = bytearray(ASK[:-2] + b"Cookie: abc\r\nOrigin: http://a\r\n\r\n")
        for _ in range(chance.choice((1, 1, 1, 3, 20))):
            place = chance.randrange(len(ask) - 4)
            ask[place : place + chance.choice((0, 1))] = bytes(
                [chance.choice((*range(32), 127, 128, 255, 58, 44))]
            )
        found.append(bytes(ask))
    more = (
        b"Cookie: " + b"x" * 9000,
        b"\r\n".join(b"A%d: b" % at for at in range(300)),
        b"A: \x01",
        b"A: \x7f",
    )
    found += [ASK[:-2] + header + b"\r\n\r\n" for header in more]
    return [*found, ASK.replace(b"GET /", b"GET /" + b"x" * 9000), ASK.replace(b"GET /", b"GET /%ff\xff")]


def test_whoever_asks_for_a_socket_is_answered_or_left_in_any_words(caplog):
    """Some such requests were neither answered nor left: each kept a descriptor for as long as it liked."""

    async def ask(port: int, words: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(words)
        with suppress(ConnectionError):
            said = await asyncio.wait_for(reader.read(100), patience.HEADER_SECONDS + 15)
        writer.close()
        return said[:12]

    async def run() -> None:
        async with serving() as port:
            requests = hostile_requests(400)
            answers = await asyncio.gather(*(ask(port, words) for words in requests))
            assert {b"HTTP/1.1 101", b"HTTP/1.1 400"} <= set(answers)
            assert all(not one or one.startswith(b"HTTP/1.1 ") for one in answers)
            _, writer = await knock(port)
            writer.close()

    in_a_loop(run())
    assert not caplog.records  # nobody fills the log with that either


ATTACKS = {
    "more than a message may be": (announced(190_000_000), bytes(2**16)),
    "a message in more parts than anybody sends": (
        frame(b"x", fin=False),
        frame(b"x", Opcode.CONT, fin=False) * 1000,
    ),
    "empty parts": (frame(b"x", fin=False), frame(b"", Opcode.CONT, fin=False) * 1000),
    "pings": (b"", frame(b"x" * 125, Opcode.PING) * 1000),
    "pongs": (b"", frame(b"", Opcode.PONG) * 1000),
    "messages that are unpacked": (b"", packed(24 * 2**20)),
    "no frames": (b"", b"\xff" * 1000),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_who_sends_what_nobody_sends_is_cut_off_and_others_are_served(attack):
    first, again = ATTACKS[attack]
    read = 0

    class Counted(frames.BoundedSocket):
        def handle_events(self) -> None:
            nonlocal read
            read += len(self.conn.events)
            super().handle_events()

    async def run() -> None:
        async with serving() as port, connect(f"ws://127.0.0.1:{port}/") as other:
            reader, writer = await knock(port, ASK.removesuffix(b"\r\n\r\n") + PACKED)
            writer.write(first)
            with suppress(ConnectionError):
                async with asyncio.timeout(30):
                    while not writer.is_closing():
                        writer.write(again)
                        await writer.drain()
                        await other.send(b"me too")
                        assert await other.recv() == b"me too"
                        assert frames.held.total <= 2 * frames.MAX_MESSAGE_BYTES
                    await reader.read()
            writer.close()
            await until(lambda: frames.held.total == 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "BoundedSocket", Counted)
        in_a_loop(run())
    assert read < 2 * frames.FRAMES + 10_000  # the other's, and a piece more than is counted


def test_all_that_people_send_comes_through():
    said = [bytes([number]) * length for number, length in enumerate((0, 1, 5000, 70_000, 2**19))]

    async def run() -> None:
        async with serving() as port:
            for compression in ("deflate", None):
                async with connect(f"ws://127.0.0.1:{port}/", compression=compression, max_size=None) as one:
                    for message in said:
                        await one.send(message)
                    assert [await one.recv() for _ in said] == said
                    await one.send([b"in", b"", b" parts"])
                    assert await one.recv() == b"in parts"
                    await one.send(bytes(2**19 + 1))
                    with pytest.raises(ConnectionClosed) as closed:
                        await one.recv()
                    assert closed.value.rcvd.code == 1009
            reader, writer = await knock(port)
            writer.write(b"".join(map(frame, said)) * 3)  # all at once
            expected = b"".join(Frame(Opcode.BINARY, one).serialize(mask=False) for one in said) * 3
            assert await asyncio.wait_for(reader.readexactly(len(expected)), 30) == expected
            writer.close()
            await until(lambda: frames.held.total == 0)

    in_a_loop(run())


def test_of_all_sockets_the_one_that_holds_most_is_cut_off(monkeypatch):
    monkeypatch.setattr(frames, "MAX_HELD_BYTES", 10**6)

    async def run() -> None:
        async with serving() as port:
            clients = [await knock(port) for _ in range(4)]
            for number, (_, writer) in enumerate(clients):
                writer.write(announced(400_000) + bytes(250_000 + number))
            async with asyncio.timeout(30):
                assert await clients[3][0].read()  # a word of farewell, and the end
            assert 10**6 >= frames.held.total >= 700_000
            async with connect(f"ws://127.0.0.1:{port}/") as other:
                await other.send(b"x" * 200_000)
                assert len(await other.recv()) == 200_000
            for reader, writer in clients[:2]:
                writer.write(bytes(150_000))
                assert (await asyncio.wait_for(reader.readexactly(2), 30))[0] == 0x82
            for _, writer in clients:
                writer.close()
            await until(lambda: frames.held.total == 0)

    in_a_loop(run())


@pytest.mark.parametrize("kind", ["socket", "file"])
def test_who_takes_nothing_is_waited_for_no_longer_than_a_minute(kind, monkeypatch):
    monkeypatch.setattr(patience, "TAKE_SECONDS", 0.1)
    monkeypatch.setattr(frames, "TAKE_SECONDS", 0.1)
    ended = []

    async def app(scope: dict, receive: Callable, send: Callable) -> None:
        try:
            await echo(scope, receive, send)
        finally:
            ended.append(scope["path"])

    async def run() -> None:
        async with serving(app) as port:
            if kind == "socket":
                _, writer = await knock(port)
                writer.write(frame(b"much"))
            else:
                _, writer = await knock(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await until(lambda: ended == ["/"])
            writer.close()

    in_a_loop(run())


def test_who_takes_slowly_gets_all(monkeypatch):
    async def run() -> None:
        async with serving() as port:
            reader, writer = await knock(port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            length = 0
            while part := await asyncio.wait_for(reader.read(2**18), 30):
                length += len(part)
            assert length > MUCH * 2**18
            writer.close()

    in_a_loop(run())


def test_who_sends_a_file_in_tiny_pieces_is_cut_off():
    """Forty thousand of them came at once, and were a quarter of a second of the processor's."""
    ask = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    most = []

    async def app(scope: dict, receive: Callable, send: Callable) -> None:
        while (message := await receive()).get("more_body"):
            most.append(len(message["body"]))

    async def run() -> None:
        async with serving(app) as port:
            reader, writer = await knock(port, ask)
            with suppress(ConnectionError):
                async with asyncio.timeout(60):
                    while not writer.is_closing():
                        writer.write(b"1\r\nx\r\n" * 1000)
                        await writer.drain()
                    await reader.read()
            writer.close()

    in_a_loop(run())
    assert max(most) <= 4 * (patience.READ_BYTES // 6 + 1)  # and others had their turn in between
