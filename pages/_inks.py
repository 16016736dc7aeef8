"""What the inks of the chosen panel show: as it is built in, or as the visitor has it. Pure."""

from pages._choices import Choices
from quantize.panels.table import PANELS


def panel_inks(record: Choices) -> tuple[str, ...]:
    """What the inks of the chosen panel show, as it is built in: "#rrggbb"."""
    return tuple(f"#{code}" for code in PANELS[record.panel].shown)


def shown_inks(record: Choices) -> tuple[str, ...]:
    """What they show, as the visitor has it."""
    inks = panel_inks(record)
    return record.shown if len(record.shown) == len(inks) else inks
