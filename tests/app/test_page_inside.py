"""The page that shows k-means at work as Streamlit runs it: runs, moved centres, attempts and more."""

import json
import re
import struct

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages import _acts, _state
from pages._address import from_query, to_query
from pages._address_parts import TASKS as N_TASKS
from pages._choices import MOST_CLUSTERS, Choices
from pages._inside import charts
from pages._inside import mistakes as told
from pages._inside.amounts import say_amount
from pages._inside.tasks import TASKS
from pages._viewer.run import Wanted, read_step, read_until, read_wanted
from quantize.decoding.samples import load_sample
from quantize.teaching.mistakes import MISTAKES
from quantize.teaching.points import find_points
from quantize.teaching.samples import Sample
from quantize.teaching.starts import choose_start
from quantize.teaching.trace import trace_run
from tests.app.test_pages import assert_sound, open_app, record, upload
from tests.pictures import noise, png


class Player:
    """Stands in for the component: keeps what it was to play, and asks for what it is told to."""

    def __init__(self) -> None:
        self.header: dict = {}
        self.said: dict = {}
        self.next: Wanted | None = None

    def __call__(self, film: bytes, **said: object) -> None:
        (length,) = struct.unpack("<I", film[:4])
        self.header, self.said = json.loads(film[4 : 4 + length]), said
        wanted, self.next = self.next, None
        if wanted:
            _acts.run_from(wanted)
            st.rerun()


@pytest.fixture
def player(monkeypatch: pytest.MonkeyPatch) -> Player:
    made = Player()
    monkeypatch.setattr("pages._viewer.run.play", made)
    return made


def open_run(**query: str | list[str]) -> AppTest:
    app = open_app(**{"sample": "Shapes", **query})
    app.switch_page("pages/inside_kmeans.py").run()
    assert_sound(app)
    return app


def said(app: AppTest) -> str:
    kinds = ("markdown", "caption", "success", "info", "error", "warning")
    return " ".join(element.value for kind in kinds for element in getattr(app, kind))


def test_a_run_begins_with_eight_random_pixels_and_its_numbers_are_the_pictures(player):
    open_run()
    assert (player.header["k"], player.header["start"]) == (8, "random")
    assert player.said["step"] == 0
    assert "before" not in player.header
    height, width = player.header["shape"]
    assert sum(player.header["steps"][-1]["counts"]) == height * width


def test_a_link_opens_a_run_at_a_step(player):
    app = open_run(clusters="5", start="k-means++", draw="3", step="4")
    assert (player.header["k"], player.header["start"], player.said["step"]) == (5, "k-means++", 4)
    assert app.slider(key="clusters").value == 5


def test_centres_that_were_moved_make_another_run_which_is_taken_back(player):
    app = open_run(clusters="3")
    player.next = Wanted(("#ff0000", "#00ff00", "#0000ff", "#ffffff"), 4, 1)
    app.run()
    assert_sound(app)
    assert (player.header["k"], player.header["start"]) == (4, "own")
    assert player.header["before"]["sse"] >= 0
    assert player.said["own"] == ("#ff0000", "#00ff00", "#0000ff", "#ffffff")
    assert app.slider(key="clusters").value == 4
    assert record(app).step == 1
    player.next = Wanted((), 3, 7)
    app.run()
    assert (player.header["k"], player.header["start"]) == (3, "random")
    assert (record(app).centers, record(app).step) == ((), 7)


@pytest.mark.parametrize("control", ["clusters", "start", "draw_again"])
def test_another_run_takes_moved_centres_back(player, control):
    app = open_run(centers="ff0000-00ff00")
    assert player.header["start"] == "own"
    if control == "clusters":
        app.slider(key="clusters").set_value(6).run()
    elif control == "start":
        app.button_group(key="start").set_value("split").run()
    else:
        app.button(key="draw_again").click().run()
    assert_sound(app)
    assert record(app).centers == ()
    assert player.header["k"] == (6 if control == "clusters" else 2 if control == "start" else 8)


def test_draws_differ_and_splitting_has_none(player):
    app = open_run(sample="Coffee")
    first = player.header["steps"]
    app.button(key="draw_again").click().run()
    assert player.header["steps"] != first
    app.button_group(key="start").set_value("split").run()
    assert app.button(key="draw_again").disabled


