"""Swatches: a card for each palette entry, with its codes to copy, and pin, edit and remove."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from pages._choices import MANY_COLORS
from pages._color_names import LONGEST
from pages._viewer.assets import read
from pages._viewer.declaring import declare

Action = Literal["pin", "unpin", "edit", "name", "remove"]
_HEX = re.compile("#[0-9a-f]{6}")
_ACTIONS = ("pin", "unpin", "edit", "name", "remove")

_component = declare(
    "quantize_swatches",
    html=read("swatches.html"),
    css=read("buttons.css", "swatches.css"),
    js=read("shelf.js", "press.js", "swatches.js"),
)


@dataclass(frozen=True)
class Swatch:
    """One entry as text.

    Parameters
    ----------
    hex, rgb, oklch : str
        The colour's codes; ``hex`` is "#rrggbb" and all different on one board.
    share : str
        Share of the picture, in words.
    css : str
        The nearest CSS name.
    name : str
        A name of its own, "" if it has none.
    pinned : bool
        Whether it stays as it is.
    """

    hex: str
    rgb: str
    oklch: str
    share: str
    css: str
    name: str
    pinned: bool


@dataclass(frozen=True)
class Act:
    """What a person wants done with an entry.

    Parameters
    ----------
    action : str
    color : str
        Of the entry.
    to : str, optional
        The new colour of an edit, or the new name.
    shown : tuple of str
        All entries that they saw then: since, others may have been chosen.
    """

    action: Action
    color: str
    to: str | None
    shown: tuple[str, ...] = ()


def swatches(
    entries: Sequence[Swatch],
    *,
    key: str,
    viewer: str,
    palette: Sequence[str],
    least: int,
    on_act: Callable[[], None],
) -> None:
    """Show the entries as cards; a click on the colour shows its place in the picture and copies it.

    Parameters
    ----------
    entries : sequence of Swatch
        In the order to show.
    key : str
        Names this board; unique on its page.
    viewer : str
        Key of the `viewer` that shows the picture.
    palette : sequence of str
        The same colours in the order of the viewer's pane.
    least : int
        With so many entries none can be removed.
    on_act : callable
        Callback for what is asked for, which stands as ``act`` in the session's state under ``key`` then. No
        result tells it: the rerun that a click causes may end early, if another change follows on its heels.
    """
    data = {
        "entries": [asdict(entry) for entry in entries],
        "viewer": viewer,
        "palette": list(palette),
        "least": least,
        "longest": LONGEST,
    }
    _component(key=key, data=data, on_act_change=on_act)


def read_act(value: object) -> Act | None:
    """Believe a browser only what has the right form.

    It tells what palette it is about. That on the server may be another one by now: whoever pins six colours
    in a second means those that they saw.
    """
    if not isinstance(value, dict) or value.keys() != {"action", "color", "to", "shown"}:
        return None
    action, color, to, shown = (value[name] for name in ("action", "color", "to", "shown"))
    if not isinstance(shown, list) or len(shown) > MANY_COLORS or not all(map(_is_code, shown)):
        return None
    if action not in _ACTIONS or color not in shown:
        return None
    if action == "edit" and not _is_code(to):
        return None
    if action == "name" and not (isinstance(to, str) and len(to) <= 4 * LONGEST):
        return None
    return Act(action, color, to if action in ("edit", "name") else None, tuple(shown))


def _is_code(value: object) -> bool:
    return isinstance(value, str) and bool(_HEX.fullmatch(value))
