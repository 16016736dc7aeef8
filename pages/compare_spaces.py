"""The same picture and K in several colour spaces: who is nearer by which yardstick, where, and why."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import combinations

import streamlit as st

from pages import (
    Frame,
    _acts,
    _cache,
    _code,
    _controls,
    _faint,
    _figures,
    _pictures,
    _state,
    _widgets,
    _words,
    ensure_frame,
)
from pages._address_parts import VIEWS
from pages._choices import COMPARED_SPACES
from pages._references import PictureRef, ResultRef
from pages._spaces import charts, html, words
from pages._spaces import results as _space_results
from pages._spaces.results import Contrast, Made
from pages._viewer import Pane, Place, viewer
from quantize import QuantizeError, Settings
from quantize.colors.hexadecimal import hex_colors
from quantize.colors.spaces import SPACES, find_space
from quantize.decoding.samples import TELLING
from quantize.presets import find_preset
from quantize.teaching.subject import Varied


def pick_spaces() -> list[str]:
    """Draw the choice of spaces and of pictures on which it matters; two spaces at least."""
    with st.container(horizontal=True, gap="medium"):
        chosen = st.pills(
            "Spaces", list(SPACES), selection_mode="multi", **_controls.show("spaces"),
            help=_widgets.SPACE_HELP, width="content",
        )  # fmt: skip
        st.pills(
            "Pictures that show the difference", list(TELLING), wrap=True,
            format_func=lambda key: TELLING[key].title, **_controls.show("sample", "telling"),
        )  # fmt: skip
    # In the order of the table, and never fewer than can be compared.
    missing = [space for space in COMPARED_SPACES if space not in chosen][: max(0, 2 - len(chosen))]
    return [space for space in SPACES if space in (*chosen, *missing)]


def show_pictures(
    picture: PictureRef, made: Mapping[str, Made], contrast: Contrast, pair: tuple[str, str]
) -> None:
    """Show the original and all results in one viewer, with buttons to where two of them differ most."""
    panes = [Pane("Original", _cache.original_preview(picture), _widgets.colors_in_words(picture.n_colors))]
    for space, one in made.items():
        figures = f"PSNR {words.psnr(one.metrics.psnr_db)} · ΔE00 {one.metrics.delta_e_00:.2f}"
        png = _cache.result_preview(one.result)
        panes.append(Pane(space, png, figures, hex_colors(one.result.palette)))
    width, height = picture.size
    # As in the page's name: LAB on the left, BGR on the right.
    right, left = (1 + list(made).index(space) for space in pair)
    crop = None
    if max(width, height) > _cache.PREVIEW_SIDE:
        results = [one.result for one in made.values()]
        crop = partial(_cache.part, picture, results)
    viewer(
        panes, key="spaces_viewer", size=(width, height), crop=crop,
        places=name_places(contrast), lead=f"{pair[0]} and {pair[1]} differ most at",
        sides=(left, right),
        **_acts.looking("spaces_viewer", many=True),
    )  # fmt: skip


def name_places(contrast: Contrast) -> list[Place]:
    """Buttons to the regions, numbered as the frames on the map are."""
    return [
        Place(f"{number} · ΔE00 {region.delta_e_00:.1f}", region.x, region.y, region.width, region.height)
        for number, region in enumerate(contrast.regions, 1)
    ]


def show_verdicts(frame: Frame, made: Mapping[str, Made], settings: Settings) -> None:
    """Say who won by which yardstick, by how much and why."""
    picture = frame.picture
    reasons = _space_results.reasons(picture, made)
    st.header(words.summarize(reasons), anchor=False)
    if words.all_fixed(settings):
        st.markdown(
            "All colours are fixed, so the palette is the same in every space, and a space only decides "
            "which of them a pixel gets."
        )
    for cell, reasoned in zip(st.columns(3, gap="large"), reasons, strict=True):
        cell.caption(words.title(reasoned))
        cell.markdown(words.explain(reasoned, settings))
    with st.container(horizontal=True, vertical_alignment="center", gap="large"):
        st.html(html.draw_table(made, _space_results.likeness(picture, made)), width="content")
        with st.container(horizontal=True, width="content"):
            _figures.explain("MSE", "PSNR", "ΔE00", "95 %", "SSIM")
            _code.offer(frame, settings, varied=Varied("space", tuple(made)))


def pick_pair(spaces: Sequence[str]) -> tuple[str, str]:
    """Draw the choice of two spaces to look at closely, if there are more than two."""
    pairs = {f"{first} and {second}": (first, second) for first, second in combinations(spaces, 2)}
    if len(pairs) == 1:
        return next(iter(pairs.values()))
    chosen = st.selectbox(
        "Look closely at", list(pairs), **_controls.show("pair", among=list(pairs)), width=260
    )
    return pairs[chosen]


def show_contrast(picture: PictureRef, contrast: Contrast, pair: tuple[str, str]) -> None:
    """Show where two results differ, and the regions that differ most."""
    if not contrast.regions:
        st.markdown(f"{pair[0]} and {pair[1]} give the same picture.")
        return
    st.markdown(
        f"Colours of {pair[0]} and {pair[1]} are ΔE00 {contrast.mean:.2f} apart on average; "
        "the frames are where they differ most."
    )
    width, height = picture.size
    left, right = st.columns([3, 2], gap="large")
    left.html(html.draw_map(contrast, (width, height)))
    right.html(html.draw_crops(contrast, pair))


def show_pairs(made: Mapping[str, Made], pair: tuple[str, str]) -> None:
    """Show the two palettes matched up, the most different entries first."""
    first, second = (made[space].result for space in pair)
    pairs = _space_results.pairs(first, second)
    st.caption(
        f"Each colour of {pair[0]} over the one of {pair[1]} that belongs to it, with their ΔE00, "
        "the most different first."
    )
    st.html(html.draw_pairs(pairs, first, second))


@st.fragment
def show_clouds(picture: PictureRef, made: Mapping[str, Made], pair: tuple[str, str]) -> None:
    """Show the picture's colours as clouds, one for each of two palettes."""
    with st.container(horizontal=True, gap="medium"):
        view = st.segmented_control(
            "View", VIEWS, required=True, **_controls.show("view"),
            help="Dots are the picture's colours, in that of the entry they become; balls are entries.",
        )  # fmt: skip
        axes = st.segmented_control(
            "Axes", list(SPACES), required=True, **_controls.show("axes"),
            disabled=view != "3-D",
        )  # fmt: skip
    _state.write_address()  # which only a whole run does otherwise
    with _pictures.replacing_lost():  # a fragment's own run has no frame around it
        _draw_clouds(picture, {space: made[space].result for space in pair}, view, axes)


