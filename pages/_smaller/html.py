"""The table of the page about smaller files."""

from collections.abc import Sequence
from html import escape

from pages import _sizes
from quantize.rendering.rivals import FileSize
from quantize.sizing.comparing import Point, find_frontier
from quantize.sizing.kinds import KINDS

_COLUMNS = ("Bytes", "SSIMULACRA2", "ΔE00, blurred", "SSIM")


def files_table(points: Sequence[Point]) -> str:
    """HTML of all files from short to long; what nothing beats is set in bold."""
    best = set(find_frontier(points))
    order = sorted(range(len(points)), key=lambda at: points[at].n_bytes)
    rows = "".join(_row(points[at], at in best) for at in order)
    cells = "".join(f'<th scope=col style="text-align:right">{name}</th>' for name in _COLUMNS)
    head = f"<tr><th scope=col>File</th>{cells}</tr>"
    return (
        '<div class="cq-made" tabindex=0 role=region aria-label="What each kind of file costs">'
        f"<table>{head}{rows}</table></div>"
    )


def _row(point: Point, best: bool) -> str:
    title = KINDS[point.recipe.kind].title if point.recipe else "Your file"
    name = f"{title}, {point.recipe.name}" if point.recipe and point.recipe.name else title
    name = f"<b>{escape(name)}</b>" if best else escape(name)
    size, scores = f"{point.n_bytes:,}", point.scores
    if point.estimated:
        size = _sizes.size_in_words(FileSize(point.n_bytes, estimated=True))
    looks = f"{scores.ssimulacra2:.1f}".replace("-", "\N{MINUS SIGN}")
    cells = (size, looks, f"{scores.delta_e_blurred:.2f}", f"{scores.ssim:.3f}")
    return f"<tr><th scope=row>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
