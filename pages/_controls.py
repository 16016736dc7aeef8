"""Controls that show what was chosen, and tell what was done with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pages import _looked_at, _state
from pages._address import believe, is_list
from pages._address_parts import MOST_INKS, OWN_MACHINE
from pages._choices import FEW_COLORS, QUICK_PICKS, Choices
from pages._inks import common_size, panel_inks, shown_inks, size_on
from pages._remembered import Undo
from pages._tables import USED, shown_key
from pages._visit import Visit
from quantize.decoding.samples import MOVING, TELLING
from quantize.panels.table import PANELS
from quantize.presets import PRESETS
from quantize.settings import preset_of
from quantize.teaching.starts import STARTS
from quantize.tiles.machines import MACHINES

OWN = "own"
"""What the control of presets shows when none of them is chosen."""


def show(field: str, key: str | None = None, among: Sequence[Any] = ()) -> dict[str, Any]:
    """Let a widget show a choice and change it.

    Parameters
    ----------
    field : str
        Of the record.
    key : str, optional
        Of the widget, where it is not the field's name. ``_WORDS`` tells what its value means there.
    among : sequence
        What is offered, if that may leave out what was chosen: then the first one is shown, and of a list
        what is among it.

    Returns
    -------
    dict
        Arguments for the widget, which is to be drawn at once, without a value of its own.
    """
    key, record = key or field, _state.choices()
    value = _SHOWN[key](record) if key in _SHOWN else getattr(record, field)
    if among and is_list(field):
        value = tuple(one for one in value if one in among)
    elif among and value not in among:
        value = among[0]
    _state.show(key, list(value) if isinstance(value, tuple) and is_list(field) else value)
    return {"key": key, "on_change": _hear, "args": (key, field, _state.behind())}


def _hear(key: str, field: str, behind: str | None) -> None:
    """Callback of every control."""
    value, visit = _state.said(key), _state.visit()
    how = _WORDS.get(key, partial(_take, field))
    visit.hear(key, value, lambda record: how(visit, record, value), hidden=_state.is_closed(behind))


def _take(field: str, visit: Visit, record: Choices, value: Any) -> Choices:
    believed, refused = believe(field, value)
    visit.refused += refused
    return replace(record, **{field: believed})


def _take_preset(visit: Visit, record: Choices, key: str | None) -> Choices:
    if key is None or key not in PRESETS:
        return record
    # A preset that sets K lends it: the next one gives it back, unless somebody has changed it since.
    known = _state.remembered()
    lent = known.preset_k if known.preset_k and known.preset_k.holds(record) else None
    base = replace(record, **lent.before) if lent else record
    changed = base.with_preset(key)
    said = f"{PRESETS[key].title} has {changed.k} colours; K was {base.k}."
    known.preset_k = Undo(said, {"k": base.k}, {"k": changed.k}) if changed.k != base.k else None
    if changed.k != record.k:
        known.preset_news = said if known.preset_k else f"K is {changed.k} again."
    return changed


def _take_number(visit: Visit, record: Choices, number: int | None) -> Choices:
    return record if number is None else replace(record, k=number)


def _take_table(visit: Visit, record: Choices, key: str | None) -> Choices:
    """Numbers of rows are those of one table."""
    if key is None or key == shown_key(record):
        return record
    known = _state.remembered()
    known.table_news = None, known.table_news[1]
    return replace(record, table="" if key == USED else key, off=(), lock=())


def _take_pins(visit: Visit, record: Choices, value: Any) -> Choices:
    """Those that are still named stay where they are, and twice where they were; new ones follow."""
    pins, refused = believe("pin", value)
    visit.refused += refused
    left = [color for color in record.pin if color in pins]
    return replace(record, pin=(*left, *dict.fromkeys(pin for pin in pins if pin not in left)))


def _take_clusters(visit: Visit, record: Choices, number: int | None) -> Choices:
    return record if number is None else replace(record, clusters=number, centers=())


def _take_slip(visit: Visit, record: Choices, key: str | None) -> Choices:
    return replace(record, slip=key or "")


def _take_tries(visit: Visit, record: Choices, number: int | None) -> Choices:
    return replace(record, tries=number or 0)


def _take_task(visit: Visit, record: Choices, number: int | None) -> Choices:
    return replace(record, task=number or 0)


def _take_start(visit: Visit, record: Choices, key: str | None) -> Choices:
    """Centres that somebody moved were those of another start."""
    if key is None or key not in STARTS:
        return record
    return replace(record, start=key, centers=(), clusters=len(record.centers) or record.clusters)


def _take_reach(visit: Visit, record: Choices, many: bool) -> Choices:
    """A slider that reaches less far keeps the number of colours as far as it can."""
    return replace(record, many=many, n=record.n if many else min(record.n, FEW_COLORS))


def take_sample(visit: Visit, record: Choices, key: str | None) -> Choices:
    """A sample takes the place of a shared picture and of an only upload; several stay in their tray."""
    if key is None:
        return record
    visit.show_none(record)
    _looked_at.shared().news = None
    return replace(record, sample=key, share="", own=False)


def _take_panel(visit: Visit, record: Choices, key: str | None) -> Choices:
    """The size becomes the panel's, unless it was chosen; own inks are of one kind."""
    if key is None or key == record.panel:
        return record
    same = PANELS[record.panel].inks is PANELS[key].inks
    return replace(record, panel=key, panel_size=size_on(record, key), shown=record.shown if same else ())


