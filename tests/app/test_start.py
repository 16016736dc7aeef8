"""A server that has just started: the original is there at once, and a bar says how far the engine is."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from pages import _cache
from pages._cache.start import Start
from quantize import Settings
from tests.app.test_pages import assert_sound, open_app, texts


class Unready(Start):
    """Half done, and ready when somebody has waited so often."""

    def __init__(self, waits: int) -> None:
        super().__init__(lambda report: report(0.5))
        self.thread.join()
        self._ready.clear()
        self.waits = waits

    def wait(self, seconds: float = 0.0) -> bool:
        self.waits -= 1
        return self.waits < 0


@pytest.mark.parametrize(
    "page", ["studio", "compare_k", "palette", "your_palette", "inside_kmeans", "compare_spaces"]
)
def test_the_page_waits_with_the_original_and_a_bar_and_then_begins(page, monkeypatch):
    shown: list[AppTest] = []
    drawn = _cache.original_preview
    monkeypatch.setattr(_cache, "original_preview", lambda *what: shown.append(what) or drawn(*what))
    app = open_app()
    app.switch_page(f"pages/{page}.py")
    shown.clear()
    start = Unready(3)
    monkeypatch.setattr(_cache, "warm_up", lambda: start)
    app.run()
    assert_sound(app)
    assert shown
    assert start.waits < 0
    assert "600×400" in texts(app)


def test_what_goes_wrong_in_the_background_keeps_nobody_waiting():
    def broken(report):
        raise RuntimeError

    threading.excepthook, before = lambda _: None, threading.excepthook
    try:
        assert Start(broken).wait(60)
    finally:
        threading.excepthook = before


def test_it_is_ready_when_a_first_result_can_be_made_and_not_before():
    go, end = threading.Event(), threading.Event()

    def work(report):
        report(0.25)
        go.wait(60)
        report(1.0)
        end.wait(60)

    start = Start(work)
    while start.done != 0.25:
        pass
    assert not start.wait()
    go.set()
    assert start.wait(60)
    assert start.thread.is_alive()
    end.set()


def test_a_time_beside_a_compiler_is_left_out_and_taken_again_after(monkeypatch):
    monkeypatch.setattr("pages._cache.results.is_compiling", lambda: True)
    picture, settings = _cache.sample("shapes"), Settings(n_colors=11)
    slowed = _cache.quantized(picture, settings, lambda: None)
    assert slowed.seconds is None
    assert _cache.quantized(picture, settings, lambda: None) is slowed
    monkeypatch.setattr("pages._cache.results.is_compiling", lambda: False)
    timed = _cache.quantized(picture, settings, lambda: None)
    assert timed.seconds > 0
    assert (timed.result.palette == slowed.result.palette).all()
    assert _cache.quantized(picture, settings, lambda: None) is timed
