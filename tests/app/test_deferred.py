"""A click on a download gets its file at any moment: while its page or anybody's is drawn anew."""

from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests

import pages._downloads  # noqa: F401 - which lets it be so
from pages import _deferred


@pytest.fixture(autouse=True)
def nothing_held():
    _deferred._held.clear()
    yield
    _deferred._held.clear()


class Server:
    """A media file manager of Streamlit's, with visitors whose runs go on step by step."""

    def __init__(self):
        self.files = MediaFileManager(MemoryMediaFileStorage("/media"))
        self.here = set()
        self.visit = None

    @contextmanager
    def of(self, visit):
        self.visit = visit
        runtime = SimpleNamespace(is_active_session=self.here.__contains__)
        name = "streamlit.runtime.scriptrunner_utils.script_run_context.get_script_run_ctx"
        with (
            patch.object(_deferred, "get_script_run_ctx", lambda **_: self.visit),
            patch(name, lambda *_, **__: self.visit),
            patch.object(_deferred, "exists", lambda: True),
            patch.object(_deferred, "get_instance", lambda: runtime),
        ):
            yield self.files

    def begin(self, session):
        self.here.add(session)
        run = SimpleNamespace(session_id=session, script_requests=ScriptRequests())
        with self.of(run) as files:
            files.clear_session_refs()
        return run

    def draw(self, run, button, text, place=None):
        with self.of(run) as files:
            return files.add_deferred(text.encode, "text/plain", place or button, "a.txt", element_id=button)

    def end(self, run):
        with self.of(run) as files:
            files.remove_orphaned_files()

    def leave(self, session):
        self.here.discard(session)
        with self.of(None) as files:
            files.clear_session_refs(session)
            files.remove_orphaned_files()

    def click(self, file_id):
        url = self.files.execute_deferred(file_id)
        return self.files.read_file(url.rsplit("/", 1)[1].split(".")[0]).content.decode()

    def make(self, session, text, button="button"):
        """A click's file, from a thread of no run; how it can be fetched."""
        with self.of(SimpleNamespace(session_id=session, script_requests=None)) as files:
            _deferred.hold(files, text.encode(), "a.txt", "text/plain", button)
        return self.fetcher(text)

    def fetcher(self, text):
        storage = self.files._storage._files_by_id
        file_id = next(one for one, file in storage.items() if file.content == text.encode())
        return lambda: self.files.read_file(file_id) is not None

    def kept(self):
        return len(self.files._deferred_callables)


STEPS = st.lists(
    st.tuples(st.sampled_from(["begin", "draw", "end", "overtake"]), st.integers(0, 2)), max_size=40
)


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_what_a_browser_knows_can_be_asked_for_at_any_moment(steps):
    server, runs, known, old = Server(), {}, {}, {}
    for at, (step, session) in enumerate(steps):
        run = runs.get(session)
        if step == "begin" and run is None:
            runs[session] = server.begin(session)
        elif step == "draw" and run is not None:
            known[session] = server.draw(run, "button", f"{session} {at}"), f"{session} {at}"
        elif step == "end" and run is not None and session in known:
            server.draw(run, "button", known[session][1])
            server.end(runs.pop(session))
        elif step == "overtake" and run is not None:
            # As Streamlit does it: the run is told to stop, another one begins, the first ends some time.
            run.script_requests.request_stop()
            old.setdefault(session, []).append(run)
            runs[session] = server.begin(session)
        for late in old.get(session, []) if step == "end" else []:
            server.draw(late, "button", "what was before")
            server.end(late)
        for file_id, text in known.values():
            assert server.click(file_id) == text
        assert server.kept() <= len(known)


def test_a_page_keeps_one_file_for_each_of_its_buttons():
    server = Server()
    ids = set()
    for turn in range(5):
        run = server.begin("a")
        ids.add(server.draw(run, "one", f"1 {turn}"))
        server.draw(run, "two", f"2 {turn}", place=f"moved {turn}")
        assert server.kept() == 2
        server.end(run)
    assert len(ids) == 1
    assert server.click(*ids) == "1 4"


