"""Pasted lists of colours: whatever stands between them, names, and what is told of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize import parse_colors
from quantize.errors import QuantizeError
from quantize.palettes.facts import css_names
from quantize.palettes.palette import Palette
from quantize.swatches.reading import ALPHA_NOTE
from tests.swatch_files import COLORS

NOTATIONS = {
    "hash": "#{0:02x}{1:02x}{2:02x}",
    "capitals": "#{0:02X}{1:02X}{2:02X}",
    "bare": "{0:02X}{1:02x}{2:02x}",
    "0x": "0x{0:02x}{1:02x}{2:02x}",
    "spaces": "rgb({0} {1} {2})",
    "commas": "RGB({0}, {1}, {2})",
    "alpha": "rgba({0}, {1}, {2}, 1)",
    "quoted": "'#{0:02x}{1:02x}{2:02x}'",
    "function": "color(srgb {3:.6f} {4:.6f} {5:.6f})",
}


@given(
    colors=COLORS,
    notation=st.lists(st.sampled_from(sorted(NOTATIONS)), min_size=30, max_size=30),
    between=st.sampled_from([" ", ", ", ";", "\n", "\t", ",\n  ", "\r\n", " ; ", "  "]),
    around=st.sampled_from(["{}", "[{}]", "({})", "  {}\n\n", "{};"]),
)
def test_any_separator_and_notation(colors, notation, between, around):
    rows = (
        NOTATIONS[key].format(*color, *(value / 255 for value in color))
        for key, color in zip(notation, colors.tolist(), strict=False)
    )
    palette = parse_colors(around.format(between.join(rows)))
    assert palette.hexes == Palette(colors).hexes
    assert (palette.names, palette.notes) == (None, ())


@given(st.lists(st.sampled_from(css_names()[0]), min_size=1, max_size=20))
def test_names_of_css_are_colors_that_bear_them(names):
    palette = parse_colors(", ".join(names))
    assert list(palette.names) == names
    known = dict(zip(css_names()[0], Palette(css_names()[1]).hexes, strict=True))
    assert palette.hexes == [known[name] for name in names]


@pytest.mark.parametrize(
    ("text", "codes", "names", "notes"),
    [
        ("#abc, #AABBCC; rgb(1 2 3), hsl(0 100% 50%), oklch(62.796% 0.25768 29.234), teal",
         "#aabbcc #aabbcc #010203 #ff0000 #ff0000 #008080", ("", "", "", "", "", "teal"), ()),
        ("Brick: #c00000, Deep sea = 003366\n--sky: #0af;", "#c00000 #003366 #00aaff",
         ("Brick", "Deep sea", "sky"), ()),
        ("#c00000 Brick\n#0af  Sky at noon", "#c00000 #00aaff", ("Brick", "Sky at noon"), ()),
        ("Deep Sky Blue, dark red", "#00bfff #8b0000", ("Deep Sky Blue", "dark red"), ()),
        ("red: #102030", "#102030", ("red",), ()),
        ("#ff000080 #f008", "#ff0000 #ff0000", None, (ALPHA_NOTE,)),
        ("#123 #12 #12345 #ggg", "#112233", None, ("not understood: “#12 #12345 #ggg”",)),
        ("my colours are #111 and then red", "#111111 #ff0000", ("", "red"),
         ("not understood: “my colours are”, “and then”",)),
        ("a b c d e f g #fff", "#ffffff", None, ("not understood: “a b c d e …”",)),
        ("https://coolors.co/264653-2a9d8f-e9c46a", "#264653 #2a9d8f #e9c46a", None, ()),
        ("#fff, " + "x" * 99, "#ffffff", None, ("not understood: “" + "x" * 40 + "…”",)),
        ("\ufeff#c00000, teal", "#c00000 #008080", ("", "teal"), ()),
        ("“#123” ‘#456’ „#789“ «#abc» ’teal’", "#112233 #445566 #778899 #aabbcc #008080",
         ("", "", "", "", "teal"), ()),
        ("brand: main: #c00000", "#c00000", ("main",), ("not understood: “brand”",)),
        ("$gap: 1px; --w: (a, b); #fff", "#ffffff", None, ("not understood: “$gap: 1px; --w: (a, b”",)),
        ("#fff\n\u202eevil\x07", "#ffffff", None, ("not understood: “evil”",)),
    ],
)  # fmt: skip
def test_lists_that_people_paste(text, codes, names, notes):
    palette = parse_colors(text)
    assert " ".join(palette.hexes) == codes
    assert palette.names == names
    assert palette.notes == notes


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "nothing"), (" ;,\n", "nothing"), ("nothing of that kind, at all", "“nothing of that kind, at …”")],
)
def test_texts_without_a_color_are_refused_with_their_first_words(text, told):
    with pytest.raises(QuantizeError, match="pasted text must hold colours such as #c00000") as error:
        parse_colors(text)
    assert f"got {told}:" in str(error.value)


WORDS = st.sampled_from(
    ["moon", "$gap", "--x", "1px", "don't", "(a)", "“so”", "x" * 50, "12", "a:b", "k=v", "日"]
)


@given(
    rows=st.lists(st.one_of(WORDS, st.just("#123456")), min_size=1, max_size=12),
    between=st.sampled_from([" ", ", ", "; "]),
)
def test_what_is_quoted_stands_there(rows, between):
    text = between.join([*rows, "#fff;"])
    palette = parse_colors(text)
    said = str((palette.notes, palette.names))
    assert "moon" not in rows or "moon" in said or "…" in said
    for note in palette.notes:
        quoted = note.removeprefix("not understood: “").removesuffix("”").split("”, “")
        assert note.startswith("not understood: “")
        places = [text.find(one.removesuffix("…").rstrip()) for one in quoted]
        assert min(places) >= 0


@given(st.text(max_size=200))
def test_any_text_is_a_palette_or_one_sentence(text):
    try:
        said = parse_colors(text).notes
    except QuantizeError as error:
        said = (str(error),)
    assert all(one.isprintable() and len(one) < 300 for one in said)


@pytest.mark.parametrize(
    "space", ["lab", "lch", "oklab", "oklch", "color(rec2020", "color(display-p3", "rgb"]
)
@given(exponent=st.integers(-308, 308), sign=st.sampled_from(["", "-"]), place=st.integers(0, 2))
def test_numbers_of_any_size_are_colors_or_one_sentence(space, exponent, sign, place):
    numbers = ["0"] * 3
    numbers[place] = f"{sign}1e{exponent}"
    begin = space if "(" in space else f"{space}("
    try:
        said = parse_colors(f"{begin} {' '.join(numbers)})").notes
    except QuantizeError as error:
        said = (str(error),)
    assert all(one.isprintable() for one in said)