def _take_size(visit: Visit, record: Choices, said: str | None) -> Choices:
    """One of the common sizes of a panel."""
    width, _, height = (said or "").rpartition(" ")[2].partition("x")
    return replace(record, panel_size=(int(width), int(height))) if width.isdigit() else record


def _take_sides(field: str, side: int, visit: Visit, record: Choices, value: int | None) -> Choices:
    """Width or height, of which the record holds both."""
    sides = list(getattr(record, field))
    sides[side] = value or sides[side]
    return _take(field, visit, record, tuple(sides))


def _take_ink(number: int, visit: Visit, record: Choices, color: str | None) -> Choices:
    """What one ink of the visitor's own panel shows."""
    shown = list(shown_inks(record))
    if color is None or number >= len(shown):
        return record
    shown[number] = believe("picked", color)[0] or shown[number]
    return replace(record, shown=tuple(shown) if tuple(shown) != panel_inks(record) else ())


def _take_machine(visit: Visit, record: Choices, key: str | None) -> Choices:
    """By hand goes on from what the machine allowed."""
    if key is None or key == record.machine:
        return record
    found = MACHINES.get(record.machine)
    if key != OWN_MACHINE or found is None:
        return replace(record, machine=key)
    return replace(
        record, machine=key, tile=found.tile, tile_palettes=found.n_palettes or 0, tile_k=found.n_colors,
        tile_shared=found.shared, tile_levels=found.levels, tile_table=found.table or "",
    )  # fmt: skip


def _shown_ink(number: int, record: Choices) -> str:
    shown = shown_inks(record)
    return shown[number] if number < len(shown) else "#808080"


# What some controls mean by their values, and show of the record; all others mean the field's value.
_WORDS: Mapping[str, Callable[[Visit, Choices, Any], Choices]] = {
    "preset": _take_preset,
    "quick_pick": _take_number,
    "many": _take_reach,
    "clusters": _take_clusters,
    "start": _take_start,
    "slip": _take_slip,
    "tries": _take_tries,
    "task": _take_task,
    "pin": _take_pins,
    "table": _take_table,
    "sample": take_sample,
    "telling": take_sample,
    "moving": take_sample,
    "panel": _take_panel,
    "panel_common": _take_size,
    "panel_width": partial(_take_sides, "panel_size", 0),
    "panel_height": partial(_take_sides, "panel_size", 1),
    **{f"ink_{number}": partial(_take_ink, number) for number in range(MOST_INKS)},
    "machine": _take_machine,
    "tile_width": partial(_take_sides, "tile", 0),
    "tile_height": partial(_take_sides, "tile", 1),
}


_SHOWN: Mapping[str, Callable[[Choices], Any]] = {
    "preset": lambda record: preset_of(record.settings()) or OWN,
    "k": lambda record: len(set(record.palette)) or record.k,
    "quick_pick": lambda record: record.k if record.k in QUICK_PICKS and not record.palette else None,
    "pin": lambda record: tuple(dict.fromkeys(record.pin)),
    "table": shown_key,
    "task": lambda record: record.task or None,
    "slip": lambda record: record.slip or None,
    "tries": lambda record: record.tries or None,
    "clusters": lambda record: len(record.centers) or record.clusters,
    "start": lambda record: None if record.centers else record.start,
    "alpha": lambda record: record.own_settings().alpha,
    "sample": _looked_at.shown_sample,
    "pair": lambda record: " and ".join(record.pair or ()),
    "telling": lambda record: _looked_at.shown_sample(record) if record.sample in TELLING else None,
    "moving": lambda record: _looked_at.shown_sample(record) if record.sample in MOVING else None,
    "add_color": lambda record: record.picked or "#808080",
    "panel_common": common_size,
    "panel_width": lambda record: record.panel_size[0],
    "panel_height": lambda record: record.panel_size[1],
    **{f"ink_{number}": partial(_shown_ink, number) for number in range(MOST_INKS)},
    "tile_width": lambda record: record.tile[0],
    "tile_height": lambda record: record.tile[1],
}
