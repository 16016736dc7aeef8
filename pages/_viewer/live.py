"""While a slider is moved its viewer shows what comes of it, before the page is drawn anew.

A page takes its time to be drawn, and Streamlit tells of a drag only when that ends. So the browser asks this
server for the scene of the place where it finds the slider, again and again. What it gets is what the page
will show there, byte for byte, made and kept like everything else; the page's own scene takes its place.
"""

import json
import re
import secrets
import struct
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from pages._viewer.scene import Crop, Pane, Stand, build_scene, digest_of

PASS_SECONDS = 0.2
"""The most that a page's run lets what is just drawn go first."""

_PLACE = re.compile("[0-9]{1,4}", re.ASCII)

Draw = Callable[[int], bytes]


@dataclass(eq=False)
class Offer:
    """What a session offers to show; it goes with the session, which keeps it.

    Attributes
    ----------
    about : hashable
        What all that it shows has in common; something else gets another token.
    named : (str, callable), optional
        Its secret name, and what draws a place.
    is_asked : bool
        Whether a browser waits for an answer; for whoever asks, who gives one at a time.
    """

    about: Hashable = None
    named: tuple[str, Draw] | None = None
    is_asked: bool = False
    _idle: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._idle.set()

    def draw(self, token: str, place: str) -> bytes | None:
        """Draw what a browser shows at a place of a slider: a scene and its pictures; None if there is none.

        Raises
        ------
        QuantizeError
            If there is no such place, or it takes too long.
        """
        named = self.named
        if named is None or named[0] != token or not _PLACE.fullmatch(place):
            return None
        self._idle.clear()
        try:
            return named[1](int(place))
        finally:
            self._idle.set()

    def let_pass(self) -> None:
        """Wait for what is being drawn: a run of the page would slow it down, and needs the same itself."""
        self._idle.wait(PASS_SECONDS)


@dataclass(frozen=True)
class Live:
    """Other results of a viewer, by the place of a slider.

    Attributes
    ----------
    offer : Offer
        The session's.
    control : str
        Key of the slider.
    place : int
        Where it stands.
    about : hashable
        All that the results depend on, but for that place.
    make : callable
        Gives the panes of a place, and what cuts parts of them; called in no run of a page.
    pause : int
        Milliseconds for which a slider that is held has to rest first, where that takes its time.
    """

    offer: Offer
    control: str
    place: int
    about: Hashable
    make: Callable[[int], tuple[Sequence[Pane], Crop | None]]
    pause: int = 0


_offers: WeakValueDictionary[str, Offer] = WeakValueDictionary()


def offer(live: Live, stand: Stand, scene: dict[str, Any]) -> dict[str, Any]:
    """Offer the other places of a slider, and return what the browser is told of that.

    Parameters
    ----------
    live : Live
    stand : Stand
        How the panes stand, in all of them.
    scene : dict
        What is shown now: its first pane stays, so that need not be brought again.
    """
    own, about = live.offer, (stand, live.about)
    token = own.named[0] if own.named and own.about == about else secrets.token_urlsafe(16)
    original = scene["panes"][0]
    told = {"token": token, "control": live.control, "pause": live.pause}

    def draw(place: int) -> bytes:
        drawn, brought = build_scene(stand, *live.make(place))
        pictures = {digest_of(data): data for data in brought.values()}
        for known in (original["digest"], original["part"]):
            pictures.pop(known, None)
        return _pack(drawn | {"live": told | {"place": place}}, pictures)

    if own.named and own.named[0] != token:
        _offers.pop(own.named[0], None)
    own.about, own.named = about, (token, draw)
    _offers[token] = own
    return told | {"place": live.place}


def find_offer(token: str) -> Offer | None:
    """Find the session that offers something under this name."""
    return _offers.get(token)


def _pack(scene: dict[str, Any], pictures: dict[str, bytes]) -> bytes:
    """Four bytes that tell how long the JSON is, that, and the pictures one after the other."""
    told = {"scene": scene, "pictures": [[digest, len(data)] for digest, data in pictures.items()]}
    head = json.dumps(told).encode()
    return b"".join((struct.pack(">I", len(head)), head, *pictures.values()))
