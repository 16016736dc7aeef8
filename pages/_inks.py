"""What the inks of the chosen panel show, built in or the visitor's own, and how large it is. Pure."""

from pages._choices import Choices, Size
from quantize.panels.table import PANELS


def panel_inks(record: Choices) -> tuple[str, ...]:
    """What the inks of the chosen panel show, as it is built in: "#rrggbb"."""
    return tuple(f"#{code}" for code in PANELS[record.panel].shown)


def shown_inks(record: Choices) -> tuple[str, ...]:
    """What they show, as the visitor has it."""
    inks = panel_inks(record)
    return record.shown if len(record.shown) == len(inks) else inks


def common_size(record: Choices, size: Size | None = None) -> str:
    """Name a size, the chosen one or another, among those of the panel's inks.

    With the inks: a list that stays on the same value goes on to show the words that the value had before.
    """
    return "{} {}x{}".format(PANELS[record.panel].inks.key, *(size or record.panel_size))


def size_on(record: Choices, key: str) -> Size:
    """Find the size to go on with on another panel.

    One that is nobody's stays, and one that was chosen among those of the same inks. Else it is one that the
    panel's title names, or has no need to change.
    """
    before, after, size = PANELS[record.panel], PANELS[key], record.panel_size
    common, has = (size in [(wide, high) for _, wide, high in one.inks.sizes] for one in (before, after))
    was_chosen = before.inks is after.inks and size not in before.sizes
    stays = not common or was_chosen or (has and (size in after.sizes or not after.inches))
    return size if stays else after.sizes[0]
