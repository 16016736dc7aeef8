"""The table of paints as HTML."""

from html import escape

from quantize.numbers.key import say_share
from quantize.numbers.numbered import Numbered


def draw_paints(numbered: Numbered) -> str:
    """A row for each paint: its number, colour and name, share, area on paper, and regions."""
    rows = "".join(
        f'<tr><th scope="row"><i style="background:{paint.hex}"></i> <b>{paint.number}</b> {paint.hex}'
        f"{f' {escape(paint.name)}' if paint.name else ''}</th><td>{say_share(paint.share)}</td>"
        f"<td>{paint.area / 100:,.1f} cm²</td><td>{paint.n_regions:,}</td></tr>"
        for paint in numbered.paints
    )
    return (
        '<div class="cq-made cq-areas" tabindex="0" role="region" aria-label="Paints"><table>'
        '<thead><tr><th scope="col">Paint</th><td>Share</td><td>Area</td><td>Regions</td></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
