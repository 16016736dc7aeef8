"""What visitors do with the table of their own palette: rows off, locked, changed, moved; other tables."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from pages import _palette_acts, _state, _words
from pages._choices import OWN_TABLE, Choices
from pages._color_names import fit_names
from pages._tables import MOST, settle_table, shown_table, to_colors
from pages._viewer.table import Act, read_act
from quantize import Palette, QuantizeError
from quantize.palettes.order import ORDERS
from quantize.palettes.palette import limit_entries
from quantize.swatches.pasted import parse_colors


def follow_table(board: str, colors: Sequence[str]) -> None:
    """Callback of the table, which shows these colours."""
    act = read_act((_state.said(board) or {}).get("act"), colors)
    if act:
        change_row(act)
    else:
        _state.notice()


def change_row(act: Act) -> None:
    """Do with a row what was asked for, if it is still of that colour."""

    def how(record: Choices) -> Choices:
        shown = shown_table(record)
        if shown.colors[act.row : act.row + 1] != (act.color,):
            return record
        return _ACTS[act.action](settle_table(record), act)

    _state.update(how)


def _turn_on(record: Choices, act: Act) -> Choices:
    return replace(record, off=_without(record.off, act.row))


def _turn_off(record: Choices, act: Act) -> Choices:
    """All but the last one: a palette has a colour."""
    if shown_table(record).on == [act.row]:
        return record
    return replace(record, off=_with(record.off, act.row), lock=_without(record.lock, act.row))


def _lock(record: Choices, act: Act) -> Choices:
    return replace(record, lock=_with(record.lock, act.row), off=_without(record.off, act.row))


def _unlock(record: Choices, act: Act) -> Choices:
    return replace(record, lock=_without(record.lock, act.row))


def _edit(record: Choices, act: Act) -> Choices:
    """Put another colour into a row; it takes its name along, unless the other one has a name.

    Of the best it is one then, whatever the picture: else it would be gone from sight.
    """
    shown, new = shown_table(record), act.to
    if not shown.can_change or not isinstance(new, str):
        return record
    colors = (*shown.colors[: act.row], new, *shown.colors[act.row + 1 :])
    changed = _own(record, colors, [(new, dict(record.names).get(new, "") or shown.names[act.row])])
    return _lock(changed, act) if record.best and act.row not in shown.off else changed


def _move(record: Choices, act: Act) -> Choices:
    shown = shown_table(record)
    if not shown.can_change or not isinstance(act.to, int):
        return record
    order = [row for row in range(len(shown.colors)) if row != act.row]
    order.insert(min(act.to, len(order)), act.row)
    return _arrange(record, order)


_ACTS: dict[str, Callable[[Choices, Act], Choices]] = {
    "on": _turn_on, "off": _turn_off, "lock": _lock, "unlock": _unlock, "edit": _edit, "move": _move
}  # fmt: skip


def _with(rows: tuple[int, ...], row: int) -> tuple[int, ...]:
    return tuple(sorted({*rows, row}))


def _without(rows: tuple[int, ...], row: int) -> tuple[int, ...]:
    return tuple(other for other in rows if other != row)


def _own(record: Choices, colors: Sequence[str], named: Sequence[tuple[str, str]] = ()) -> Choices:
    """The visitor's own table of these colours; what rows were called before stays their name."""
    shown, left = shown_table(record), {*colors}
    there = [pair for pair in zip(shown.colors, shown.names, strict=True) if pair[0] in left]
    names, _ = fit_names([*named, *record.names, *there])
    return replace(record, table=OWN_TABLE, mine=tuple(colors), names=names)


def _arrange(record: Choices, order: Sequence[int]) -> Choices:
    """Bring rows into another order; they stay on, off and locked."""
    shown, place = shown_table(record), {row: number for number, row in enumerate(order)}
    changed = _own(record, [shown.colors[row] for row in order])
    off, lock = ([place[row] for row in rows] for rows in (shown.off, shown.locked))
    return replace(changed, off=tuple(sorted(off)), lock=tuple(sorted(lock)))


def sort_rows(key: str, counts: Sequence[int]) -> None:
    """Callback: the table in one of ORDERS; ``counts`` are the pixels of its rows."""

    def how(record: Choices) -> Choices:
        shown = shown_table(record)
        if not shown.can_change or len(counts) != len(shown.colors):
            return record
        total = max(sum(counts), 1)
        shares = np.array(counts) / total if sum(counts) else np.full(len(counts), 1 / len(counts))
        palette = Palette(to_colors(shown.colors), shares=shares)
        return _arrange(settle_table(record), ORDERS[key].rows(palette).tolist())

    _state.update(how)


def turn_all_on() -> None:
    """Callback: every row is used."""
    _state.change(off=())


def put_in(name: str, palette: Palette) -> None:
    """Make the entries of a palette, of at most 256, the visitor's own table, with their names."""
    named = zip(palette.hexes, palette.names or (), strict=False)

    def how(record: Choices) -> Choices:
        names = fit_names([*named, *record.names])[0]
        return replace(
            record, table=OWN_TABLE, mine=tuple(palette.hexes), off=(), lock=(), best=0, names=names
        )

    number = len(palette)
    said = f"{'One entry' if number == 1 else f'{number} entries'} of {name}"
    _state.remembered().table_news = None, (said, *palette.notes)
    _state.update(how)


def paste(field: str) -> None:
    """Callback: the colours of a text that was pasted, or a sentence on what is wrong with it."""
    try:
        put_in("a text", limit_entries(parse_colors(_state.said(field) or ""), MOST))
    except QuantizeError as error:
        _state.remembered().table_news = _words.to_sentence(str(error)), ()
        _state.notice()


def wish_picture(key: str) -> None:
    """Callback: the colours of the visitor's own picture of this key."""
    _state.remembered().table_wish = key
    _state.notice()


def use_everywhere(colors: Sequence[str]) -> None:
    """Callback: exactly these colours, on all pages; the table stays as it is."""
    _state.update(settle_table)
    _palette_acts.use_table(colors)
