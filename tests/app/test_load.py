"""Visitors over Streamlit's own protocol: everybody gets their own picture, also in haste and in crowds."""

import asyncio
import io
import json
import re
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from benchmarks.load.server import Watch, running_app
from benchmarks.load.tab import Tab
from benchmarks.load.visitor import ORIGINAL, RESULT, Diary, Visitor, find_fault, set_slider
from benchmarks.load.web import Web
from benchmarks.soak import KINDS, Level
from pages import SCREENS
from pages._server.uploads import MAX_UPLOADS
from quantize import Picture, quantize_image
from tests.app.test_server_frames import ASK, announced, knock
from tests.pictures import noise, smooth


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run in a thread of its own: where browser tests ran before, this one has an event loop already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with (
        (tmp_path_factory.mktemp("server") / "log.txt").open("w") as log,
        running_app(log) as (url, pid),
    ):
        yield url, pid
        loaded = Path(f"/proc/{pid}/maps")
        if loaded.exists():  # 60 MB that no page needs
            assert not re.search("/(pandas|pyarrow)/", loaded.read_text())


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def shown(data: bytes | None) -> np.ndarray:
    assert data is not None
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def own_picture(number: int) -> np.ndarray:
    return np.roll(smooth(40 + number, 60), number * 37, axis=2) // 2 + noise(40 + number, 60) // 4


async def open_tab(url: str) -> Tab:
    tab = Tab(Web(url))
    await tab.open()
    await tab.settle()
    return tab


def check(tab: Tab, pixels: np.ndarray, n_colors: int) -> None:
    np.testing.assert_array_equal(shown(tab.picture(ORIGINAL)), pixels)
    expected = quantize_image(Picture.from_pixels(pixels), n_colors=n_colors).pixels
    np.testing.assert_array_equal(shown(tab.picture(RESULT)), expected)
    assert tab.errors == []


def test_everybody_gets_their_own_picture_and_number_of_colors(server):
    async def visit(number: int) -> None:
        tab, pixels = await open_tab(server[0]), own_picture(number)
        await tab.upload("picture.png", png(pixels))
        for n_colors in (5 + number, 9, 12 + number):
            await tab.ask(set_slider(tab, n_colors))
            check(tab, pixels, n_colors)
        assert shown(await tab.download("Download PNG")).shape == pixels.shape
        await tab.close()

    async def run() -> None:
        await asyncio.gather(*(visit(number) for number in range(6)))

    run_apart(run())


def test_a_burst_of_changes_ends_at_the_last(server):
    async def run() -> None:
        tab, pixels = await open_tab(server[0]), own_picture(3)
        await tab.upload("picture.png", png(pixels))
        for n_colors in range(10, 30):
            tab.send(set_slider(tab, n_colors))
            await asyncio.sleep(0.01)
        expected = quantize_image(Picture.from_pixels(pixels), n_colors=29).pixels
        await tab.until(lambda: np.array_equal(shown(tab.picture(RESULT)), expected))
        await tab.settle()
        check(tab, pixels, 29)
        await tab.close()

    run_apart(run())


def test_two_tabs_do_not_disturb_each_other(server):
    async def run() -> None:
        first, second = await open_tab(server[0]), await open_tab(server[0])
        assert first.session_id != second.session_id
        await first.upload("one.png", png(own_picture(1)))
        await second.upload("two.png", png(own_picture(2)))
        await asyncio.gather(first.ask(set_slider(first, 6)), second.ask(set_slider(second, 7)))
        check(first, own_picture(1), 6)
        check(second, own_picture(2), 7)
        await first.close()
        await second.ask(set_slider(second, 8))
        check(second, own_picture(2), 8)
        await second.close()

    run_apart(run())


def test_the_same_picture_in_two_tabs_outlives_one_of_them(server):
    async def run() -> None:
        pixels = own_picture(4)
        tabs = [await open_tab(server[0]) for _ in range(2)]
        await asyncio.gather(*(tab.upload("same.png", png(pixels)) for tab in tabs))
        await tabs[0].close()
        await tabs[1].ask(set_slider(tabs[1], 11))
        check(tabs[1], pixels, 11)
        await tabs[1].close()

    run_apart(run())


def test_a_lost_connection_brings_the_picture_back(server):
    async def run() -> None:
        tab, pixels = await open_tab(server[0]), own_picture(5)
        await tab.upload("picture.png", png(pixels))
        session = tab.session_id
        await tab.reconnect()
        await tab.ask(set_slider(tab, 13))
        assert tab.session_id == session
        check(tab, pixels, 13)
        await tab.close()

    run_apart(run())


