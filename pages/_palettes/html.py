"""What the palette page shows of pairs and of colour vision: values in, HTML out, every text escaped."""

import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from quantize.palettes.facts import CONTRAST_LEVELS
from quantize.palettes.vision import VISIONS, LookAlike

# More would be a table that nobody reads and a page that is slow.
MAX_TABLE = 24
MAX_LISTED = 6

STYLE = """
<style>
:is(.st-key-n, .st-key-n_many) label p { font-size: 1.15rem; font-weight: 600; }
:is(.st-key-n, .st-key-n_many) [data-testid="stSlider"] > [role="group"] { padding-top: 0.9rem; }
:is(.st-key-n, .st-key-n_many) [data-testid="stSliderThumbValue"] p { font-size: 1.4rem; }
:is(.st-key-n, .st-key-n_many) [data-testid="stSliderThumbValue"] { font-size: 1.4rem; font-weight: 600; }
/* A palette's file never is so large that its size matters; Streamlit writes units in its own way. */
.st-key-palette_file [data-testid="stFileUploaderDropzoneInstructions"],
.st-key-palette_file [data-testid="stFileChipName"] + div { display: none; }
@media (min-width: 641px) {
  /* The picture stays beside the swatches, however many there are. */
  [data-testid="stLayoutWrapper"]:has(> .st-key-beside) { position: sticky; top: 4.5rem; }
}
/* What is under More opens beside the picture and under the swatches, so that both are seen. */
@supports (anchor-name: --palette) {
  @media (min-width: 1024px) {
    .st-key-palette_options { anchor-name: --palette; }
    [data-testid="stPopoverBody"]:has(.st-key-merge) { position-anchor: --palette; transform: none !important;
      top: min(anchor(top), calc(100vh - 27rem)) !important; left: calc(anchor(right) + 1rem) !important; }
  }
}
/* A scrollbar with a colour is seen before somebody scrolls. */
.cq-scroll { container-type: inline-size; overflow-x: auto; padding-bottom: 0.5rem; scrollbar-width: thin;
  scrollbar-color: #8889 transparent; }
.cq-pairs { border-collapse: separate; border-spacing: 3px; font-size: 0.8rem; line-height: 1.25; }
.cq-pairs th, .cq-pairs td { padding: 0; border: 0; text-align: center; font-weight: 400; }
.cq-pairs i { display: grid; place-items: center; width: 3.6rem; height: 2rem; border-radius: 3px;
  font-style: normal; font-weight: 600; font-size: 1rem; forced-color-adjust: none; }
/* A rim, or black is not seen on a dark page. */
.cq-pairs i, .cq-visions div, .cq-alike i { box-shadow: inset 0 0 0 1px #7779; }
.cq-pairs tbody th { position: sticky; left: 0; z-index: 1; }
.cq-pairs tbody th i { width: 2rem; height: 3.3rem; }
.cq-pairs thead i { height: 1.2rem; }
.cq-pairs td span { display: block; white-space: nowrap; }
.cq-pairs td.fails span { opacity: 0.72; }
.cq-pairs td b { font-weight: 650; }
.cq-visions { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.4rem 0.9rem;
  align-items: center; }
.cq-visions div { display: flex; height: 2.6rem; padding: 1px; border-radius: 3px; overflow: hidden; }
.cq-visions i { flex: 1; forced-color-adjust: none; }
.cq-alike { margin-top: 0.8rem; }
.cq-alike div { margin: 0.25rem 0; }
.cq-alike i { display: inline-block; width: 1.1rem; height: 1.1rem; border-radius: 3px; vertical-align: -3px;
  margin: 0 0.2rem 0 0.3rem; }
.cq-alike b { font-weight: 600; }
@container (max-width: 24rem) {
  .cq-pairs { font-size: 0.7rem; border-spacing: 2px; }
  .cq-pairs i { width: 2.75rem; font-size: 0.9rem; }
  .cq-pairs tbody th i { width: 1.2rem; }
}
@container (max-width: 20rem) {
  .cq-pairs i { width: 2rem; }
  .cq-pairs tbody th i { width: 1rem; }
  .cq-pairs td { vertical-align: top; }
  .cq-pairs td b { display: block; }
}
@media (max-width: 640px) {
  .cq-visions { grid-template-columns: minmax(0, 1fr); gap: 0.1rem; }
  .cq-visions div { margin-bottom: 0.5rem; }
}
</style>
"""


def share_in_words(share: float) -> str:
    """A share, 0–1, as per cent, just precise enough for rare entries."""
    percent = 100 * share
    if percent >= 9.95:
        return f"{percent:.0f} %"
    if percent >= 0.01:
        return f"{percent:.2g} %"
    return "under 0.01 %" if percent else "0 %"