def test_all_alike_and_an_empty_cluster_are_runs(player):
    app = open_run(clusters="4", sample="Coffee")
    app.button(key="alike").click().run()
    assert [bool(count) for count in player.header["steps"][1]["counts"]] == [True, False, False, False]
    app.button(key="empty").click().run()
    assert player.header["steps"][1]["counts"][-1] == 0
    assert all(player.header["steps"][1]["counts"][:-1])


def test_attempts_are_said_from_what_was_run(player):
    app = open_run(tries="3", clusters="4", sample="Coffee")
    assert "The best run is" in said(app)
    assert "Splitting, which needs no luck" in said(app)
    app = open_run(tries="1", clusters="1")
    assert "All 3 runs end with error" in said(app)


@pytest.mark.parametrize("key", MISTAKES)
def test_every_mistake_is_told(player, key):
    assert set(told._TOLD) == set(MISTAKES)
    app = open_run(slip=key)
    assert told._TOLD[key].why in said(app)
    codes = [element.value for element in app.code]
    assert codes[:2] == [MISTAKES[key].wrong, MISTAKES[key].right]


def test_other_ways_are_told_with_their_errors(player):
    app = open_run(ways="true", clusters="3")
    for title in ("median cut", "octree", "Wu", "k-means", "cv2.kmeans", "mean shift"):
        assert len(re.findall(rf"\*\*{re.escape(title)}\*\*: [A-Z]", said(app))) == 1
    assert not re.search(r"\*\*, error", said(app))  # they stand over the pictures


def test_samples_are_told_with_the_pixels_that_are_enough(player):
    app = open_run(samples="true", clusters="4", sample="Coffee")
    assert re.search(r"From \*\*[\d,]+ pixels\*\* on the error is within 1 %", said(app))
    assert "with all 240,000 pixels" in said(app)
    upload(app, "tiny.png", png(noise(3, 4)))
    assert "too small for samples" in said(app)


def test_of_samples_the_differences_of_error_are_seen_and_times_from_none_on():
    made = [Sample(10**n, 0.001 * n, error) for n, error in ((2, 500.0), (3, 480.0), (4, 478.0))]
    low, high = charts.draw_errors(made, made[1]).layout.yaxis.range
    assert 470 < low < 478 < 500 < high < 510
    assert charts.draw_times(made, made[1]).layout.yaxis.rangemode == "tozero"
    for draw in (charts.draw_errors, charts.draw_times):  # one axis each: ticks are Plotly's, and round
        assert "yaxis2" not in draw(made, made[1]).to_dict()["layout"]
        assert "tickvals" not in draw([made[0]] * 2, made[0]).to_dict()["layout"]["yaxis"]


def test_tasks_are_checked_on_the_run(player):
    assert len(TASKS) == N_TASKS
    app = open_run(task="1", step="1")
    assert "Not yet. Step 1 is shown, assign 1." in said(app)
    assert "Done. This is it" in said(open_run(task="1", step="2"))
    assert "Done. With K = 1 it settles" in said(open_run(task="2", clusters="1"))
    assert "Not yet. This run (Random pixels, draw 0) ends at" in said(open_run(task="3"))
    assert "choose K above 1" in said(open_run(task="3", clusters="1"))
    assert "more centres" in said(open_run(task="4", clusters="1"))
    assert "more than needed: with 31 the error" in said(open_run(task="4", clusters="32", sample="Coffee"))
    assert "Not yet." in said(open_run(task="5", clusters="2"))
    assert "Done. 1 of 3 centres has no pixels at the end." in said(
        open_run(task="5", centers="c07040-301010-0000ff", sample="Coffee")
    )
    assert "No centre has been moved" in said(open_run(task="6"))


def test_the_task_is_told_under_the_player(player):
    open_run()
    assert player.said["task"] is None
    open_run(task="1", step="1")
    assert player.said["task"] == (
        "Task 1, The first move:", TASKS[0].text, "Not yet. Step 1 is shown, assign 1.",
    )  # fmt: skip
    open_run(task="2", clusters="1")
    assert player.said["task"][2].startswith("✓ Done. With K = 1 it settles")


def ticked(app: AppTest) -> list[int]:
    """Numbers of the pills that have a tick."""
    style = next(element.proto.body for element in app.get("html") if "✓" in element.proto.body)
    return [int(number) for number in re.findall(r"nth-of-type\((\d)\)", style)]


