"""What is said of settings makes the same settings, and is no longer than it must be."""

import os
import shutil
import subprocess

import numpy as np
import pytest

from quantize import Settings
from quantize.presets import PRESETS
from quantize.settings import choose
from quantize.teaching.choices import list_choices
from quantize.teaching.command import quote
from tests.teaching.any_settings import draw_settings


@pytest.mark.parametrize("presets", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_said_means_the_same_and_nothing_can_be_left_out(seed, presets):
    rng = np.random.default_rng(seed)
    for _ in range(60):
        settings = draw_settings(rng)
        said = list_choices(settings, presets=presets)
        assert choose(**said).resolved() == settings.resolved()
        assert presets or "preset" not in said
        for name in said:
            rest = {other: value for other, value in said.items() if other != name}
            if name == "n_colors":  # is said always: it is what people look for
                continue
            try:
                less = choose(**rest).resolved()
            except ValueError:
                continue
            assert less != settings.resolved(), f"{name} says nothing in {said}"


def test_defaults_are_not_said():
    assert list_choices(Settings()) == {"n_colors": 16}
    assert list_choices(Settings(method="opencv", attempts=10).resolved()) == {
        "n_colors": 16,
        "method": "opencv",
    }
    assert list_choices(choose(palette=["#000", "#fff", "#000"])) == {
        "palette": ["#000000", "#ffffff", "#000000"]
    }


@pytest.mark.parametrize("key", [key for key in PRESETS if key not in ("numbers", "lesson")])
def test_a_preset_is_said_in_a_word(key):
    said = list_choices(choose(preset=key))
    assert said["preset"] == key
    assert set(said) == {"n_colors", "preset"}


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to read it")
@pytest.mark.parametrize("name", [b"bad\xff.png", b"\xc3\xbc it's\\ \xfe$(x).png"])
def test_bash_reads_a_name_that_is_no_utf_8(name):
    said = quote(os.fsdecode(name))
    assert said.isascii()
    assert said.startswith("$'")
    read = subprocess.run(["bash", "-c", f"printf %s {said}"], capture_output=True, check=True)
    assert read.stdout == name
