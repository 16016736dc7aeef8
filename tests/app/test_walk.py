"""At random over pages and controls: whatever was done, the address alone leads to the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from streamlit.testing.v1 import AppTest

from pages import SCREENS, _coming, _faint, _frame
from pages import _viewer as viewers
from pages._address import to_query
from pages._choices import QUICK_PICKS, Choices, clip
from pages._inside import attempts, mistakes, ways
from quantize.decoding.samples import TELLING
from quantize.presets import PRESETS
from tests.app.test_address import CHOICES, COLORS, COUNTS, VALUES
from tests.app.test_pages import ROOT, assert_sound, record

# What is quickly worked out: this is about choices, not about how long they take.
FEW = st.lists(COLORS, unique=True, max_size=3)
AS_THEY_ARE = (
    *(
        "k",
        "space",
        "dither",
        "light",
        "strength",
        "runs",
        "rare",
        "method",
        "error",
        "start_kmeans",
        "start_opencv",
    ),
    *(
        "palette_space",
        "palette_rare",
        "order",
        "entries",
        "format",
        "many",
        "view",
        "axes",
        "spaces",
        "seed",
        "epsilon",
    ),
)
CONTROLS = {
    **{key: VALUES[key] for key in AS_THEY_ARE},
    "quick_pick": st.sampled_from(QUICK_PICKS),
    "effort": st.sampled_from(["fast", "normal"]),
    "attempts": st.none() | st.integers(1, 2),
    "max_iter": st.none() | st.integers(2, 9),
    "sample": st.sampled_from(["shapes", "shapes", "cat"]),
    "telling": st.sampled_from(list(TELLING)),
    "n": st.integers(2, 24),
    "n_many": COUNTS,
    "merge": st.sampled_from([0.0, 2.5, 20.0]),
    "keep": FEW,
    "palette_dither": VALUES["dither"],
    "palette_strength": VALUES["strength"],
    "palette_light": VALUES["light"],
    "palette_runs": VALUES["runs"],
    "preset": st.sampled_from([key for key in PRESETS if key != "lesson"]),  # which takes its time
    "pin": FEW,
    "add_color": COLORS,
    **{key: VALUES[key] for key in ("clusters", "start", "tries", "slip", "task")},
    "table": st.sampled_from(["used", "own", "gameboy", "pico-8", "nes"]),
    **{key: VALUES[key] for key in ("far", "lut", "blend", "chart", "across", "strays")},
    **{key: VALUES[key] for key in ("panel", "panel_fit", "panel_turn", "panel_light", "tone", "curve")},
    "panel_dither": st.sampled_from(["search", "none", "bayer-4", "floyd-steinberg"]),
    "panel_width": st.integers(1, 90),
    "panel_height": st.integers(1, 90),
    **{key: VALUES[key] for key in ("art", "art_k", "art_table", "art_pick", "scale")},
    "machine": st.sampled_from(["nes", "gbc", "mega-drive", "own"]),
    **{f"table_{key}": VALUES[key] for key in ("space", "dither", "strength", "light", "runs", "format")},
}
KINDS = ("slider", "selectbox", "button_group", "multiselect", "number_input", "toggle", "color_picker")
BUTTONS = (
    "draw_again",
    "alike",
    "empty",
    "add",
    "use",
    "use_no_more",
    "undo_import",
    "use_table",
    "all_on",
    "sort_hue",
)
LOOKS = st.fixed_dictionaries(
    {"at": VALUES["at"]},
    optional={key: VALUES[key] for key in ("arrange", "wipe", "heat", "selected", "picked")},
)


@contextmanager
def shown_panes() -> Iterator[list[str]]:
    """Digests of what the viewer was given last, and what it begins with."""
    digests: list[str] = []
    true = viewers.viewer

    def watch(panes, **options):
        digests[:] = [sha256(pane.png).hexdigest() for pane in panes]  # tiles may come one by one
        digests.append(repr(options.get("look")))
        return true(panes, **options)

    with pytest.MonkeyPatch.context() as patch:
        # Pages take it anew in each run; their parts took it when they were first imported.
        for part in (viewers, _coming, _faint, _frame, attempts, mistakes, ways):
            patch.setattr(part, "viewer", watch)
        yield digests


class Walk(RuleBasedStateMachine):
    """A visitor who does anything."""

    @initialize(choices=CHOICES)
    def come(self, choices: Choices) -> None:
        mild = replace(
            choices, sample="shapes", share="", own=False, effort="fast", attempts=None, max_iter=4,
            panel_size=(60, 48), shown=(), tile_palettes=3, tile_k=4, ways=False,
        )  # fmt: skip
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        self.app.query_params.update(to_query(mild))
        self.page = SCREENS[0].file
        self.run()
        assert record(self.app) == replace(mild, at=clip(mild.at, (400, 300)))

    def run(self) -> None:
        with shown_panes() as self.panes:
            self.app.run()
        assert_sound(self.app)
        assert len(self.app.error) == 0

    @rule(page=st.sampled_from([screen.file for screen in SCREENS]))
    def go(self, page: str) -> None:
        self.page = page
        self.app.switch_page(f"pages/{page}.py")
        self.run()

    @rule(data=st.data())
    def use_a_control(self, data: st.DataObject) -> None:
        widgets = (widget for kind in KINDS for widget in getattr(self.app, kind))
        found = {widget.key: widget for widget in widgets if widget.key in CONTROLS and not widget.disabled}
        key = data.draw(st.sampled_from(sorted(found)))
        value = data.draw(CONTROLS[key])
        if key == "preset" and PRESETS[value].title not in found[key].options:
            return  # with a fixed palette some mean the same, and one of them is offered
        found[key].set_value(list(value) if isinstance(value, tuple) else value)
        self.run()

    @rule(data=st.data())
    def press_a_button(self, data: st.DataObject) -> None:
        found = [button for button in self.app.button if button.key in BUTTONS and not button.disabled]
        if found:
            data.draw(st.sampled_from(found)).click()
            self.run()

    @rule(look=LOOKS)
    def look_closer(self, look: dict) -> None:
        """As a viewer's callback does."""
        self.app.session_state["remembered"].visit.hear(None, None, lambda choices: replace(choices, **look))
        self.run()

    @invariant()
    def a_cold_start_is_the_same(self) -> None:
        cold = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        cold.query_params.update(self.app.query_params)
        cold._registered_pages = self.app._registered_pages
        cold.switch_page(f"pages/{self.page}.py")
        with shown_panes() as panes:
            cold.run()
        assert_sound(cold)
        assert record(cold) == record(self.app)
        assert cold.query_params == self.app.query_params
        assert len(cold.warning) == 0
        assert panes == self.panes


TestWalk = Walk.TestCase
TestWalk.settings = settings(
    max_examples=8, stateful_step_count=8, suppress_health_check=list(HealthCheck), deadline=None
)