def test_what_is_done_keeps_its_tick_with_this_picture_alone(player):
    app = open_run(task="1", step="2")
    assert (ticked(app), "Done. This is it" in said(app)) == ([1], True)
    player.next = Wanted((), 8, 3)
    app.run()
    assert_sound(app)
    assert "Done before. Now: Step 3 is shown, assign 2." in said(app)
    assert player.said["task"][2].startswith("✓ Done before")
    app.button_group(key="task").set_value(2).run()
    app.slider(key="clusters").set_value(1).run()
    assert ticked(app) == [1, 2]
    assert app.button_group(key="task").value == 2
    upload(app, "two.png", png(noise(4, 4)))
    assert 1 not in ticked(app)


def test_to_heal_k_and_what_is_to_be_reached_stay(player):
    app = open_run(task="6", sample="Coffee")
    points = find_points(load_sample("coffee"))
    end = trace_run(points.colors, points.counts, choose_start(points, 8, "random", 0), max_iter=40).centers
    codes = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.rint(end).astype(int)]
    player.next = Wanted((*codes, "#0000ff"), 8, 1)
    app.run()
    assert "9 centres, and K is 8" in said(app)
    assert "press Delete to take one away" in said(app)
    player.next = Wanted(tuple(codes[:-1]), 8, 1)
    app.run()
    assert "7 centres, and K is 8: click into the picture to drop one more." in said(app)
    player.next = Wanted(("#0000ff", *codes[1:]), 8, 1)
    app.run()
    assert re.search(r"Not yet. It ends at [\d,.]+, and 477.8 is to be reached", said(app))
    assert "drag the centre half as far" in said(app)


@pytest.mark.parametrize("name", ["coffee", "astronaut", "shapes"])
def test_whoever_follows_the_hint_heals_a_run(name):
    """From the last step a centre is dragged far away, then half as far, and so on: soon it finds back."""
    points = find_points(load_sample(name))
    given = trace_run(points.colors, points.counts, choose_start(points, 8, "random", 0), max_iter=40)
    for j in range(8):
        for halvings in range(5):
            centers = np.rint(given.centers)
            way = np.array([0, 0, 255]) - given.centers[j]
            centers[j] = np.rint(given.centers[j] + way / 2**halvings)
            if trace_run(points.colors, points.counts, centers, max_iter=40).sse <= 1.001 * given.sse:
                break
        else:
            raise AssertionError(f"centre {j} of {name} does not heal")


def test_the_run_is_called_by_its_start_and_draw(player):
    app = open_run(start="k-means++", draw="3")
    assert player.header["name"] == "k-means++, draw 3"
    app.button(key="draw_again").click().run()
    assert player.header["name"] == "k-means++, draw 4"
    app.button_group(key="start").set_value("split").run()
    assert player.header["name"] == "Splitting"
    player.next = Wanted(("#ff0000", "#00ff00"), 8, 1)
    app.run()
    assert player.header["name"] == "Your centres"


def test_criteria_are_kept_in_the_address_and_a_browser_is_believed_only_good_ones(player, monkeypatch):
    app = open_run(until_epsilon="0.04", until_max_iter="3")
    assert player.said["until"] == (0.04, 3)
    assert to_query(record(app))["until_max_iter"] == ["3"] or to_query(record(app))["until_max_iter"] == "3"
    assert read_until({"epsilon": 0.1, "max_iter": 7}) == (0.1, 7)
    for value in (None, {"epsilon": 1}, {"epsilon": "1", "max_iter": 2}, {"epsilon": 1, "max_iter": True}):
        assert read_until(value) is None
    kept = {}
    monkeypatch.setattr(_state, "change", kept.update)
    for until, wanted in (((0.1, 7), (0.1, 7)), ((1e9, 99), (1.0, 10)), ((float("nan"), 0), (1.0, 10))):
        said_of = {"until": dict(zip(("epsilon", "max_iter"), until, strict=True))}
        monkeypatch.setattr(_state, "said", lambda _, said_of=said_of: said_of)
        _acts.follow_until("player")
        assert (kept["until_epsilon"], kept["until_max_iter"]) == wanted


@pytest.mark.parametrize("key", MISTAKES)
def test_a_mistake_says_once_that_it_is_made_on_a_copy(player, key):
    app = open_run(slip=key, sample="Coffee")
    assert said(app).count("a smaller copy, 300×200 pixels") == 1
    if key == "bgr":
        upload(app, "small.png", png(noise(20, 30)))
        assert "smaller copy" not in said(app)


