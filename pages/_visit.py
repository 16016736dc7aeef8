"""A session's record of choices, between a browser that says how controls stand and a server that sets them.

Runs of one session overlap: a change starts the next one while the last still computes. So what a message
says is only noted when it comes (``hear``), and becomes choices at once and as a whole (``settle``): no run
that ends early loses half of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from threading import RLock
from time import monotonic
from typing import Any

from pages._choices import Choices
from pages._tray import Tray, Upload

HEARD_SECONDS = 3.0
"""So long after it was told a browser has heard what we set: what its control says then, somebody did."""

How = Callable[[Choices], Choices]


@dataclass(frozen=True, eq=False)
class Wish:
    """What is to change, and why.

    Attributes
    ----------
    key, value
        Of the control that said so; None for all else.
    how : callable
        Choices → choices.
    asked : bool
        Whether a visitor did something; not if a choice follows from what is shown.
    hidden : bool
        Whether the control is behind something that is closed.
    """

    key: str | None
    value: Any
    how: How
    asked: bool = True
    hidden: bool = False


@dataclass(eq=False)
class Visit:
    """What a visitor chose, and what is still to be made of what their browser said.

    Attributes
    ----------
    choices : Choices
        The record.
    refused : tuple of str
        Sentences about what was refused of the address, or of the last control.
    heard : list of Wish
        Noted of the message that is being heard, ...
    wishes : list of Wish
        ... and of those before what somebody did, which is not yet heeded.
    replaced : dict
        By key of a control, the values that we set to another and a browser may still say, and when it was
        told all that: infinity until a run has come to its end.
    sent : dict
        Values by key that a control was set to last, while nobody has moved it since.
    has_heard : bool
        Whether the browser's last message named the address that it was told last.
    crossed : dict
        Values by key that a control was sent, and had not heard of when its visitor moved it: it will show
        them once they come, and say so as if somebody had chosen them.
    questions : int
        How often that happened: then the browser is asked how its controls stand in the end.
    upload : Upload, optional
        The visitor's own picture, while it is shown.
    tray : Tray
        All of their pictures: with ``upload`` the one thing that no address holds.
    """

    choices: Choices
    refused: tuple[str, ...] = ()
    heard: list[Wish] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    replaced: dict[str, list[tuple[Any, float]]] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    has_heard: bool = True
    crossed: dict[str, Any] = field(default_factory=dict)
    questions: int = 0
    upload: Upload | None = None
    tray: Tray = field(default_factory=Tray)
    lock: Any = field(default_factory=RLock)
    clock: Callable[[], float] = monotonic

    def show_none(self, record: Choices) -> None:
        """Show no upload any more; it stays in the tray, from where it is taken again."""
        if self.upload:
            self.tray.leave(self.upload, record.at, record.share)
        self.upload = None

    def hear(self, key: str | None, value: Any, how: How, asked: bool = True, hidden: bool = False) -> None:
        """Note what is to change. A control that says what it was sent changes nothing."""
        with self.lock:
            if key in self.sent and self.sent[key] == value:
                return  # what it was sent has arrived; by now more may have been chosen
            self.heard.append(Wish(key, value, how, asked, hidden))
            if key and not self._is_echo(key, value, hidden):
                sent = self.sent.pop(key, value)  # moved by hand: what we sent before is past
                if sent != value and not self.has_heard:
                    self.crossed[key] = sent
                    self.questions += 1

    def hear_answer(self) -> None:
        """Note that the browser said how its controls stand, which have heard all by now."""

        def how(record: Choices) -> Choices:
            self.crossed.clear()
            return record

        self.hear(None, None, how)

    def _is_echo(self, key: str, value: Any, hidden: bool) -> bool:
        """Whether a control says what it was before we set it, and has perhaps not heard of that yet.

        A hidden one hears of nothing.
        """
        recent = -inf if hidden else self.clock() - HEARD_SECONDS
        if not hidden and key in self.crossed and self.crossed[key] == value:
            return True
        return any(before == value and told > recent for before, told in self.replaced.get(key, ()))

    def _says_again(self, wish: Wish) -> bool:
        return wish.key is not None and self._is_echo(wish.key, wish.value, wish.hidden)

    def told(self) -> None:
        """Note that a run has come to its end: a browser has been sent all that was set."""
        now = self.clock()
        with self.lock:
            self.replaced = {
                key: [(before, min(when, now)) for before, when in values]
                for key, values in self.replaced.items()
            }

    def must_set(self, key: str, value: Any, says: Any) -> bool:
        """Whether a control is to be set to a value, when its browser said this; and if so note it.

        Also where it says the same, but was sent something else that it may not have heard when it said so.
        """
        with self.lock:
            sent = self.sent.get(key, value)
            if says == value == sent:
                return False
            for before in (says, sent):
                if before != value:
                    self.replaced.setdefault(key, []).append((before, inf))
            self.sent[key] = value
            return True

    def forget_sent(self, key: str) -> None:
        """Note that a control is drawn anew: whatever it was sent before is past."""
        with self.lock:
            self.sent.pop(key, None)

    def end_message(self, moved: bool) -> None:
        """Tell of what a message said what somebody did.

        It holds the values of all controls. A browser that has not heard yet that we set one of them says its
        old value beside what its visitor did. That is no wish, and must not take back what we set. If it has
        not heard its last address, it is none even where nothing else is said: a chart that loses its
        selection sends a message, too.

        Parameters
        ----------
        moved : bool
            Whether the visitor went to another page, which is something to do, too.
        """
        with self.lock:
            heard, self.heard = self.heard, []
            echoes = [wish for wish in heard if self._says_again(wish)]
            wishes = [wish for wish in heard if wish not in echoes]
            if self.has_heard and not moved and not any(wish.asked for wish in wishes):
                moves = [wish for wish in echoes if not wish.hidden]
                echoes = [wish for wish in echoes if wish.hidden]
                wishes = [*moves, *wishes]
                for wish in moves:
                    self.sent.pop(wish.key or "", None)  # moved by hand, too
            if any(wish.key for wish in heard):
                # Whatever a browser does not say any more, it has heard.
                named = {wish.key for wish in echoes}
                self.replaced = {key: values for key, values in self.replaced.items() if key in named}
            self.wishes += wishes

    def settle(self, moved: bool) -> None:
        """Change the record by all that was heard; ``moved`` as for ``end_message``."""
        with self.lock:
            self.end_message(moved)
            wishes, self.wishes = self.wishes, []
            if any(wish.key for wish in wishes):
                self.refused = ()
            for wish in wishes:
                self.choices = wish.how(self.choices)
