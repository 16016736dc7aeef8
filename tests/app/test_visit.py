"""What a browser says of its controls becomes choices; what it repeats, not having heard yet, does not."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pages._choices import Choices, clip
from pages._viewer.messages import Look, read_look
from pages._visit import Visit


def said(visit: Visit, moved: bool = False, **values: object) -> Choices:
    """One message with these controls changed, as Streamlit tells it: a callback for each."""
    for key, value in values.items():
        visit.hear(key, value, lambda record, key=key, value=value: replace(record, **{key: value}))
    visit.settle(moved)
    return visit.choices


def test_a_control_that_was_set_and_says_its_old_value_beside_another_change_is_no_wish():
    visit = Visit(Choices(k=64))
    assert visit.must_set("k", 64, 16)  # a quick pick set the slider to 64, and the browser has not heard
    assert said(visit, k=16, space="LAB") == Choices(k=64, space="LAB")
    assert said(visit, k=16, n=9) == Choices(k=64, space="LAB", n=9)  # and still has not
    assert said(visit, space="HSV") == Choices(k=64, space="HSV", n=9)  # now it has
    assert said(visit, k=16, space="BGR") == Choices(k=16, n=9)


def test_what_a_control_says_long_after_it_was_set_somebody_did():
    now = [0.0]
    visit = Visit(Choices(k=17), clock=lambda: now[0])
    assert visit.must_set("k", 17, 16)
    now[0] = 60.0
    assert said(visit, k=16, space="LAB") == Choices(k=17, space="LAB")
    visit.told()
    now[0] = 62.9
    assert said(visit, k=16, space="HSV") == Choices(k=17, space="HSV")
    visit.told()
    now[0] = 63.1
    assert said(visit, k=16, space="BGR") == Choices(k=16, space="BGR")


def test_what_a_closed_popover_says_again_is_never_a_wish_and_what_it_says_anew_is_one():
    """Its controls hear of nothing that we set, and go on to say what they said when it was open."""
    now = [0.0]
    visit = Visit(Choices(), clock=lambda: now[0])

    def say(hidden: bool, method: str, **values: object) -> Choices:
        visit.hear("method", method, lambda record: replace(record, method=method), hidden=hidden)
        return said(visit, **values)

    visit.choices = replace(visit.choices, method="looks")
    for _ in range(3):
        assert visit.must_set("method", "looks", "kmeans")
        visit.told()
        now[0] += 60
        assert say(True, "kmeans").method == "looks"  # alone, as when another popover is opened
        assert visit.must_set("method", "looks", "kmeans")
        visit.told()
        now[0] += 60
        assert say(True, "kmeans", n=9).method == "looks"
    assert say(True, "wu").method == "wu"  # changed just before it was closed
    assert visit.must_set("method", "looks", "wu")
    visit.told()
    now[0] += 60
    assert say(False, "wu").method == "wu"


def test_alone_the_old_value_is_a_wish_unless_the_visitor_left_the_page():
    visit = Visit(Choices(k=64))
    assert visit.must_set("k", 64, 16)
    assert said(visit, moved=True, k=16).k == 64
    assert said(visit, k=16).k == 16


def test_a_control_that_is_moved_to_what_it_was_lately_is_not_set_again():
    """Two colours are removed, and one is wanted back by a key, another by the next: the slider goes on."""
    visit = Visit(Choices(n=4))
    assert visit.must_set("n", 5, 6)
    assert visit.must_set("n", 4, 5)
    visit.told()
    assert said(visit, n=5).n == 5
    assert not visit.must_set("n", 5, 5)
    assert said(visit, n=6).n == 6
    assert not visit.must_set("n", 6, 6)


def test_alone_it_is_none_from_a_browser_that_names_an_older_address():
    visit = Visit(Choices(k=64))
    assert visit.must_set("k", 64, 16)
    visit.told()
    visit.hear("k", 16, lambda record: replace(record, k=16))
    visit.has_heard = False
    visit.settle(False)
    assert visit.choices.k == 64
    visit.has_heard = True
    assert said(visit, k=16).k == 16


def test_a_click_beside_an_old_value_is_what_was_done():
    visit = Visit(Choices(k=64))
    assert visit.must_set("k", 64, 16)
    visit.hear("k", 16, lambda record: replace(record, k=16))
    visit.hear(None, None, lambda record: replace(record, picked="#c00000"))
    visit.settle(False)
    assert visit.choices == Choices(k=64, picked="#c00000")


def test_a_control_that_was_sent_another_value_is_set_again_even_if_it_says_the_right_one():
    visit = Visit(Choices(k=24))
    assert visit.must_set("k", 24, 16)  # a point of the curve was clicked
    visit.hear("k", 16, lambda record: replace(record, k=16))  # not heard yet
    visit.hear(None, None, lambda record: replace(record, k=16))  # another point
    visit.settle(False)
    assert visit.choices.k == 16
    assert visit.must_set("k", 16, 16)  # or the browser would stay with 24
    assert said(visit, k=24, space="LAB").k == 16  # which it may still say
    assert visit.must_set("k", 16, 24)
    assert said(visit, space="HSV").k == 16
    assert said(visit, k=30).k == 30
    assert not visit.must_set("k", 30, 30)  # moved by hand: setting it would hold up who drags on


def test_what_was_sent_has_arrived_and_takes_back_nothing_that_was_done_meanwhile():
    visit = Visit(Choices(k=64))
    assert visit.must_set("k", 64, 16)
    visit.hear(None, None, lambda record: replace(record, k=65))
    assert said(visit, k=64, space="LAB") == Choices(k=65, space="LAB")
    assert visit.must_set("k", 65, 64)
    assert said(visit, k=64, space="HSV") == Choices(k=65, space="HSV")
    assert said(visit, k=65, space="BGR").k == 65
    assert said(visit, k=64, space="LAB").k == 64  # moved by hand


def test_a_control_that_is_drawn_anew_may_say_what_it_was_sent_before_it_was_gone():
    visit = Visit(Choices())
    assert visit.must_set("dither", "looks", "none")  # a preset
    visit.choices = replace(visit.choices, dither="none")  # on another page, which has a control of its own
    visit.forget_sent("dither")
    assert said(visit, dither="looks").dither == "looks"


@given(st.booleans())
def test_of_two_messages_that_come_at_once_the_first_counts_though_it_says_an_old_value(settled):
    """Somebody takes back what a preset did, and moves K at once: whether a run looked in between or not."""
    visit = Visit(Choices(k=64))
    assert visit.must_set("k", 64, 16)
    visit.told()
    visit.hear("k", 16, lambda record: replace(record, k=16))
    visit.end_message(False)
    if settled:
        visit.settle(False)
    assert said(visit, space="LAB") == Choices(k=16, space="LAB")


class Crossing:
    """A browser with a list of what is pinned, and a server that sets it, with messages on their way.

    The server calls a list's callback if it says something else than the server thinks that it shows.
    """

    def __init__(self):
        self.visit = Visit(Choices())
        self.thinks = self.shows = ()
        self.to_server, self.to_browser = [], []

    def click(self, color):
        self.to_server.append((self.shows, color))

    def hear(self):
        says, color = self.to_server.pop(0)
        if says != self.thinks:
            self.visit.hear("pin", says, lambda record: replace(record, pin=says))
        self.thinks = says
        self.visit.hear(None, None, lambda record: replace(record, pin=(*record.pin, color)))

    def draw(self):
        self.visit.settle(False)
        pins = self.visit.choices.pin
        if self.visit.must_set("pin", pins, self.thinks):
            self.thinks = pins
            self.to_browser.append(pins)

    def show(self):
        self.shows = self.to_browser.pop(0)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(["click", "hear", "draw", "show", "told"]), min_size=12, max_size=60))
def test_of_clicks_none_is_lost_however_messages_cross(steps):
    """A palette whose colours are pinned by clicks, beside the list of what is pinned."""
    crossing, clicked = Crossing(), []
    for step in [*steps, *["hear", "draw"] * 40]:
        if step == "click":
            clicked.append(f"#{len(clicked):06x}")
            crossing.click(clicked[-1])
        elif step == "told":
            crossing.visit.told()
        elif step == "draw" or getattr(crossing, {"hear": "to_server", "show": "to_browser"}[step]):
            getattr(crossing, step)()
    assert crossing.visit.choices.pin == tuple(clicked)


def test_what_follows_from_a_picture_is_nothing_that_somebody_did():
    visit = Visit(Choices(sample="cat"))
    assert visit.must_set("sample", None, "cat")  # an upload takes its place
    visit.hear(None, None, lambda record: replace(record, at=None), asked=False)
    visit.hear("sample", "cat", lambda record: replace(record, sample="cat", share="x"))
    visit.settle(False)
    assert visit.choices.share == "x"


def test_sentences_stand_until_a_control_is_used():
    visit = Visit(Choices(), ("k must be …",))
    visit.hear(None, None, lambda record: replace(record, at=(1, 2, 3, 4)))
    visit.settle(False)
    assert visit.refused
    said(visit, k=9)
    assert visit.refused == ()


SIDES = st.integers(1, 300)


@given(st.tuples(*[st.integers(0, 400)] * 2, *[SIDES] * 2), st.tuples(SIDES, SIDES))
def test_a_region_is_clipped_to_what_a_picture_has(region, size):
    kept = clip(region, size)
    rows = {row for row in range(region[1], region[1] + region[3]) if row < size[1]}
    columns = {column for column in range(region[0], region[0] + region[2]) if column < size[0]}
    if not rows or not columns or len(rows) * len(columns) == size[0] * size[1]:
        assert kept is None
    else:
        assert kept == (min(columns), min(rows), len(columns), len(rows))
    assert clip(kept, size) == kept


LOOK = {
    **{"origin": "x-1", "at": [1, 2, 3, 4], "mode": "wipe", "sides": [0, 2], "wipe": 30, "heat": True},
    **{"selected": "#c00000", "part": None, "turn": 3},
}
WRONG = {
    "origin": [None, 3],
    "at": ["1234", [1, 2, 3], [0, 0, 0, 5], [0, 0, 5, -5], [0.5, 0, 1, 1], [True, 0, 1, 1], [10**9, 0, 1, 1]],
    "mode": ["both", 3],
    "sides": [[1, 1], [0, 9], [0], "01"],
    "wipe": [-1, 101, 5.5, None, True],
    "heat": [None, 1],
    "selected": ["red", "#C00000", 12],
}


def test_a_look_is_believed_only_in_its_form():
    assert read_look(LOOK) == Look("x-1", (1, 2, 3, 4), "wipe", (0, 2), 30, True, "#c00000")
    assert read_look({**LOOK, "at": None, "mode": None, "sides": None, "selected": None}) == Look(
        "x-1", wipe=30, heat=True
    )
    for name, values in WRONG.items():
        for value in values:
            assert read_look({**LOOK, name: value}) is None, (name, value)
    for value in (None, [], "x", {}, {"at": None}):
        assert read_look(value) is None
