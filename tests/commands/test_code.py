"""The command line's ``code``: how to make a result again."""

from pathlib import Path

import pytest
from PIL import Image

from quantize import load_picture
from quantize.settings import choose
from quantize.teaching.subject import Subject
from quantize.teaching.ways import WAYS, write_code
from tests.commands.test_main import photo, run  # noqa: F401


@pytest.mark.parametrize("way", list(WAYS))
def test_code_is_printed_or_written_the_same(photo, capsys, way):  # noqa: F811
    choices = ("--preset", "lesson", "-k", "7")
    expected = write_code(
        Subject.of(load_picture(photo), "photo.png", choose(preset="lesson", n_colors=7)), way
    )
    assert run(capsys, "code", photo, *choices, "--as", way) == (0, expected, "")
    assert run(capsys, "code", photo, *choices, "--as", way, "-o", "code.txt")[0] == 0
    assert Path("code.txt").read_text(encoding="utf-8") == expected


def test_it_takes_the_choices_of_the_main_job(photo, capsys):  # noqa: F811
    _, out, _ = run(
        capsys, "code", photo, "--palette", "#fff,#000,#fff", "--order", "file", "--dither", "burkes"
    )
    assert 'palette=["#ffffff", "#000000", "#ffffff"]' in out
    assert 'dither="burkes"' in out
    assert 'order="file"' in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--as", "basic"), "way must be one of python, opencv, command, notebook, got 'basic'"),
        (("--as", "opencv"), "code must be something that OpenCV can do: Only what cv2.kmeans finds"),
        (("-k", "0"), "n_colors must be a whole number from 1 to 256, got 0"),
        (("--palette", "#000", "-k", "3"), "-k has no effect with --palette"),
        (("--order", "up"), "order must be one of"),
        (("-o", "photo.png"), "output must not be the picture itself"),
    ],
)
def test_bad_input_is_a_line_and_leaves_the_picture_alone(photo, capsys, arguments, message):  # noqa: F811
    before = photo.read_bytes()
    code, out, err = run(capsys, "code", photo, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert photo.read_bytes() == before


@pytest.mark.parametrize("opacity", [0, 90])
def test_a_picture_of_which_nothing_is_seen_is_refused_as_by_the_main_job(photo, capsys, opacity):  # noqa: F811
    Image.new("RGBA", (6, 4), (200, 30, 5, opacity)).save("clear.png")
    refused = run(capsys, "clear.png", "-k", "3")
    assert refused[0] == 2
    for way in ("python", "command", "notebook"):
        assert run(capsys, "code", "clear.png", "-k", "3", "--as", way) == refused
    soft = run(capsys, "clear.png", "-k", "3", "--alpha", "soft")[0]
    assert soft == (0 if opacity else 2)
    assert run(capsys, "code", "clear.png", "-k", "3", "--alpha", "soft")[0] == soft
