"""A visitor stays on the page that they chose last, whatever their browser says of the ones before."""

import random
import time
from math import inf
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.thread_safe_set import ThreadSafeSet

from pages import _messages
from pages._place import MOST_OWN, TOLD_SECONDS, Place


def said(page, query="", *, history=False, fragment=None, **values):
    """A message: how its controls stand, a whole number each, or a click where it is True."""
    states = [
        WidgetState(id=name, trigger_value=True) if value is True else WidgetState(id=name, int_value=value)
        for name, value in values.items()
    ]
    return RerunData(
        query, WidgetStates(widgets=states), page, fragment_id=fragment, is_history_navigation=history
    )


class Browser:
    """What it shows, what it was told and has not heard, and how its controls stand."""

    def __init__(self, has_own):
        self.at, self.address, self.on_the_way = "a", "", []
        self.controls = {"k": 0, "file": 0}
        self.has_own, self.own = has_own, 0

    def hear(self):
        self.at, self.address, controls = self.on_the_way.pop(0)
        self.controls.update(controls)

    def choose(self, page):
        """Of a page where it believes to be, Streamlit's link says the address as it stands."""
        return self._message(page, self.address if page == self.at else "embed=true")

    def do(self, what):
        if what == "own":
            self.own += 1
        elif what != "click":
            self.controls[what] += 1
        own = {f"own {self.at}": self.own} if self.has_own else {}
        return self._message(self.at, self.address, **own, **({"button": True} if what == "click" else {}))

    def _message(self, page, address, **own):
        message = said(page, address, k=self.controls["k"], **own)
        file = WidgetState(id="file")
        file.file_uploader_state_value.uploaded_file_info.add(file_id=str(self.controls["file"]))
        message.widget_states.widgets.append(file)
        return message


@pytest.mark.parametrize("has_own", [True, False])
@pytest.mark.parametrize("seed", range(60))
def test_nothing_leads_back_from_where_a_visitor_went(seed, has_own):
    """What the server tells comes late or, of a run that is cut short, not at all; what it sets, too."""
    rng, place, browser = random.Random(seed), Place(), Browser(has_own)
    place.hear(browser.choose("a"))
    place.begin("a", lambda: frozenset({"own a"}))
    wanted, acts = "a", ("k", "file", "click", *(["own"] if has_own else []))
    for step in range(80):
        what = rng.choice(("hear", "go", *acts))
        if browser.on_the_way and (what == "hear" or len(browser.on_the_way) > 2):
            browser.hear()
            continue
        if what == "k" and "k" in place.told and not has_own:
            what = "file"  # what we have just set may change without a hand
        if what in acts:
            message = browser.do(what)
        else:
            wanted = rng.choice("abcdef")
            message = browser.choose(wanted)
        heard = place.hear(message)
        assert heard.page_script_hash == wanted
        assert heard.widget_states is message.widget_states
        if rng.random() < 0.7:
            place.begin(wanted, lambda page=wanted: frozenset({f"own {page}"}))
            new = {"k": 1000 * step + 500} if step % 3 == 0 else {}
            place.told.update(dict.fromkeys(new, inf))
            browser.on_the_way.append((wanted, f"k={step}", new))


def test_the_browsers_history_leads_back():
    place = Place()
    place.hear(said("a", k=1))
    place.begin("a", lambda: frozenset({"own a"}))
    place.hear(said("b", k=1))
    back = said("a", "k=3", history=True, k=2, **{"own a": 1})
    assert place.hear(back) is back


def test_what_is_late_stays_with_the_address_of_the_page():
    place = Place()
    place.hear(said("a", "k=1"))
    place.hear(said("b", "", k=1))
    heard = place.hear(said("a", "k=1", fragment="of a", k=1))
    assert (heard.page_script_hash, heard.query_string, heard.fragment_id) == ("b", "", None)
    assert place.hear(said("a", k=5)).page_script_hash == "b"
    place.told["k"] = time.monotonic() - TOLD_SECONDS
    assert place.hear(said("a", k=6)).page_script_hash == "b"
    place.told["k"] = time.monotonic()
    assert place.hear(said("a", k=7)).page_script_hash == "a"  # which we set, and a link was clicked


def test_a_file_that_arrives_leads_nowhere():
    def message(page, *files):
        state = WidgetState(id="file")
        for file in files:
            state.file_uploader_state_value.uploaded_file_info.add(file_id=file)
        return RerunData("", WidgetStates(widgets=[state]), page)

    place = Place()
    place.hear(message("a"))
    assert place.hear(message("b")).page_script_hash == "b"
    assert place.hear(message("a", "one")).page_script_hash == "b"
    assert place.hear(message("a", "one")).page_script_hash == "a"  # a link, to where the browser was


def test_what_a_run_has_drawn_by_then_is_known(monkeypatch):
    """Also what an earlier one had drawn, as each may have been cut short."""
    storage, place = "storage", Place()
    monkeypatch.setattr(_messages, "_calls", {storage: SimpleNamespace(place=place)})
    for names in (("slider", "list"), ("slider",), ()):
        shared = SimpleNamespace(widget_ids_this_run=ThreadSafeSet())
        context = SimpleNamespace(fragment_storage=storage, page_script_hash="a", shared=shared)
        monkeypatch.setattr(_messages, "get_script_run_ctx", lambda context=context, **_: context)
        shared.widget_ids_this_run.check_and_add("around")
        _messages.begin_page()
        for name in names:
            shared.widget_ids_this_run.check_and_add(name)
        for name in ("slider", "list"):
            place.page = "b"  # where the visitor has gone while this one is drawn
            assert place.hear(said("a", around=1, **{name: 1})).page_script_hash == "b"
        assert place.hear(said("a", around=1)).page_script_hash == "a"


def test_of_a_page_whose_controls_change_their_names_no_more_is_kept_than_is_drawn():
    place = Place()
    for run in range(1000):
        place.begin("a", lambda run=run: frozenset(f"{run}.{number}" for number in range(40)))
        assert len(place.own["a"]) <= MOST_OWN
    place.page = "b"
    assert place.hear(said("a", **{"999.7": 1})).page_script_hash == "b"


def test_few_pages_are_known():
    place = Place()
    for number in range(100):
        place.begin(str(number % 30), lambda: frozenset({"own"}))
    assert len(place.own) == len(place.drawn) == 4
