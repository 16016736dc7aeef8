"""What the command line tells of smaller files: figures of each, of all together, and a table to compare."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quantize.commands.compress_places import Place
from quantize.commands.streams import read_input, shown_input, shown_way
from quantize.decoding.frames import lost_frames
from quantize.decoding.picture import Picture, load_picture
from quantize.sizing.comparing import compare_kinds, find_frontier
from quantize.sizing.explaining import describe_setting
from quantize.sizing.kinds import KINDS
from quantize.sizing.shrinking import Shrunk


@dataclass(frozen=True)
class Made:
    """A file that was made, where it goes, and its figures."""

    place: Place
    path: Path
    data: bytes
    figures: dict[str, Any]


def told_figures(
    place: Place, path: Path, picture: Picture, found: Shrunk, notes: list[str], seconds: float
) -> dict[str, Any]:
    """Collect the figures of a file, as they are told and written as JSON."""
    recipe = found.written.recipe if found.written else None
    result = found.written.result if found.written else None
    shape = found.written.pixels.shape if found.written else picture.pixels.shape
    return {
        "picture": str(place.picture),
        "output": str(path),
        "kind": recipe.kind if recipe else None,
        "setting": describe_setting(found.written) if found.written else "as it came",
        "n_colors": len(result.palette) if result else None,
        "quality": recipe.quality if recipe else None,
        "width": shape[1],
        "height": shape[0],
        "ssimulacra2": found.looks,
        "reached": found.reached,
        "bytes_in": picture.n_bytes,
        "bytes_out": len(found.data),
        "seconds": seconds,
        "lost_frames": lost_frames(notes),
        "said": found.said,
        "notes": notes,
    }


def describe_made(made: list[Made]) -> str:
    """Describe files that were made, and all together if there are several."""
    lines = []
    for one in made:
        figures = one.figures
        setting = figures["setting"] or "nothing lost"
        lines += [
            shown_way(one.place.picture, one.path),
            f"{setting}, SSIMULACRA2 {figures['ssimulacra2']:.1f}",
            f"{figures['bytes_in']:,} → {figures['bytes_out']:,} bytes ({_change(figures)}), "
            f"{figures['seconds']:.2f} s",
            figures["said"],
            *(f"note: {note}" for note in figures["notes"]),
        ]
    whole = [one.figures for one in made if not one.figures["lost_frames"]]
    if len(made) > 1 and whole:
        before, after = (sum(figures[key] for figures in whole) for key in ("bytes_in", "bytes_out"))
        of = f" of {len(made)}, those with all their frames" if len(whole) < len(made) else ""
        pictures = "1 picture" if len(whole) == 1 else f"{len(whole)} pictures"
        lines.append(f"{pictures}{of}: {before:,} → {after:,} bytes ({_saved(before, after)})")
    return "\n".join(lines)


def _change(figures: dict[str, Any]) -> str:
    """Tell what was saved; of an animation of which one frame is left that would say nothing."""
    lost = figures["lost_frames"]
    return f"without {lost}" if lost else _saved(figures["bytes_in"], figures["bytes_out"])


def _saved(before: int, after: int) -> str:
    share = 100 * (1 - after / before)
    return f"{share:.0f} % saved" if share >= 0 else f"{-share:.0f} % more"


def describe_table(figures: dict[str, Any]) -> str:
    """Describe what every kind and quality would give, the shortest first."""
    lines = [f"{shown_input(figures['picture'])}: {figures['bytes_in']:,} bytes"]
    for row in sorted(figures["files"], key=lambda row: row["bytes"]):
        about = "about " if row["estimated"] else ""
        lines.append(
            f"{'*' if row['unbeaten'] else ' '} {about}{row['bytes']:>11,}  {row['ssimulacra2']:>6.1f}  "
            f"{row['delta_e_blurred']:>5.2f}  {row['ssim']:.4f}  {KINDS[row['kind']].title}  {row['setting']}"
        )
    lines.insert(1, "  bytes, SSIMULACRA2, ΔE00 after a blur, SSIM, kind and setting; * nothing beats it")
    return "\n".join(lines)


def write_json(figures: list[dict[str, Any]]) -> str:
    """Write figures as JSON, one picture's without a list around them."""
    return json.dumps(figures if len(figures) > 1 else figures[0], ensure_ascii=False)


def compare(path: Path) -> dict[str, Any]:
    """Tell what every kind and quality would give."""
    picture = load_picture(read_input(path))
    points = compare_kinds(picture)
    best = set(find_frontier(points))
    return {
        "picture": str(path),
        "bytes_in": picture.n_bytes,
        "files": [
            {
                "kind": point.recipe.kind if point.recipe else None,
                "setting": point.recipe.name if point.recipe else "",
                "bytes": point.n_bytes,
                "estimated": point.estimated,
                "ssimulacra2": point.scores.ssimulacra2,
                "delta_e_blurred": point.scores.delta_e_blurred,
                "ssim": point.scores.ssim,
                "unbeaten": number in best,
            }
            for number, point in enumerate(points)
        ],
    }
