"""The table of a fixed palette: a row for each entry, to be turned off, locked, changed and moved."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from pages._viewer.assets import read
from pages._viewer.declaring import declare

Action = Literal["on", "off", "lock", "unlock", "edit", "move"]
_HEX = re.compile("#[0-9a-f]{6}")
_ACTIONS = ("on", "off", "lock", "unlock", "edit", "move")

_component = declare(
    "quantize_table",
    html=read("table.html"),
    css=read("buttons.css", "table.css"),
    js=read("shelf.js", "press.js", "table.js"),
)


@dataclass(frozen=True)
class Row:
    """One entry as text.

    Parameters
    ----------
    hex, name : str
        The colour's code, which several rows may have, and its name, "" if it has none.
    use : str
        How much of the picture it has, in words, or why it has nothing.
    on, used, locked : bool
        Whether it may be used, whether it is among those that were chosen, whether it is always among them.
    folded : bool
        Whether it stands apart, folded away.
    """

    hex: str
    name: str
    use: str
    on: bool
    used: bool
    locked: bool
    folded: bool


@dataclass(frozen=True)
class Act:
    """What a person wants done with a row; ``to`` is the new colour of an edit, or the new place."""

    action: Action
    row: int
    color: str
    to: str | int | None = None


def table(
    rows: Sequence[Row],
    *,
    key: str,
    viewer: str,
    palette: Sequence[str],
    can_change: bool,
    can_lock: bool,
    rest: str,
    on_act: Callable[[], None],
) -> None:
    """Show the rows; a click on a colour shows its place in the picture.

    Parameters
    ----------
    rows : sequence of Row
        In the order to show.
    key : str
        Names this table; unique on its page.
    viewer : str
        Key of the `viewer` that shows the picture.
    palette : sequence of str
        The colours of that viewer's result, in its order.
    can_change, can_lock : bool
        Whether rows may be changed and moved, and locked.
    rest : str
        What is said of rows that are folded away.
    on_act : callable
        Callback for what is asked for, which stands as ``act`` in the session's state under ``key`` then.
    """
    data = {
        "rows": [asdict(row) for row in rows],
        "viewer": viewer,
        "palette": list(palette),
        "canChange": can_change,
        "canLock": can_lock,
        "rest": rest,
    }
    _component(key=key, data=data, on_act_change=on_act)


def read_act(value: object, colors: Sequence[str]) -> Act | None:
    """Believe a browser only what has the right form and is about a table of these colours."""
    if not isinstance(value, dict) or value.keys() != {"action", "row", "color", "to"}:
        return None
    action, row, color, to = (value[name] for name in ("action", "row", "color", "to"))
    if action not in _ACTIONS or type(row) is not int or not 0 <= row < len(colors) or color != colors[row]:
        return None
    if action == "edit" and not (isinstance(to, str) and _HEX.fullmatch(to)):
        return None
    if action == "move" and not (type(to) is int and 0 <= to < len(colors)):
        return None
    return Act(action, row, color, to if action in ("edit", "move") else None)
