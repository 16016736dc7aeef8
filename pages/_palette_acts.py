"""What visitors do with a palette: pins, names, a palette file, the same colours on every page."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pages import _state
from pages._choices import MANY_COLORS, Choices
from pages._color_names import LONGEST, MOST_WRITTEN, find_named, fit_names, rename
from pages._remembered import Undo
from pages._viewer.swatches import Act, read_act
from quantize import Palette
from quantize.settings import LIMITS

_NAMES_CUT = (
    f"Some names were cut or left out: the address, where they stand, holds {LONGEST} characters of each and "
    f"{MOST_WRITTEN:,} of all, of which letters beyond English take several."
)


def follow_swatch(board: str) -> None:
    """Callback of the swatches: pin one, unpin, edit, name or remove it."""
    act = read_act((_state.said(board) or {}).get("act"))
    if act:
        change_pins(act)
    else:
        _state.notice()


def change_pins(act: Act) -> None:
    """Do with the palette what was asked for."""
    how = {"remove": _remove, "name": _name, "edit": _edit, "pin": _pin, "unpin": _unpin}[act.action]
    _state.update(lambda record: how(record, act))


def _pin(record: Choices, act: Act) -> Choices:
    return record if act.color in record.pin else replace(record, pin=(*record.pin, act.color))


def _unpin(record: Choices, act: Act) -> Choices:
    return replace(record, pin=tuple(color for color in record.pin if color != act.color))


def _remove(record: Choices, act: Act) -> Choices:
    """Pin all others, or k-means would choose other colours and perhaps the removed one again.

    Of two that are removed on each other's heels the first was still shown when the second one was clicked:
    there is no room for it any more.
    """
    pinned = tuple(color for color in record.pin if color != act.color)
    rest = [color for color in act.shown if color != act.color and color not in pinned]
    rest = rest[: max(0, record.n - 1 - len(pinned))]
    return replace(record, pin=(*pinned, *rest), n=len({*pinned, *rest}))


def _edit(record: Choices, act: Act) -> Choices:
    """Put another colour in the place of one; it takes its name along."""
    new = act.to or act.color
    pins = record.pin if act.color in record.pin else (*record.pin, act.color)
    if new in record.pin:
        pins = tuple(color for color in pins if color != act.color or color == new)
    pins = tuple(new if color == act.color else color for color in pins)
    names = dict(record.names)
    name = names.pop(find_named(record.names, act.shown).get(act.color, ""), "")
    names = {new: names.get(new) or name, **names} if name else names
    return replace(record, pin=pins, names=tuple(names.items()))


def _name(record: Choices, act: Act) -> Choices:
    lender = find_named(record.names, act.shown).get(act.color)
    others = tuple(pair for pair in record.names if pair[0] != lender)
    return _with_names(record, *rename(others, act.color, act.to or ""))


def _with_names(record: Choices, names: Any, n_cut: int) -> Choices:
    _state.remembered().names_news = _NAMES_CUT if n_cut else ""
    return replace(record, names=names)


def add_pin(color: str, shown: Sequence[str]) -> None:
    """Callback: one more colour for the palette, pinned; these are shown."""

    def how(record: Choices) -> Choices:
        number = record.n if color in shown else min(record.n + 1, MANY_COLORS)
        pins = record.pin if color in record.pin else (*record.pin, color)
        return replace(record, pin=pins, n=number)

    _state.update(how)


def pin_file(name: str, palette: Palette) -> None:
    """Pin the entries of a palette file, of at most 256, in its order and with its names."""
    pins = tuple(palette.hexes)
    number = max(len(set(pins)), int(LIMITS["n_colors"].low))
    named = zip(palette.hexes, palette.names or (), strict=False)

    def how(record: Choices) -> Choices:
        left = [color for color in dict.fromkeys(record.pin) if color not in pins]
        changed = _with_names(
            replace(record, pin=pins, n=number, order="file"), *fit_names([*named, *record.names])
        )
        said = _say_pinned(name, number, len(pins) - number, len(left))
        _state.remembered().imported = _undo(said, record, changed, ("pin", "n", "order", "names"))
        return changed

    _state.update(how)


def _say_pinned(name: str, number: int, doubled: int, left: int) -> str:
    colors = "The one colour" if number == 1 else f"The {number} colours"
    verb = "is" if number == 1 else "are"
    twice = (
        ""
        if not doubled
        else f" and {doubled} entr{'y that repeats' if doubled == 1 else 'ies that repeat'} one"
    )
    gone = f" Not pinned any more: {left} other{'' if left == 1 else 's'}." if left else ""
    return f"{colors} of {name}{twice} {verb} pinned here, in the order of the file.{gone}"


def _undo(said: str, before: Choices, after: Choices, names: Iterable[str]) -> Undo:
    def of(record: Choices) -> dict[str, Any]:
        return {name: getattr(record, name) for name in names}

    names = tuple(names)
    return Undo(said, of(before), of(after))


def undo_import() -> None:
    """Callback: what was pinned, how many, names and order are again what they were before a palette file."""
    known = _state.remembered()
    undo, known.imported, known.import_news = known.imported, None, (None, ())
    _state.update(lambda record: replace(record, **undo.before) if undo else record)


def imported() -> Undo | None:
    """Return what a palette file did, as long as nothing has changed since."""
    undo = _state.remembered().imported
    return undo if undo and undo.holds(_state.choices()) else None


def use_everywhere(colors: Sequence[str]) -> None:
    """Callback: exactly these colours, on all pages."""

    def how(record: Choices) -> Choices:
        # Where colours are measured decides who gets which: without that another picture would come of them.
        shown = replace(record, space=record.palette_space, table="", off=(), lock=(), best=0)
        return _use(record, shown, colors)

    _state.update(how)


def use_table(colors: Sequence[str]) -> None:
    """Callback: the same from the page of one's own palette, where the space is that of all pages."""
    _state.update(lambda record: _use(record, record, colors))


def _use(before: Choices, record: Choices, colors: Sequence[str]) -> Choices:
    known = _state.remembered()
    changed = replace(record, palette=tuple(colors), entries="file")
    undo = _undo("", before, changed, ("space", "entries"))
    known.used = replace(undo, before=known.used.before) if before.palette and known.used else undo
    return changed


def use_no_more() -> None:
    """Callback: all pages have again what they had before a palette was used on them."""

    def how(record: Choices) -> Choices:
        known = _state.remembered()
        undo, known.used = known.used, None
        back = dict(undo.before) if undo and undo.holds(record) else {"entries": "dark"}
        return replace(record, palette=(), **back)

    _state.update(how)