def test_a_file_that_is_no_picture_leaves_the_old_one(server):
    async def run() -> None:
        tab, pixels = await open_tab(server[0]), own_picture(2)
        await tab.upload("picture.png", png(pixels))
        await tab.upload("notes.png", b"not a picture at all")
        assert any("notes" in alert.body for alert in tab.shown("alert"))
        await tab.ask(set_slider(tab, 10))
        check(tab, pixels, 10)
        await tab.close()

    run_apart(run())


def test_the_benchmarks_visitor_meets_no_error(server, tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(png(own_picture(6)))
    diary, watch = Diary(), Watch(server[1])

    async def run() -> None:
        visitor = Visitor(server[0], [path], diary, pause=0, moves=3)
        await visitor.visit()
        await visitor.leave()

    run_apart(run())
    assert diary.errors == []
    assert diary.checked == 1
    assert "Compare K, pictures" in diary.times
    assert {kind: len(times) for kind, times in diary.times.items() if not kind.endswith(", pictures")} == {
        **{"open": 1, "upload, all": 1, "upload, picture": 1, "K, all": 3, "K, picture": 3},
        "K, followed": 3,
        **{screen.title: 1 for screen in SCREENS[1:]},
        **{"back": 1, "download": 1},
    }
    assert watch.look() > 50e6


def test_faults_are_found(tmp_path):
    path = tmp_path / "photo.png"
    pixels = own_picture(1)
    path.write_bytes(png(pixels))
    result = png(quantize_image(Picture.from_pixels(pixels), n_colors=8).pixels)
    assert find_fault(png(pixels), result, path, 8) is None
    assert find_fault(png(pixels), result, path, 7) == "8 colours instead of 7"
    assert find_fault(png(own_picture(2)), result, path, 8) == "the original shown is not photo.png"
    assert find_fault(png(pixels), png(255 - pixels), path, 8) == "the result shown is not of photo.png"
    assert find_fault(png(pixels), None, path, 8) == "a picture is missing"


def test_a_download_is_there_however_many_others_run_meanwhile(server):
    """Streamlit alone drops such a file after two runs of anybody."""

    async def run() -> None:
        mine, other = await open_tab(server[0]), await open_tab(server[0])
        await mine.upload("picture.png", png(own_picture(1)))
        address = await mine.file_on_demand("Download PNG")
        for n_colors in range(5, 10):
            await other.ask(set_slider(other, n_colors))
        headers, data = await mine.web._request("GET", address)
        assert shown(data).shape == own_picture(1).shape
        assert headers["content-disposition"] == 'attachment; filename="picture-16.png"'
        for tab in (mine, other):
            await tab.close()

    run_apart(run())


def test_nobody_fills_the_memory_with_uploads_that_no_page_asked_for(server):
    async def run() -> None:
        tab = await open_tab(server[0])
        for number in range(MAX_UPLOADS + 3):
            urls = await tab._file_urls(f"{number}.png")
            sent = tab.web.put(urls.upload_url, f"{number}.png", bytes(1000))
            if number < MAX_UPLOADS:
                await sent
            else:
                with pytest.raises(ConnectionError, match=r"429.* reload the page"):
                    await sent
        await tab.until(lambda: any("was not taken" in alert.body for alert in tab.shown("alert")))
        await tab.close()
        again = await open_tab(server[0])
        for number in range(9):  # one after the other, as people do it
            await again.upload("picture.png", png(own_picture(number)))
        check(again, own_picture(8), 16)
        await again.close()

    run_apart(run())


def test_a_flood_of_one_socket_and_foreign_pages_stop_nobody_else(server):
    """So many messages made everybody wait for 19 s, and so did ten foreign pages."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    said = message.SerializeToString()

    async def flood() -> None:
        async with connect(Web(server[0]).socket_url, subprotocols=["streamlit"]) as socket:
            with suppress(ConnectionClosed):
                for _ in range(20_000):
                    await socket.send(said)
                while True:
                    await socket.recv()

    async def look_in_from_elsewhere() -> None:
        with pytest.raises(InvalidStatus):
            await connect(Web(server[0]).socket_url, origin="https://evil.example")

    async def run() -> None:
        tab, pixels = await open_tab(server[0]), own_picture(3)
        await tab.upload("picture.png", png(pixels))
        flooding = asyncio.create_task(asyncio.to_thread(asyncio.run, flood()))
        for n_colors in (7, 8, 9):
            await asyncio.gather(*(look_in_from_elsewhere() for _ in range(10)))
            await tab.ask(set_slider(tab, n_colors))
            check(tab, pixels, n_colors)
        async with asyncio.timeout(60):
            await flooding  # it was closed
        await tab.ask(set_slider(tab, 10))
        check(tab, pixels, 10)
        await tab.close()

    run_apart(run())


def test_giant_frames_are_not_held_and_others_are_served(server):
    """Each says that it is 190 MB long, and as much of it was kept before anybody looked."""
    watch, port = Watch(server[1]), int(server[0].rpartition(":")[2])

    async def send() -> None:
        reader, writer = await knock(port, ASK.replace(b"/ ", b"/_stcore/stream "))
        writer.write(announced(190_000_000))
        with suppress(ConnectionError):
            for _ in range(1000):
                writer.write(bytes(2**16))
                await writer.drain()
            await reader.read()
        writer.close()

    async def run() -> None:
        tab, pixels = await open_tab(server[0]), own_picture(3)
        await tab.upload("picture.png", png(pixels))
        before = watch.look()
        looking = asyncio.create_task(watch.keep_looking(0.1))
        for n_colors in (7, 8, 9):
            await asyncio.gather(*(send() for _ in range(3)), tab.ask(set_slider(tab, n_colors)))
            check(tab, pixels, n_colors)
        looking.cancel()
        assert watch.most < before + 60e6
        await tab.close()

    run_apart(run())


def test_who_has_left_leaves_nothing_behind(tmp_path, monkeypatch):
    """Uploads, results, sockets, descriptors and threads: gone when nobody can come back to their session."""
    monkeypatch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", "2")
    monkeypatch.setenv("QUANTIZE_SHARE_STORE", str(tmp_path / "store"))
    photos = [tmp_path / f"{number:03}.png" for number in range(2)]
    for number, photo in enumerate(photos):
        photo.write_bytes(png(own_picture(number)))
    with (tmp_path / "log.txt").open("w") as log, running_app(log, "tests/watched_app.py") as (url, pid):

        async def until_level(start: Level) -> None:
            for _ in range(240):
                left = (await Level.of(url, pid)).faults(start, most_growth=2.0)
                if not left:
                    return
                await asyncio.sleep(0.5)
            raise AssertionError(left)

        async def run() -> None:
            diary, empty = Diary(), Level(2**40, 2**10, 2**10, {})
            tabs = [await open_tab(url) for _ in range(3)]
            before = (await Level.of(url, pid)).held
            await asyncio.gather(*(tab.upload("a.png", png(own_picture(9))) for tab in tabs))
            now = (await Level.of(url, pid)).held
            assert (now["uploads"], now["sessions"]) == (0, 3)  # the app's own copies are in the sessions
            assert now["bytes"] > before["bytes"]
            for tab in tabs:
                await tab.close()
            await asyncio.gather(*(kind(url, photos[0], diary) for kind in KINDS[1:]))
            await until_level(empty)
            start = await Level.of(url, pid)
            await asyncio.gather(*(kind(url, photo, diary) for kind in KINDS[1:] for photo in photos))
            assert diary.errors == []
            assert (await Level.of(url, pid)).held["kept sessions"]
            await until_level(start)

        run_apart(run())


def test_who_was_served_from_the_cache_alone_leaves_nothing_behind(tmp_path, monkeypatch):
    """Nothing is made for the second visitor; what both used goes when both have gone."""
    monkeypatch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", "4")
    with (tmp_path / "log.txt").open("w") as log, running_app(log, "tests/watched_app.py") as (url, _):

        async def held() -> dict[str, int]:
            return json.loads(await Web(url).get("/held"))

        async def run() -> None:
            maker, other = await open_tab(url), await open_tab(url)
            await maker.upload("picture.png", png(own_picture(3)))
            await other.upload("picture.png", png(own_picture(3)))
            await maker.close()
            async with asyncio.timeout(60):
                while (await held())["sessions"] > 1:
                    await asyncio.sleep(0.1)
            check(other, own_picture(3), 16)
            assert (await held())["own"] > 0
            await other.close()
            async with asyncio.timeout(60):
                while (left := await held())["kept sessions"]:
                    await asyncio.sleep(0.1)
            assert left["sessions"] == left["own"] == 0

        run_apart(run())


def test_an_upload_is_not_lost_when_its_visitor_goes_on_at_once(server):
    """The rerun that a slider causes ends the run that has just begun to read the file."""
    pixels = np.roll(smooth(1500, 1500), 40, axis=2)

    async def run() -> None:
        for delay in (0.02, 0.1, 0.2):
            tab = await open_tab(server[0])
            urls = await tab._file_urls("picture.png")
            await tab.web.put(urls.upload_url, "picture.png", png(pixels))
            state = WidgetState(id=tab.widget("file"))
            state.file_uploader_state_value.uploaded_file_info.add(
                file_id=urls.file_id, name="picture.png", size=1, file_urls=urls
            )
            tab.send(state)
            await asyncio.sleep(delay)
            await tab.ask(set_slider(tab, 9))
            check(tab, pixels, 9)
            await tab.close()

    run_apart(run())
