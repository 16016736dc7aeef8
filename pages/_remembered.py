"""What a session remembers beside its visitor's choices: one plain object for each session.

Streamlit ends a run wherever it touches the session state or the page while another change waits; in a
callback that would lose what the callback was called for. Nothing ends where this object is read or changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pages._choices import Choices
from pages._compared import Brought
from pages._given import Given
from pages._made import Made, MadeSmall, Wish
from pages._shared import Shared
from pages._viewer.live import Offer
from pages._visit import Visit

Query = dict[str, list[str]]


@dataclass(frozen=True)
class Undo:
    """What was just done for a visitor, and the way back.

    Attributes
    ----------
    said : str
        A sentence on it.
    before, after : dict
        Fields of the record that it changed, as they were and as they became: what has changed again since
        is no more to be taken back.
    """

    said: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def holds(self, record: Choices) -> bool:
        """Whether the record still is as it became."""
        return all(getattr(record, name) == value for name, value in self.after.items())


@dataclass(eq=False)
class Remembered:
    """All of it.

    Attributes
    ----------
    visit : Visit
        The choices.
    written : dict
        The address as it was read or written last.
    reads : int
        How often an address was read.
    runs : int
        How many whole runs have begun.
    early : WidgetStates, optional
        What a browser said before the first of them, until that one has come to its end.
    is_cut : bool
        Whether the last of them has not come to its end.
    catches_up : bool
        Whether that was so when the present one began.
    page : str, optional
        Streamlit's name of the page that was begun last.
    drawn : str, optional
        Of the page that was drawn last from beginning to end.
    entered : set of str
        Pages that were entered with nothing in the address.
    picture : str
        Digest of the picture that is looked at, "" before there is one.
    seen : dict
        By what was asked or given, the name of the last one that all was done with.
    taken : set of str
        Ids of the files that all was done with.
    given : Given
        What became of the files that were given last.
    wish : Wish, optional
        All pictures that are to be made, ...
    made : Made, optional
        ... and those that were.
    made_small : MadeSmall, optional
        All pictures that were, or are to be, made smaller.
    lost : (str, str), optional
        A picture that was found lost and is to be replaced, ...
    lost_news : str, optional
        ... and what is said of it.
    shared : Shared
        Links and what this visitor shared.
    brought : Brought, optional
        The K that was last brought into the comparison.
    used : Undo, optional
        That a palette is used as it is on all pages.
    imported : Undo, optional
        That a palette file was pinned.
    preset_news : str
        What is to be said once of a preset that set K, too, or of the next one, which gave it back.
    preset_k : Undo, optional
        That it set K.
    names_news : str
        What is to be said of names that were given.
    table_news : (str or None, tuple of str)
        The same of the last table, and ...
    table_wish : str
        ... the key of the picture whose colours are to be taken.
    import_news : (str or None, tuple of str)
        What was wrong with the last palette file, and what else is to be said of it.
    code_on : str, optional
        Streamlit's name of the page whose code is shown.
    tasks_done : set of (str, int)
        Digests of pictures, and numbers of tasks about k-means that were done with them.
    live : Offer
        What a viewer shows while a slider is moved.
    """

    visit: Visit
    written: Query = field(default_factory=dict)
    reads: int = 1
    runs: int = 0
    early: Any = None
    is_cut: bool = False
    catches_up: bool = False
    page: str | None = None
    drawn: str | None = None
    entered: set[str] = field(default_factory=set)
    picture: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    given: Given = field(default_factory=Given)
    wish: Wish | None = None
    made: Made | None = None
    made_small: MadeSmall | None = None
    lost: tuple[tuple[str, str], str] | None = None
    lost_news: str | None = None
    brought: Brought | None = None
    used: Undo | None = None
    imported: Undo | None = None
    preset_news: str = ""
    preset_k: Undo | None = None
    names_news: str = ""
    import_news: tuple[str | None, tuple[str, ...]] = (None, ())
    code_on: str | None = None
    tasks_done: set[tuple[str, int]] = field(default_factory=set)
    table_news: tuple[str | None, tuple[str, ...]] = (None, ())
    table_wish: str = ""
    shared: Shared = field(default_factory=Shared)
    live: Offer = field(default_factory=Offer)