# A wheel over a chart moves the page, as everywhere.
CLOUD = {"displayModeBar": False, "scrollZoom": False}


def _draw_clouds(picture: PictureRef, results: Mapping[str, ResultRef], view: str, axes: str) -> None:
    cloud = _space_results.cloud(picture)
    for cell, (space, result) in zip(st.columns(2), results.items(), strict=True):
        cells = _space_results.cells(picture, result)
        if view == "3-D":
            figure = charts.draw_cloud(cloud, cells, result.palette, find_space(axes))
        else:
            figure = charts.draw_plane(cloud, cells, result.palette, view)
        cell.caption(f"Palette and cells of {space}")
        cell.plotly_chart(figure, key=f"cloud_{space}", config=CLOUD)


def say_that_no_space_counts() -> None:
    """Say so, and offer a way on; what compares spaces has nothing to say then."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            "This dithering measures in axes of its own: every space gives the same picture.",
            width="content",
        )
        title = find_preset("numbers").title
        st.button(f"Compare with the preset {title}", on_click=_acts.use_preset, args=("numbers",))


def main(frame: Frame) -> None:
    """Draw the page; what takes longest comes last."""
    picture, settings = frame.picture, frame.settings
    st.html(html.STYLE)
    spaces = pick_spaces()
    _faint.stop_if_gone(picture, can_be_soft=False)
    _faint.tell_without(picture)
    if not settings.heeds_space:
        say_that_no_space_counts()
    pictures, verdicts, closely = st.container(key="pictures"), st.container(), st.container()
    with closely:
        heading = st.container()
        pair = pick_pair(spaces)
    try:
        made = _space_results.make(picture, settings, spaces)
    except QuantizeError as error:
        pictures.error(_words.sentence(str(error)))
        st.stop()
    contrast = _space_results.contrast(picture, *(made[space].result for space in pair))
    with pictures:
        show_pictures(picture, made, contrast, pair)
    if not settings.heeds_space:
        return
    with verdicts:  # from here on from top to bottom, or what is read would move down
        show_verdicts(frame, made, settings)
    heading.header("Where they differ", anchor=False)
    with closely:
        show_contrast(picture, contrast, pair)
        st.header("Palettes in pairs", anchor=False)
        show_pairs(made, pair)
    st.header("The colours in space", anchor=False)
    show_clouds(picture, made, pair)


main(ensure_frame())