def test_a_button_that_is_not_drawn_any_more_is_forgotten_at_the_end_of_its_run():
    server = Server()
    run = server.begin("a")
    file_id = server.draw(run, "one", "1")
    server.end(run)
    run = server.begin("a")
    server.end(server.begin("b"))
    assert server.click(file_id) == "1"
    server.end(run)
    assert server.kept() == 0
    with pytest.raises(MediaFileStorageError):
        server.click(file_id)


@pytest.mark.parametrize("in_the_middle", [False, True])
def test_who_leaves_is_forgotten(in_the_middle):
    server = Server()
    run = server.begin("a")
    server.draw(run, "one", "1")
    if not in_the_middle:
        server.end(run)
    server.leave("a")
    assert server.kept() == 0


def test_visitors_do_not_get_each_others_files():
    server = Server()
    ids = [server.draw(server.begin(session), "button", session) for session in "ab"]
    assert [server.click(one) for one in ids] == ["a", "b"]


def test_buttons_without_an_id_have_files_of_their_own():
    server = Server()
    run = server.begin("a")
    ids = [server.draw(run, "", text, place=text) for text in "xy"]
    assert [server.click(one) for one in ids] == ["x", "y"]


def test_what_was_made_can_be_fetched_for_a_while_whoever_runs(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(_deferred.time, "monotonic", lambda: now)
    server = Server()
    server.begin("a")
    is_there = server.make("a", "what was clicked")
    for session in "abab":
        server.end(server.begin(session))
        assert is_there()
    now += _deferred.HOLD_SECONDS + 1
    for session in "ab":
        server.end(server.begin(session))
    assert not is_there()
    assert not _deferred._held


def test_of_each_button_the_last_files_are_held():
    server = Server()
    server.begin("a")
    there = [server.make("a", text) for text in ("1", "2", "3", "3", "4")] + [server.make("a", "5", "other")]
    for session in "abb":
        server.end(server.begin(session))
    assert [is_there() for is_there in there] == [False, *[True] * 5]
    server.leave("a")
    server.end(server.begin("b"))
    assert not any(is_there() for is_there in there)
    assert not _deferred._held


def test_what_all_visitors_hold_is_bounded_and_the_oldest_gives_way(monkeypatch):
    monkeypatch.setattr(_deferred, "HELD_BYTES", 10)
    server = Server()
    for session in "abc":
        server.begin(session)
    there = [server.make(session, session * 5) for session in "abc"]
    for session in "abcc":
        server.end(server.begin(session))
    assert [is_there() for is_there in there] == [False, True, True]
    server.make("c", "more than all may hold")
    assert [one.session for one in _deferred._held] == ["b", "c"]


def test_what_was_made_for_somebody_who_has_left_meanwhile_is_not_held():
    server = Server()
    server.begin("a")
    server.leave("a")
    is_there = server.make("a", "too late")
    for _ in range(2):
        server.end(server.begin("b"))
    assert not is_there()
    assert "a" not in server.files._files_by_session_and_coord


@pytest.mark.parametrize("leaves", [False, True])
def test_a_run_or_an_end_that_comes_while_it_is_kept_does_no_harm(monkeypatch, leaves):
    server = Server()
    server.begin("a")
    add = MediaFileManager.add

    def add_and_clear(self, *file, **more):
        url = add(self, *file, **more)
        if leaves:
            server.here.discard("a")
        self.clear_session_refs("a")
        return url

    monkeypatch.setattr(MediaFileManager, "add", add_and_clear)
    is_there = server.make("a", "in that moment")
    for _ in range(2):
        server.end(server.begin("b"))
    assert is_there() is not leaves
    assert "a" not in server.files._files_by_session_and_coord


def test_a_run_that_was_overtaken_leaves_nothing():
    server = Server()
    run = server.begin("a")
    run.script_requests.request_stop()
    server.draw(run, "button", "what was before")
    assert server.kept() == 0
    assert not server.files._deferred_ids_by_session
