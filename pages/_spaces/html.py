"""HTML of the page that compares spaces: figures, the difference map and its regions, palettes in pairs."""

import base64
from collections.abc import Mapping, Sequence
from html import escape

from pages._references import ResultRef
from pages._spaces import words
from pages._spaces.results import Contrast, Made
from quantize import Metrics
from quantize.colors.hexadecimal import hex_colors
from quantize.measuring.comparison import Pair
from quantize.rendering.heat import heat_colors

MAX_PAIRS = 48
COLUMNS = ("MSE", "PSNR", "ΔE00, mean", "ΔE00, 95 %", "SSIM")

STYLE = """
<style>
.st-key-space { display: none; }
/* As high as a window at most, and never so thin that it is not seen. */
.sp-map { position: relative; max-height: 70vh; min-width: 6px; line-height: 0; border-radius: 4px;
  overflow: hidden; }
.sp-map img { width: 100%; height: 100%; image-rendering: pixelated; }
.sp-map i { position: absolute; border: 2px solid #fff; box-shadow: 0 0 0 1px #000a, inset 0 0 0 1px #000a; }
.sp-map b, .sp-crops b { font-style: normal; font-weight: 600; font-size: 0.8rem; line-height: 1.15rem;
  min-width: 1.15rem; padding: 0 0.2rem; text-align: center; background: #fff; color: #111; }
.sp-map b { position: absolute; left: -1px; top: -1px; }
.sp-crops b { display: inline-block; border-radius: 2px; box-shadow: 0 0 0 1px #0004; margin-right: 0.4rem; }
.sp-scale { display: flex; align-items: center; gap: 0.5rem; margin-top: 0.6rem; font-size: 0.85rem; }
.sp-scale i { flex: 1; max-width: 16rem; height: 0.7rem; border-radius: 2px;
  box-shadow: inset 0 0 0 1px #8886; }
.sp-crops { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.3rem 0.5rem; }
.sp-crops .head { font-size: 0.85rem; opacity: 0.75; }
.sp-crops .row { grid-column: 1 / -1; font-size: 0.85rem; margin-top: 0.4rem; }
.sp-crops img { width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 3px;
  image-rendering: pixelated; }
.sp-pairs { display: grid; gap: 0.7rem 0.4rem;
  grid-template-columns: repeat(auto-fill, minmax(3.2rem, 1fr)); }
.sp-pairs figure { margin: 0; }
.sp-pairs i { display: block; height: 2rem; box-shadow: inset 0 0 0 1px #8883; }
.sp-pairs i:first-child { border-radius: 3px 3px 0 0; }
.sp-pairs i:nth-child(2) { border-radius: 0 0 3px 3px; }
.sp-pairs figcaption { font-size: 0.8rem; text-align: center; opacity: 0.8; margin-top: 0.15rem; }
.sp-rest { margin-top: 0.7rem; }
.sp-rest summary { cursor: pointer; margin-bottom: 0.7rem; }
.sp-table { overflow-x: auto; }
.sp-table table { border-collapse: collapse; font-size: 0.95rem; font-variant-numeric: tabular-nums; }
.sp-table th, .sp-table td { padding: 0.25rem clamp(0.5rem, 2vw, 1.4rem) 0.25rem 0;
  text-align: right; white-space: nowrap; }
.sp-table th { font-weight: 400; opacity: 0.75; }
.sp-table th:first-child { text-align: left; }
.sp-table tbody th { opacity: 1; font-weight: 600; }
.sp-table tbody tr { border-top: 1px solid #8884; }
</style>
"""


def draw_table(made: Mapping[str, Made], likeness: Mapping[str, float]) -> str:
    """Figures of every space, the best of each column in bold."""
    rows = {name: _figures(one.metrics, likeness[name]) for name, one in made.items()}
    best = [_best_text(column) for column in zip(*rows.values(), strict=True)]
    head = "".join(f"<th>{title}</th>" for title in ("Space", *COLUMNS))
    body = "".join(f"<tr><th>{escape(name)}</th>{_draw_cells(row, best)}</tr>" for name, row in rows.items())
    return f'<div class="sp-table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _best_text(column: Sequence[tuple[float, str]]) -> str:
    """What the best number of a column looks like: all that look like it are best."""
    return min(column)[1]


