"""What became of the files that a visitor gave at once: in sentences, until the next ones come."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_SAID = 5


@dataclass(eq=False)
class Given:
    """All of it.

    Attributes
    ----------
    problems : tuple of str
        What was wrong with files.
    news : tuple of str
        What else became of them.
    colors : tuple of str
        Entries of the last palette among them, "#rrggbb"; () if there was none.
    is_over : bool
        Whether all of them were taken; a run that is cut short leaves that to the next one.
    is_shown : bool
        Whether one of them is the picture that is looked at by now.
    names, firsts : frozenset of str
        Streamlit's names of them, and of the first of each time that some were given while these were taken.
    """

    problems: tuple[str, ...] = ()
    news: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    is_over: bool = True
    is_shown: bool = False
    names: frozenset[str] = frozenset()
    firsts: frozenset[str] = frozenset()

    def begin(self, names: Sequence[str]) -> None:
        """Forget what was said of earlier files, unless these are the rest of them."""
        if self.is_over:
            self.problems, self.news, self.colors = (), (), ()
            self.is_over, self.names, self.firsts = False, frozenset(), frozenset()
        new = [name for name in names if name not in self.names]
        self.names, self.firsts = self.names.union(new), self.firsts.union(new[:1])

    def turn_to(self, name: str) -> None:
        """Note which one is next: the first of those that were given last is looked at in the end."""
        if name in self.firsts:
            self.is_shown = False

    def say(self) -> tuple[str, ...]:
        """Say what was wrong; of many files only so much."""
        rest = len(self.problems) - MOST_SAID
        if rest <= 0:
            return self.problems
        more = "1 more file was" if rest == 1 else f"{rest} more files were"
        return (*self.problems[:MOST_SAID], f"{more} not taken")
