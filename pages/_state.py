"""What a session remembers, and the address: the only module that touches either.

All that a visitor chose is one record (``_choices.py``). Controls show it, and callbacks tell what was done
with them; the address is read when a session starts, and written from the record in every run. No control
is bound to the address by itself, as Streamlit forgets such a value a page after the control was last drawn.

A callback reads and changes only what ``remembered`` and ``_said`` give: Streamlit ends a callback that
touches the session state while the next change waits, and does not call it again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.query_params import EMBED_QUERY_PARAMS_KEYS
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

from pages._address import from_query, to_query
from pages._choices import Choices
from pages._lookups import look_up_by_name
from pages._messages import Message, listen, tell
from pages._remembered import Query, Remembered
from pages._visit import Visit
from quantize.decoding.samples import FIRST

FILES = "file_uploader_state_value"
"""Kind of what a widget says that holds files."""

_MISSING = object()
_behind: ContextVar[str | None] = ContextVar("behind", default=None)

# Keys of the controls that a browser names, by Streamlit's view of the session in that run.
_named: WeakKeyDictionary[Any, set[str | None]] = WeakKeyDictionary()


def _hear(safe: SafeSessionState, message: Message) -> None:
    """Call the callbacks of a browser's message, also when the next message is there already.

    Streamlit looks for that first, and then goes on with it alone. It holds the values of all controls, but
    not that a button was clicked before: on a busy server a click was lost by whatever was done right after
    it. Streamlit looks again after the callbacks, so nothing is kept waiting.
    """
    if message.widgets is not None:
        _named[safe] = {user_key_from_element_id(widget.id) for widget in message.widgets.widgets}
    with safe._lock:
        is_new = "remembered" not in safe._state
        known: Remembered | None = None if is_new else safe._state["remembered"]
        # As a whole: of half a message the run before would take for a wish what is only said again.
        with known.visit.lock if known else nullcontext():
            if known:
                known.visit.has_heard = _query_of(message) == known.written
            safe._state.on_script_will_rerun(message.widgets, **message.more)
            if known:
                did_more = message.page != known.page or _says_more(safe._state, message, known.visit)
                known.visit.end_message(did_more)
            if known and message.went_back:
                _hear_way_back(known, message)
    if is_new and message.widgets is not None and message.widgets.widgets:
        _early[safe] = message.widgets


def _says_more(state: SessionState, message: Message, visit: Visit) -> bool:
    """Whether a message has something new of what is no control of ours, whether or not anybody minds it.

    A viewer says what is looked at, and of another picture than the one that is shown it comes too late. A
    file that was taken goes, which is nothing that somebody did (``notice_file``).
    """
    states = message.widgets.widgets if message.widgets else []
    ids = [one.id for one in states if one.WhichOneof("value") != FILES]
    new = {user_key_from_element_id(id) for id in ids if state._widget_changed(id)}
    return bool(new - {wish.key for wish in visit.heard} - visit.sent.keys())


def _hear_way_back(known: Remembered, message: Message) -> None:
    """Begin again with the address if a visitor went through their browser's history to it.

    As a whole, before a run can end: the next message says no more that its address is one of the history,
    and the record that it led away from would be written over it.
    """
    query = _query_of(message)
    if _came_back(known, query, message.page):
        _start_over(known, query)


def _query_of(message: Message) -> Query:
    return {
        key: values
        for key, values in parse_qs(message.query, keep_blank_values=True).items()
        if key.lower() not in EMBED_QUERY_PARAMS_KEYS  # which st.query_params does not show
    }


# By Streamlit's view of a session, what a browser said before that had drawn any control: after a restart of
# the server it says what was done last to a new session, which does not know the controls yet.
_early: WeakKeyDictionary[Any, WidgetStates] = WeakKeyDictionary()

LASTING = ("curve",)
"""Controls that go on to say what was once done with them."""


def _say_again(early: WidgetStates) -> None:
    """Let a session hear in its next run what it was told before it knew the controls."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.script_requests is None:
        return
    known = [one for one in early.widgets if user_key_from_element_id(one.id) not in LASTING]
    context.script_requests.request_rerun(
        RerunData(
            query_string=context.query_string,
            widget_states=WidgetStates(widgets=known),
            page_script_hash=context.page_script_hash,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )


listen(_hear)
look_up_by_name()


def choices() -> Choices:
    """Return what the visitor chose, up to what was just done."""
    known = visit()
    if known.heard or known.wishes:
        known.settle(_is_new_page())
    return known.choices


def remembered() -> Remembered:
    """Return what this session remembers; ends no run and no callback."""
    context = get_script_run_ctx(suppress_warning=True)
    state = context.session_state if context else None
    known = None if state is None else _remembered.get(state)
    found = known or st.session_state.to_dict().get("remembered")
    if found is None:
        query = _query()
        record, refused = _read_address(query)
        found = Remembered(Visit(record, refused), written=query)
        found.shared.delete_key = _delete_key(query)
        found.early = None if state is None else _early.pop(state, None)
        st.session_state["remembered"] = found
    if state is not None:
        _remembered[state] = found
    return found


# By Streamlit's view of a session, which is another one for each of its runs that overlap.
_remembered: WeakKeyDictionary[Any, Remembered] = WeakKeyDictionary()


@contextmanager
def whole_run() -> Iterator[None]:
    """Stand around a whole run: after one that is cut short the next tells again what was not heard.

    Streamlit throws away what a run has said and a browser has not got yet, when the next run begins.
    """
    known = remembered()
    known.runs += 1
    number, known.catches_up, known.is_cut = known.runs, known.is_cut, True
    yield
    if number == known.runs:
        known.is_cut, known.drawn = False, _page()
        known.visit.told()
        early, known.early = known.early, None
        if early is not None:
            _say_again(early)


def visit() -> Visit:
    return remembered().visit


def said(widget: str) -> Any:
    """What a browser says of a widget, for callbacks."""
    return st.session_state.to_dict().get(widget)


def show(widget: str, value: Any) -> None:
    """Set a widget to a value, unless it has it: a browser takes what is set over what it was just told."""
    has = st.session_state.get(widget, _MISSING)
    if has is _MISSING:
        visit().forget_sent(widget)
    must = has is _MISSING or visit().must_set(widget, value, has)
    # Of another page's run a browser drops controls that this page has, perhaps after it named them.
    if must or _is_new_page() or _may_not_have_heard(widget) or not _is_drawn(widget):
        st.session_state[widget] = value
        if must and has is not _MISSING:
            tell(widget)


@contextmanager
def popover(label: str, key: str, icon: str) -> Iterator[None]:
    """Draw a popover, and in it what is drawn meanwhile.

    A browser goes on to say what a control behind it said when it was last open, whatever we set it to since.
    """
    token = _behind.set(key)
    try:
        with st.popover(label, icon=icon, key=key, on_change=notice):
            yield
    finally:
        _behind.reset(token)


def behind() -> str | None:
    """Key of the popover that is being drawn, if any."""
    return _behind.get()


def is_closed(popover: str | None) -> bool:
    """Whether a browser says that a popover, which was open before, is closed."""
    context = get_script_run_ctx(suppress_warning=True)
    named = (_named.get(context.session_state) if context else None) or set()
    return popover is not None and popover in named and not said(popover)


def _is_drawn(widget: str) -> bool:
    """Whether a browser has drawn this control: it names all that it has.

    One in a popover is drawn when that is opened, and then knows only what the last run told: all runs tell
    its value until then, or it would show Streamlit's own.
    """
    context = get_script_run_ctx(suppress_warning=True)
    named = _named.get(context.session_state) if context else None
    return named is None or widget in named


def _may_not_have_heard(widget: str) -> bool:
    """Whether we set this control, nobody has moved it since, and the run before was cut short.

    One that somebody moves is left alone: it would jump back to where it was some keystrokes ago.
    """
    known = remembered()
    return known.catches_up and widget in known.visit.sent


def question() -> tuple[int, Callable[[], None]]:
    """Number of the last question to the browser (``Visit.questions``), and the callback of its answer."""
    return visit().questions, lambda: visit().hear_answer()


def change(**values: Any) -> None:
    """Choose this, in a callback or in a run; controls that were drawn show it in the next run."""
    update(lambda record: replace(record, **values))


def update(how: Callable[[Choices], Choices]) -> None:
    """Change what was chosen by what it is then."""
    visit().hear(None, None, how)


def follow(**values: Any) -> None:
    """Choose what follows from what is shown: nobody asked for it."""
    visit().hear(None, None, lambda record: replace(record, **values), asked=False)


def notice() -> None:
    """Callback for what changes no choice: its message was not sent for nothing."""
    update(lambda record: record)


def notice_file(widget: str) -> None:
    """Callback of a file widget: the same for a new file. One that was taken goes, and calls this, too."""
    files = said(widget) or []
    if not all(is_taken(file.file_id) for file in (files if isinstance(files, list) else [files])):
        notice()


def _read_address(query: Query) -> tuple[Choices, tuple[str, ...]]:
    return from_query(urlencode(query, doseq=True))


def _start_over(known: Remembered, query: Query) -> None:
    """Begin again with what the address says; an upload stays, as no address brings it back."""
    record, refused = _read_address(query)
    own = known.visit.upload
    if own:
        share = record.share if known.shared.receipt_of(record.share) else ""
        record = replace(record, sample=FIRST, share=share, own=not share)
    before = known.visit
    known.visit = Visit(
        record, refused, upload=own, tray=before.tray,
        # Perhaps still on its way to the browser:
        replaced=before.replaced, sent=before.sent, crossed=before.crossed, questions=before.questions,
    )  # fmt: skip
    known.written = query
    known.reads += 1
    known.picture = ""  # what the address says to be looked at is in its own picture
    known.shared.delete_key = _delete_key(query)


def _delete_key(query: Query) -> str:
    return query.get("delete", [""])[-1]


def _query() -> Query:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def _came_back(known: Remembered, query: Query, page: str) -> bool:
    """Whether the visitor went through their browser's history, to an address that is not the record's.

    When a page is chosen, Streamlit leaves an entry in the history that holds none of ours: that one is none.
    """
    return query != known.written and (bool(query) or page not in known.entered)


def _is_new_page() -> bool:
    page = _page()
    return page is not None and page != remembered().page


def is_drawn() -> bool:
    """Whether this page stands in the browser already, whole, from the run before."""
    return remembered().drawn == _page()


def _page() -> str | None:
    context = get_script_run_ctx(suppress_warning=True)
    return context.page_script_hash if context else None


def write_address() -> None:
    """Bring the address in line with the record, in every run."""
    known = remembered()
    wanted = {key: [value] for key, value in to_query(choices()).items()}
    if known.shared.delete_key:
        wanted["delete"] = [known.shared.delete_key]
    context, now = get_script_run_ctx(suppress_warning=True), _query()
    if context is not None and _is_new_page():
        if not now and known.page is not None:
            known.entered.add(context.page_script_hash)
        known.page = context.page_script_hash
    if not now == wanted == known.written or known.catches_up:  # what was told last may still be on its way
        st.query_params.from_dict(wanted)
    known.written = wanted


def refused() -> tuple[str, ...]:
    """Sentences about what was refused of the address, or of the last control: until the next change."""
    return visit().refused


def is_embedded() -> bool:
    """Whether the page stands in a frame of another site, which wants the viewer alone."""
    return bool(st.context.is_embedded)


def is_first_time(what: str, name: str) -> bool:
    """Whether this was not asked with the same name before: for what is said once."""
    if is_seen(what, name):
        return False
    mark_seen(what, name)
    return True


def is_seen(widget: str, file_id: str) -> bool:
    """Whether this file of a file widget was marked as seen."""
    return remembered().seen.get(widget) == file_id


def mark_seen(widget: str, file_id: str) -> None:
    """Remember that all was done with this file of a file widget."""
    remembered().seen[widget] = file_id


def is_taken(file_id: str) -> bool:
    """Whether all was done with this file, of whatever widget."""
    return file_id in remembered().taken


def mark_taken(file_id: str) -> None:
    """Remember that all was done with this file."""
    remembered().taken.add(file_id)


def checkpoint() -> Callable[[], None]:
    """Give long work something to call: it ends the run if the visitor has moved on (STREAMLIT's rerun)."""
    return lambda: st.session_state.get("remembered")


def visitor() -> str | None:
    """Identify the visitor that this thread works for, or None if it works for none: one tab, one visitor."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None


def whereabouts() -> tuple[str, str, str]:
    """Where a visitor comes from: the address, the one that a proxy says, the session; "" for none."""
    lines = st.context.headers.get_all("x-forwarded-for") or [""]
    # The nearest proxy writes last; what stands before may be made up.
    return str(st.context.ip_address or ""), lines[-1].rpartition(",")[2].strip(), visitor() or ""