def test_amounts_are_said_as_beside_the_run():
    for value, words in ((10483.74, "10,483.7"), (0, "0.0"), (0.5, "0.5"), (0.0412, "0.041"), (1, "1.0")):
        assert say_amount(value) == words


def test_no_start_is_lit_where_centres_were_moved(player):
    app = open_run(centers="ff0000-00ff00", start="split")
    assert app.button_group(key="start").value is None
    app.button_group(key="start").set_value("split").run()
    assert_sound(app)
    assert (record(app).centers, player.header["start"]) == ((), "split")
    assert app.button_group(key="start").value == "split"


def test_a_run_of_more_centres_than_colours_says_so(player):
    app = open_run(clusters="8")
    upload(app, "two.png", png(np.array([[[0, 0, 0], [255, 0, 0]]], np.uint8)))
    assert player.header["few"] == 2
    app.slider(key="clusters").set_value(2).run()
    assert "few" not in player.header


def test_a_centre_that_is_caught_has_not_healed(player):
    two = np.full((4, 6, 3), 250, np.uint8)
    two[:, 3:] = (10, 60, 10)
    app = open_run(task="6")
    upload(app, "two.png", png(two))
    caught, free = ("#829b82", "#0000ff"), ("#ffffff", "#000000")
    for centers, wanted in (
        (caught, "Not yet. It ends at 37,825.0, and 0.0 is to be reached"),
        (free, "Done. It ends at 0.0"),
    ):
        player.next = Wanted(centers, 2, 1)
        app.run()
        assert_sound(app)
        assert wanted in said(app)


@pytest.mark.parametrize("k", [1, 8, 32])
def test_small_and_faint_pictures(player, k):
    app = open_run(clusters=str(k), task="4", tries="1", slip="many")
    for pixels in (noise(1, 1), noise(1, 5), noise(5, 1), np.zeros((4, 4, 3), np.uint8), noise(6, 7, 4)):
        upload(app, f"{k}.png", png(pixels))
        assert player.header["k"] == k
        assert sum(player.header["steps"][-1]["counts"]) <= pixels.shape[0] * pixels.shape[1]
    gone = noise(3, 3, 4)
    gone[..., 3] = 100
    player.header = {}
    upload(app, "gone.png", png(gone))
    assert not player.header
    assert "No pixel of the picture is half opaque" in said(app)


def test_choices_survive_the_address():
    chosen = Choices(clusters=3, start="split", draw=2, centers=("#ff0000", "#ff0000"), step=9, tries=10)
    chosen = from_query("&".join(f"{name}={value}" for name, value in to_query(chosen).items()))[0]
    assert chosen.centers == ("#ff0000", "#ff0000")
    assert (chosen.clusters, chosen.start, chosen.draw, chosen.step, chosen.tries) == (3, "split", 2, 9, 10)
    bad, refused = from_query("clusters=33&start=luck&step=-1&centers=nothing&slip=x&task=7&tries=11")
    assert bad == Choices()
    assert len(refused) == 6  # five are said, and how many more


GOOD = {"centers": ["#ff0000"], "clusters": 2, "step": 1}


@pytest.mark.parametrize(
    "value",
    [
        None, 3, [], {}, {**GOOD, "more": 1}, {**GOOD, "centers": "#ff0000"}, {**GOOD, "centers": ["red"]},
        {**GOOD, "centers": ["#ff0000"] * (MOST_CLUSTERS + 1)}, {**GOOD, "centers": [["#ff0000"]]},
        {**GOOD, "clusters": 0}, {**GOOD, "clusters": True}, {**GOOD, "clusters": 2.0}, {**GOOD, "step": -1},
        {**GOOD, "step": 1000}, {**GOOD, "step": "1"}, {**GOOD, "clusters": MOST_CLUSTERS + 1},
    ],
)  # fmt: skip
def test_a_browser_is_not_believed(value):
    assert read_wanted(value, MOST_CLUSTERS) is None


def test_a_browser_is_believed():
    assert read_wanted(GOOD, MOST_CLUSTERS) == Wanted(("#ff0000",), 2, 1)
    assert read_step({"step": 3, "film": "a"}, "a") == 3
    for value in (None, {"step": 3}, {"step": 3, "film": "b"}, {"step": True, "film": "a"}, [3, "a"]):
        assert read_step(value, "a") is None
