"""What visitors do on a page beside its controls: look closer, click a colour, a pin, a point."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pages import _state
from pages._address import believe
from pages._choices import COMPARED, MOST_CLUSTERS, MOST_COMPARED, Choices
from pages._compared import Brought, bring
from pages._viewer.messages import Look, read_look, read_pick
from pages._viewer.reel import read_frame
from pages._viewer.run import Wanted, read_step, read_until, read_wanted


def looking(viewer: str, many: bool = False, apart: str = "") -> dict[str, Any]:
    """Let a viewer of two pictures, or of many, begin with what is looked at, and tell what becomes of it.

    Parameters
    ----------
    viewer : str
        Its key.
    many : bool
        Whether it may show more than two: how those lie is a choice of its own.
    apart : str
        Names what it shows, if that is not the picture as it is: then which part is looked at stays in it.

    Returns
    -------
    dict
        Arguments for the viewer.
    """
    return {"look": _look(many, apart), "on_look": partial(_follow_look, viewer, many, apart)}


def _look(many: bool, apart: str) -> Look:
    record = _state.choices()
    mode, sides = (record.arrange_many, record.sides) if many else (record.arrange, None)
    at = None if apart else record.at
    return Look(origin() + apart, at, mode, sides, record.wipe, record.heat, record.selected)


def origin() -> str:
    """Names the picture that is shown, and the address that was read last."""
    return f"{_state.remembered().picture[:16]}-{_state.remembered().reads}"


def _follow_look(viewer: str, many: bool, apart: str) -> None:
    """Callback of a viewer; what it says of another picture than the one that is shown comes too late."""
    said = read_look((_state.said(viewer) or {}).get("look"))
    if said is not None and said.origin == origin() + apart:
        arranged = {"arrange_many": said.mode, "sides": said.sides} if many else {"arrange": said.mode}
        _state.change(
            **({} if apart else {"at": said.at}),
            wipe=said.wipe,
            heat=said.heat,
            selected=said.selected,
            **arranged,
        )


def follow_pick(viewer: str) -> None:
    """Callback of a viewer: remember the colour of the original that was clicked."""
    pick = read_pick((_state.said(viewer) or {}).get("pick"))
    _state.change(picked=pick and pick.original)


def picked_color() -> str | None:
    """Return the colour of this picture that was clicked last, unless it is kept already."""
    record = _state.choices()
    return None if record.picked in record.keep else record.picked


def follow_step(player: str, film: str) -> None:
    """Callback of a run: somebody rests at a step of it."""
    step = read_step((_state.said(player) or {}).get("at"), film)
    if step is not None:
        _state.change(step=step)


def follow_frame(reel: str, film: str) -> None:
    """Callback of an animation: somebody rests at a frame of it."""
    frame = read_frame((_state.said(reel) or {}).get("at"), film)
    if frame is not None:
        _state.change(film_frame=frame)


def follow_run(player: str) -> None:
    """Callback of a run: a centre was moved, added or taken away, or that was taken back."""
    wanted = read_wanted((_state.said(player) or {}).get("act"), MOST_CLUSTERS)
    if wanted:
        run_from(wanted)
    else:
        _state.notice()


def follow_until(player: str) -> None:
    """Callback of a run: other criteria are looked at."""
    said = read_until((_state.said(player) or {}).get("until"))
    if said is not None:
        _state.change(
            until_epsilon=believe("until_epsilon", said[0])[0],
            until_max_iter=believe("until_max_iter", said[1])[0],
        )


def run_from(wanted: Wanted) -> None:
    """Watch this run."""
    _state.change(centers=wanted.centers, clusters=wanted.clusters, step=wanted.step)


def put_centers(centers: Sequence[str]) -> None:
    """Callback: a run from these centres, "#rrggbb", where they have just been assigned."""
    _state.change(centers=tuple(centers), step=1)


def draw_again() -> None:
    """Callback: other first centres."""
    _state.update(lambda record: replace(record, draw=(record.draw + 1) % 10_000, centers=()))


def use_preset(key: str) -> None:
    """Callback: this preset's choices."""
    _state.update(lambda record: record.with_preset(key))


def keep_soft_edges() -> None:
    """Callback: entries may be partly transparent, whatever that takes."""
    _state.update(Choices.with_soft_edges)


def add_keep(color: str) -> None:
    """Callback: one more colour that must be in the palette."""
    _state.update(lambda record: replace(record, keep=tuple(dict.fromkeys([*record.keep, color]))))


def follow_tile(viewer: str, numbers: Sequence[int]) -> None:
    """Callback of a viewer of many K: the one that was clicked becomes the current one."""
    pick = read_pick((_state.said(viewer) or {}).get("pick"))
    if pick and 0 < pick.pane <= len(numbers):
        _state.change(k=numbers[pick.pane - 1])
    else:
        _state.notice()


def use_n_colors(n_colors: int, goes_there: bool = True) -> None:
    """Callback: this K becomes the current one, and is among those that are compared.

    Parameters
    ----------
    n_colors : int
        The K.
    goes_there : bool
        Whether the page goes to its tile. Not from under the pointer: the next click would miss.
    """

    def how(record: Choices) -> Choices:
        compared, gone = bring(record.ks or COMPARED, n_colors, MOST_COMPARED)
        before = _state.remembered().brought
        number = (before.number if before else 0) + goes_there
        _state.remembered().brought = Brought(n_colors, gone, number)
        return replace(record, k=n_colors, ks=tuple(compared))

    _state.update(how)


def follow_curve(numbers: Sequence[int]) -> None:
    """Callback of the curve: the K of a point that was clicked is used; what is no point of it is not."""
    said = _state.said("curve")
    for point in said.selection.points if said else ():
        if point.get("x") in numbers:
            use_n_colors(int(point["x"]), goes_there=False)
            return
    _state.notice()
