"""The table of areas as HTML."""

from collections.abc import Sequence
from html import escape

from pages._palettes.html import share_in_words
from quantize.regions.segments import Segments


def draw_areas(segments: Segments, colors: Sequence[str]) -> str:
    """A row for each region: its colour, pixels, share, parts, and what it was merged of."""
    rows = "".join(
        f'<tr><th scope="row"><i style="background:{code}"></i> {code}{_others(members, colors)}</th>'
        f"<td>{pixels:,}</td><td>{share_in_words(share)}</td><td>{parts:,}</td></tr>"
        for code, members, pixels, share, parts in zip(
            segments.hexes,
            segments.members,
            segments.areas.tolist(),
            segments.shares.tolist(),
            segments.n_parts.tolist(),
            strict=True,
        )
    )
    return (
        '<div class="cq-made cq-areas" tabindex="0" role="region" aria-label="Areas"><table>'
        '<thead><tr><th scope="col">Region</th><td>Pixels</td><td>Share</td><td>Parts</td></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _others(members: Sequence[int], colors: Sequence[str]) -> str:
    """Colours that a region was merged of, besides its own."""
    return "".join(
        f' + <i style="background:{code}"></i> {escape(code)}'
        for code in (colors[entry] for entry in members[1:])
    )
