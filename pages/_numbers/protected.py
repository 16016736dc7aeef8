"""Protected colours and the paints that they protect: palettes change, and a colour that was chosen waits."""

from collections.abc import Mapping, Sequence

import numpy as np

from pages._tables import to_colors
from quantize.colors.difference import delta_e_00

NEAR = 10.0
"""ΔE00 up to which another paint stands for a protected colour that is not there."""
MANY = 32
"""Of more colours than these, only the darkest and the lightest are offered at first."""

Matches = Mapping[str, str | None]


def match(protected: Sequence[str], colors: Sequence[str]) -> Matches:
    """Find the paint that each protected colour protects.

    Parameters
    ----------
    protected, colors : sequence of str
        "#rrggbb"; of the second there is at least one.

    Returns
    -------
    dict
        By protected colour: itself if it is among ``colors``, or the nearest of them, or None if no one is
        within ``NEAR``.
    """
    return {code: code if code in colors else _nearest(code, colors) for code in protected}


def _nearest(code: str, colors: Sequence[str]) -> str | None:
    others = to_colors(tuple(colors))
    far = delta_e_00(np.repeat(to_colors((code,)), len(others), axis=0), others)
    return colors[int(far.argmin())] if far.min() <= NEAR else None


def follow(matches: Matches, chosen: Sequence[str]) -> tuple[str, ...]:
    """Find what is protected after a choice among paints: what has none of them waits as it was."""
    kept = [code for code, paint in matches.items() if paint is None or paint in chosen]
    held = {matches[code] for code in kept}
    return (*kept, *(code for code in chosen if code not in held))


def offered(colors: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """Find the darkest and the lightest of many colours, and those that are chosen, in their own order."""
    light = to_colors(tuple(colors)).astype(float) @ (0.299, 0.587, 0.114)
    order = np.argsort(light, kind="stable")
    ends = {*order[: MANY // 2].tolist(), *order[-MANY // 2 :].tolist()}
    return [code for number, code in enumerate(colors) if number in ends or code in chosen]
