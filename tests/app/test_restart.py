"""What is done first after a restart of the server: a browser says it to a session that drew nothing yet."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.test_pages import ROOT, assert_sound, open_app, record


def do_after_a_restart(app: AppTest, act: Callable[[AppTest], object]) -> AppTest:
    """A new session, to which the browser that shows this app says that something was done."""
    act(app)
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in app.query_params.items():
        again.query_params[name] = value
    again._run(app._tree.get_widget_states())
    assert_sound(again)
    return again


ACTS = {
    "slider": (lambda app: app.slider(key="k").set_value(9), "k", 9),
    "pills": (lambda app: app.button_group(key="quick_pick").set_value(64), "k", 64),
    "select": (lambda app: app.selectbox(key="preset").set_value("looks"), "dither", "looks"),
    "sample": (lambda app: app.button_group(key="sample").set_value("shapes"), "sample", "shapes"),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_first_act_after_a_restart_counts_and_nothing_else_changes(act):
    do, name, value = ACTS[act]
    app = open_app(k="12", space="LAB")
    before = record(app)
    again = do_after_a_restart(app, do)
    assert getattr(record(again), name) == value
    assert record(again).space == (before.space if act != "select" else "Oklab")
    again.slider(key="k").set_value(33).run()
    assert record(again).k == 33


def test_a_button_counts_and_a_browser_that_did_nothing_changes_nothing():
    app = open_app(k="12", palette="000000-ffffff-c00000", strength="0.5", dither="bayer-4")
    again = do_after_a_restart(app, lambda app: None)
    assert record(again) == record(app)
    again = do_after_a_restart(app, lambda app: app.button(key="use_no_more").set_value(True))
    assert record(again).palette == ()
    assert record(again).k == 12