def level_of(ratio: float) -> str:
    """The highest contrast level that a ratio reaches, "" if none."""
    return next((level for level, least in reversed([*CONTRAST_LEVELS.items()]) if ratio >= least), "")


def contrast_in_words(ratios: NDArray[np.float64]) -> str:
    """How many pairs reach which level, in a sentence."""
    pairs = ratios[np.triu_indices(len(ratios), 1)]
    large, text, best = ((pairs >= CONTRAST_LEVELS[level]).sum() for level in ("AA large", "AA", "AAA"))
    if not len(pairs):
        return "One colour alone has no contrast."
    shown = f" Shown are the first {MAX_TABLE} colours." if len(ratios) > MAX_TABLE else ""
    return (
        f"Pass AA for text: {text:,} of {_pairs(len(pairs))}; AAA: {best:,}; "
        f"AA for large text and icons: {large:,}.{shown}"
    )


def _pairs(number: int) -> str:
    return "1 pair" if number == 1 else f"{number:,} pairs"


def contrast_table(codes: Sequence[str], ratios: NDArray[np.float64]) -> str:
    """Every colour on every other, with the ratio and the level it reaches.

    Parameters
    ----------
    codes : sequence of str
        "#rrggbb"; the first 24 are shown.
    ratios : float64, shape (k, k)
        Contrast of every pair.
    """
    shown = [escape(code, quote=True) for code in codes[:MAX_TABLE]]
    head = "".join(f'<th scope="col">{_patch(code, code)}</th>' for code in shown)
    rows = []
    for row, text in enumerate(shown):
        cells = "".join(_cell(text, ground, ratios[row, at], row == at) for at, ground in enumerate(shown))
        rows.append(f'<tr><th scope="row">{_patch(text, text)}</th>{cells}</tr>')
    return (
        '<div class="cq-scroll" tabindex="0" role="region" aria-label="Contrast of every pair">'
        f'<table class="cq-pairs"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _patch(color: str, title: str) -> str:
    return f'<i style="background:{color}" title="{title}" role="img" aria-label="{title}"></i>'


def _cell(text: str, ground: str, ratio: float, same: bool) -> str:
    if same:
        return "<td></td>"
    level = level_of(ratio)
    # Rounded down: 4.499 does not pass and must not look as if it did.
    number = f"{math.floor(ratio * 10) / 10:.1f}"
    mark = f" <b>{level.replace('AA large', 'large')}</b>" if level else ""
    return (
        f'<td class="{"passes" if level else "fails"}" title="{text} on {ground}">'
        f'<i style="color:{text};background:{ground}" aria-hidden="true">Aa</i>'
        f"<span>{number}{mark}</span></td>"
    )


def vision_rows(codes: Sequence[str], seen: Mapping[str, Sequence[str]]) -> str:
    """The palette as it is and as each of VISIONS sees it; ``seen`` holds its colours by key."""
    rows = [("Full colour vision", codes), *((VISIONS[key].title, colors) for key, colors in seen.items())]
    strips = (
        f'<span>{escape(title)}</span><div role="img" aria-label="{escape(title, quote=True)}">'
        + "".join(f'<i style="background:{escape(color, quote=True)}"></i>' for color in colors)
        + "</div>"
        for title, colors in rows
    )
    return f'<div class="cq-visions">{"".join(strips)}</div>'


def look_alikes(codes: Sequence[str], found: Sequence[LookAlike]) -> str:
    """Which entries become alike, the closest first; a sentence if none do."""
    if not found:
        return '<p class="cq-quiet">✓ No two colours that are clearly different become alike.</p>'
    ordered = sorted(found, key=lambda pair: pair.seen)
    items = "".join(_alike(codes, pair) for pair in ordered[:MAX_LISTED])
    rest = len(ordered) - MAX_LISTED
    more = f'<div class="cq-quiet">and {rest:,} more</div>' if rest > 0 else ""
    return f'<div class="cq-alike"><b>⚠ Alike to some eyes, though clearly different</b>{items}{more}</div>'


def _alike(codes: Sequence[str], pair: LookAlike) -> str:
    first, second = (escape(codes[row], quote=True) for row in (pair.first, pair.second))
    title = VISIONS[pair.vision].title.partition(" ")[0]
    return (
        f'<div>{escape(title)}: <i style="background:{first}"></i>{first} and '
        f'<i style="background:{second}"></i>{second} '
        f'<span class="cq-quiet">ΔE00 {pair.normal:.0f} → {pair.seen:.1f}</span></div>'
    )
