"""Files of segments: poster, masks, cut-outs, label map, areas."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages import Frame, _code, _downloads, _state
from pages._names import stem as stem_of
from pages._segments import results
from pages._segments.results import Wish
from quantize.regions import files, masks
from quantize.regions.curves import NEAR


def draw_files(frame: Frame, wish: Wish, n_regions: int, colors: Sequence[str]) -> None:
    """Offer all of them; ``colors`` are the entries, before any were merged."""
    title = stem_of(frame.name)
    stem = f"{title}-{n_regions}"
    width, height = wish.picture.size
    with st.container(horizontal=True):
        smooth = _state.choices().smooth
        _downloads.offer(
            "Download poster (SVG)",
            partial(
                results.write, f"poster {smooth}", wish,
                partial(files.write_poster, near=NEAR if smooth else 0, title=title),
            ),
            f"{stem}-poster.svg", "image/svg+xml", icon=":material/download:", key="export_poster",
            help="A drawing of one shape and one fill for each region, sharp at any size and without gaps.",
        )  # fmt: skip
        _downloads.offer(
            "Masks (ZIP)", partial(results.write, "masks", wish, masks.write_masks), f"{stem}-masks.zip",
            "application/zip", icon=":material/download:", key="export_masks",
            help=f"For each region a PNG of {width:,}×{height:,} pixels, white where it is.",
        )  # fmt: skip
        _downloads.offer(
            "Cut-outs (ZIP)", partial(results.write_with_picture, "cutouts", wish, masks.write_cutouts),
            f"{stem}-cutouts.zip", "application/zip", icon=":material/download:", key="export_cutouts",
            help="For each region the picture there, as PNG, transparent elsewhere.",
        )  # fmt: skip
        with _state.popover("Label map, areas", "segment_files", ":material/download:"):
            _draw_data(wish, stem)
        _code.offer_command(
            frame, "segments", results.name_options(wish, colors) | {"--pixels": not smooth}, "result.svg"
        )


def _draw_data(wish: Wish, stem: str) -> None:
    picture = wish.picture
    name = f"{stem}.{picture.format.lower()}"
    rows = (
        ("Label map (PNG)", "labels.png", "image/png", partial(files.write_labels_png, dpi=picture.dpi),
         "Indexed: entry 0 is the first region, and so on."),
        ("Label map (NumPy)", "labels.npz", "application/octet-stream", files.write_labels_npz,
         "Arrays labels, palette and areas; -1 where nothing is visible."),
        ("Areas (CSV)", "areas.csv", "text/csv", files.write_areas_csv, "Pixels, per cent and parts."),
        ("Areas (JSON)", "areas.json", "application/json", files.write_areas_json, "The same as JSON."),
        ("Masks (COCO)", "coco.json", "application/json", partial(files.write_coco, name=name),
         "Run lengths as data sets for training hold them."),
    )  # fmt: skip
    for label, ending, mime, write, help in rows:
        _downloads.offer(
            label, partial(results.write, ending, wish, write), f"{stem}-{ending}", mime,
            icon=":material/download:", key=f"export_{ending.replace('.', '_')}", help=help,
        )  # fmt: skip
