"""What a link to the app says, read without Streamlit: for its title and its preview card."""

from dataclasses import dataclass
from urllib.parse import urlencode

from pages import SCREENS
from pages._address import from_query, split_query, to_query
from pages._choices import Choices
from pages._inks import shown_inks
from pages._tables import MOST, art_palette, shown_table
from quantize import Settings

PALETTE, YOURS, PANEL, ART = "palette", "your_palette", "panel", "pixel_art"
OF_THEIR_OWN = (PALETTE, YOURS, PANEL, ART)
"""Pages whose result is not the front page's."""


@dataclass(frozen=True)
class Link:
    """A page and what it shows, as an address names them.

    Attributes
    ----------
    choices : Choices
        As the page itself will read them.
    page : str
        Its name in the address, "" for the first one; not checked.
    embedded : bool
        Whether the viewer alone is wanted.
    """

    choices: Choices
    page: str
    embedded: bool

    @property
    def settings(self) -> Settings:
        """What the page's result is made with; of a table all that is on, as a picture tells the best."""
        if self.page == YOURS:
            return self.choices.mapping(tuple(self._colors[:MOST]))
        if self.page == PALETTE:
            return self.choices.palette_settings()
        if self.page == PANEL:  # a quick dithering tells enough on a card
            return Settings(palette=shown_inks(self.choices), dither="floyd-steinberg")
        if self.page == ART:
            colors, space = art_palette(self.choices), self.choices.space
            return Settings(palette=colors, space=space) if colors else Settings(self.choices.art_k, space)
        soft = any(screen.soft and (screen.default or screen.file == self.page) for screen in SCREENS)
        return self.choices.own_settings() if soft else self.choices.settings()

    @property
    def n_colors(self) -> int:
        """How many colours the page's result may have."""
        if self.page != YOURS:
            return self.settings.n_colors
        return min(self.choices.best or MOST, len({*self._colors}), MOST)

    @property
    def _colors(self) -> list[str]:
        shown = shown_table(self.choices)
        return [shown.colors[row] for row in shown.on]

    @property
    def merge(self) -> float:
        """Up to which difference colours of the result become one."""
        return self.choices.merge if self.page == PALETTE else 0.0

    @property
    def query(self) -> str:
        """The same choices as they are written now."""
        return urlencode({**to_query(self.choices), **({"embed": "true"} if self.embedded else {})})


def read_link(query: str, page: str = "") -> Link:
    """Read an address; whatever cannot be read is left out.

    Parameters
    ----------
    query : str
        What follows the question mark, percent-encoded.
    page : str
        Name of the page.
    """
    return Link(from_query(query)[0], page, "true" in split_query(query).get("embed", []))
