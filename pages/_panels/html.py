"""HTML of the page about panels: inks as swatches."""

from html import escape

from quantize.colors.hexadecimal import hex_colors
from quantize.panels.showing import OnPanel


def share_in_words(share: float) -> str:
    """A share of pixels."""
    return "none" if share == 0 else f"{100 * share:.0f} %" if share >= 0.01 else "below 1 %"


def draw_inks(made: OnPanel) -> str:
    """Draw every ink: what it shows, in a corner what the driver calls it, its name, codes and share."""
    inks, total = made.panel.inks, made.indices.size
    rows = zip(
        inks.names, inks.numbers, hex_colors(made.panel.colors), inks.device, made.counts.tolist(),
        strict=True,
    )  # fmt: skip
    return "".join(
        '<figure class="cq-ink" role="listitem">'
        f'<div style="background:{shown}"><i style="background:#{device}"></i></div>'
        f"<figcaption><b>{escape(name)}</b><span>{shown}</span><span>number {number}</span>"
        f"<span>{share_in_words(pixels / total)}</span></figcaption></figure>"
        for name, number, shown, device, pixels in rows
    )
