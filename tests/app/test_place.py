"""A visitor stays on the page that they chose last, whatever their browser says of the ones before."""

import random
from contextlib import suppress
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.thread_safe_set import ThreadSafeSet
from streamlit.runtime.state.query_params import EMBED_QUERY_PARAMS_KEYS

from pages import _messages
from pages._place import STREAMLITS, Place


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
        self.at, self.address, self.on_the_way = "a", "k=0", []
        self.controls = {"k": 0, "file": 0}
        self.has_own, self.own, self.is_set = has_own, 0, False

    def hear(self):
        self.at, self.address, controls = self.on_the_way.pop(0)
        self.controls.update(controls)
        self.is_set = self.is_set or bool(controls)

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
        self.is_set = False
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
    place.note("a", frozenset({"own a"}))
    wanted, acts = "a", ("k", "file", "click", *(["own"] if has_own else []))
    for step in range(80):
        what = rng.choice(("hear", "go", *acts))
        if browser.on_the_way and (what == "hear" or len(browser.on_the_way) > 2):
            browser.hear()
            continue
        if what in acts:
            message = browser.do(what)
        else:  # a link to where the browser is looks like a control if the server has just set one
            wanted = rng.choice([page for page in "abcdef" if not (browser.is_set and page == browser.at)])
            message = browser.choose(wanted)
        heard = place.hear(message)
        assert heard.page_script_hash == wanted
        assert heard.widget_states is message.widget_states
        if rng.random() < 0.7:
            place.note(wanted, frozenset({f"own {wanted}"}))
            browser.on_the_way.append(
                (wanted, f"k={step}", {"k": 1000 * step + 500} if step % 3 == 0 else {})
            )


def test_the_browsers_history_leads_back():
    place = Place()
    place.hear(said("a", k=1))
    place.note("a", frozenset({"own a"}))
    place.hear(said("b", k=1))
    back = said("a", "k=3", history=True, k=2, **{"own a": 1})
    assert place.hear(back) is back


def test_what_is_late_stays_with_the_address_of_the_page():
    place = Place()
    place.hear(said("a", "k=1"))
    place.hear(said("b", "", k=1))
    heard = place.hear(said("a", "k=1", fragment="of a", k=1))
    assert (heard.page_script_hash, heard.query_string, heard.fragment_id) == ("b", "", None)
    assert place.hear(said("a", "embed=true&EMBED_OPTIONS=x", k=5)).page_script_hash == "a"
    assert place.hear(said("b", "k=" + "&" * 10**6, k=6)).page_script_hash == "a"


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


def test_what_a_run_that_was_cut_short_drew_is_known(monkeypatch):
    storage, place = SimpleNamespace(), Place()
    calls = SimpleNamespace(place=place)
    monkeypatch.setattr(_messages, "_calls", {id(storage): calls})
    for names in (("slider", "list"), ("slider",)):
        context = SimpleNamespace(
            fragment_storage=id(storage),
            page_script_hash="a",
            shared=SimpleNamespace(widget_ids_this_run=ThreadSafeSet()),
        )
        monkeypatch.setattr(_messages, "get_script_run_ctx", lambda context=context, **_: context)
        drawn = context.shared.widget_ids_this_run
        drawn.check_and_add("around")
        with suppress(KeyboardInterrupt), _messages.page_drawn():
            for name in names:
                drawn.check_and_add(name)
            raise KeyboardInterrupt
        drawn.check_and_add("below")
    assert place.own == {"a": {"slider", "list"}}


def test_streamlits_own_parameters_are_known():
    assert set(STREAMLITS) == set(EMBED_QUERY_PARAMS_KEYS)


def test_few_pages_are_known():
    place = Place()
    for number in range(100):
        place.note(str(number % 30), frozenset({"own"}))
    assert len(place.own) == 4