def _draw_cells(row: Sequence[tuple[float, str]], best: Sequence[str]) -> str:
    return "".join(
        f"<td><b>{text}</b></td>" if text == top else f"<td>{text}</td>"
        for (_, text), top in zip(row, best, strict=True)
    )


def _figures(metrics: Metrics, likeness: float) -> list[tuple[float, str]]:
    """Texts of a row, each with a number that is the smaller, the better it is."""
    return [
        (metrics.mse, f"{metrics.mse:,.1f}"),
        (-metrics.psnr_db, words.psnr(metrics.psnr_db)),
        (metrics.delta_e_00, f"{metrics.delta_e_00:.2f}"),
        (metrics.delta_e_00_p95, f"{metrics.delta_e_00_p95:.2f}"),
        (-likeness, f"{likeness:.4f}"),
    ]


def draw_map(contrast: Contrast, size: tuple[int, int]) -> str:
    """The difference map, a numbered frame on each region, and its scale."""
    frames = "".join(
        f'<i style="left:{100 * region.x / size[0]:.2f}%;top:{100 * region.y / size[1]:.2f}%;'
        f'width:{100 * region.width / size[0]:.2f}%;height:{100 * region.height / size[1]:.2f}%">'
        f"<b>{number}</b></i>"
        for number, region in enumerate(contrast.regions, 1)
    )
    stops = ", ".join(hex_colors(heat_colors()[::23]))
    shape = f"aspect-ratio:{size[0]}/{size[1]};max-width:calc(70vh * {size[0] / size[1]:.5f})"
    return (
        f'<div class="sp-map" style="{shape}">'
        f'<img alt="Difference map" src="{_source(contrast.png)}">{frames}</div>'
        f'<div class="sp-scale"><span>ΔE00</span><span>0</span>'
        f'<i style="background:linear-gradient(to right, {stops})"></i>'
        f"<span>{contrast.top:g} and more</span></div>"
    )


def draw_crops(contrast: Contrast, names: tuple[str, str]) -> str:
    """Every region in the original and in both results."""
    heads = "".join(f'<span class="head">{escape(name)}</span>' for name in ("Original", *names))
    rows = "".join(
        f'<span class="row"><b>{number}</b>ΔE00 {region.delta_e_00:.1f} on average</span>'
        + "".join(
            f'<img alt="Region {number}, {escape(name)}" src="{_source(data)}">'
            for name, data in zip(("original", *names), crops, strict=True)
        )
        for number, (region, crops) in enumerate(zip(contrast.regions, contrast.crops, strict=True), 1)
    )
    return f'<div class="sp-crops">{heads}{rows}</div>'


def draw_pairs(pairs: Sequence[Pair], first: ResultRef, second: ResultRef) -> str:
    """Entries that belong together, one over the other so that the edge between them shows.

    Those that differ least are folded away where there are many.
    """
    above, below = hex_colors(first.palette), hex_colors(second.palette)
    shares = [one.counts / one.counts.sum() for one in (first, second)]
    tiles = []
    for pair in pairs:
        hint = (
            f"{first.settings.space} {above[pair.first]}, {100 * shares[0][pair.first]:.1f} %; "
            f"{second.settings.space} {below[pair.second]}, {100 * shares[1][pair.second]:.1f} %"
        )
        tiles.append(
            f'<figure title="{escape(hint)}"><i style="background:{above[pair.first]}"></i>'
            f'<i style="background:{below[pair.second]}"></i>'
            f"<figcaption>{pair.delta_e_00:.1f}</figcaption></figure>"
        )
    shown, rest = (
        f'<div class="sp-pairs">{"".join(some)}</div>' for some in (tiles[:MAX_PAIRS], tiles[MAX_PAIRS:])
    )
    if len(pairs) <= MAX_PAIRS:
        return shown
    number, most = len(pairs) - MAX_PAIRS, pairs[MAX_PAIRS].delta_e_00
    more = "1 more pair differs" if number == 1 else f"{number} more pairs differ"
    return f"{shown}<details class=sp-rest><summary>{more} by {most:.1f} or less</summary>{rest}</details>"


def _source(data: bytes) -> str:
    kind = "png" if data[:4] == b"\x89PNG" else "webp"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
