"""The palette bar: every entry of a palette as a piece of a strip, as wide as its share of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages._viewer.assets import read
from pages._viewer.declaring import declare

MAX_ENTRIES = 256

_component = declare(
    "quantize_palette_bar",
    html=read("strip.html"),
    css=read("strip.css"),
    js=read("shelf.js", "strip.js"),
)


@dataclass(frozen=True)
class Chosen:
    """A click on a palette bar: the entry now selected, or None when the selection was taken back."""

    entry: int | None


def palette_bar(
    colors: Sequence[str],
    shares: Sequence[float],
    *,
    key: str,
    selected: int | None = None,
    viewer: str | None = None,
) -> Chosen | None:
    """Show a palette as a strip; a click selects an entry and copies its hex code.

    Parameters
    ----------
    colors : sequence of str
        1 to 256 entries as "#rrggbb", shown exactly and in this order.
    shares : sequence of float
        What part of the picture each entry has, 0 to 1; rare entries stay wide enough to be seen.
    key : str
        Names this bar; unique on its page.
    selected : int, optional
        The entry that is marked. A click marks at once, without this; a new value from here wins.
    viewer : str, optional
        Key of the `viewer` that shows the picture: what is selected in one is selected in the other
        at once, without a rerun in between.

    Returns
    -------
    Chosen or None
        What was clicked, if a click caused this rerun.

    Raises
    ------
    ValueError
        If there are no colours or more than 256, or their number is not that of the shares.
    """
    if not 1 <= len(colors) <= MAX_ENTRIES or len(colors) != len(shares):
        raise ValueError(
            f"a palette bar takes 1 to {MAX_ENTRIES} colours with a share each, "
            f"got {len(colors)} colours and {len(shares)} shares"
        )
    data = {
        "colors": list(colors),
        "shares": [round(float(share), 6) for share in shares],
        "selected": selected,
        "viewer": viewer,
    }
    done = _component(key=key, data=data, on_choose_change=_nothing)
    return _read_choice(done.choose, len(colors))


def _nothing() -> None:
    """Streamlit gives a result an attribute for each event that has a callback."""


def _read_choice(value: object, n_colors: int) -> Chosen | None:
    """Believe a browser only what has the right form and is in this palette."""
    if not isinstance(value, dict) or value.keys() != {"entry"}:
        return None
    entry = value["entry"]
    if entry is None or (type(entry) is int and 0 <= entry < n_colors):
        return Chosen(entry)
    return None
