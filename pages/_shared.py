"""What a session knows of shared pictures: what is behind its link, and what its visitor shared."""

from dataclasses import dataclass
from datetime import datetime

from pages._store.format import Receipt


@dataclass(frozen=True)
class Linked:
    """A shared picture that the address names: its id, the name to show, when it expires (UTC)."""

    id: str
    name: str
    until: datetime


@dataclass(eq=False)
class Shared:
    """All that is known of them.

    Attributes
    ----------
    looked_up : str
        The id that was looked up last, "" before any was.
    found : Linked, optional
        What was behind it; None if there was nothing to show.
    news : str, optional
        What is to be said of the link that was opened.
    delete_key : str
        Key in the address that asks to delete a shared picture, "" if there is none.
    wish : str, optional
        Digest of the picture that is to be shared, until it was tried.
    problem : str
        Why that failed, "" if it did not.
    receipt : Receipt, optional
        What this visitor got for the last picture they shared.
    checked : float
        When it was last looked up whether that is still there.
    """

    looked_up: str = ""
    found: Linked | None = None
    news: str | None = None
    delete_key: str = ""
    wish: str | None = None
    problem: str = ""
    receipt: Receipt | None = None
    checked: float = 0.0

    def behind(self, id: str) -> Linked | None:
        """What is known to be behind an id."""
        return self.found if self.found and self.found.id == id else None

    def receipt_of(self, id: str) -> Receipt | None:
        """What this visitor got for sharing the picture of this id."""
        return self.receipt if self.receipt and self.receipt.id == id else None
