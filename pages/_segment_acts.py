"""What visitors do with regions: merge some, take them apart again."""

from dataclasses import replace

from pages import _state
from pages._choices import Choices


def join(colors: tuple[str, ...]) -> None:
    """Callback: these colours are one region from now on, with all that belong to any of them."""

    def how(record: Choices) -> Choices:
        wanted = set(colors)
        touched = [group for group in record.joined if wanted & set(group)]
        whole = tuple(dict.fromkeys([*colors, *(color for group in touched for color in group)]))
        others = tuple(group for group in record.joined if group not in touched)
        return replace(record, joined=(*others, whole)) if len(whole) > 1 else record

    _state.update(how)


def take_apart(group: tuple[str, ...]) -> None:
    """Callback: the colours of this group are regions of their own again."""
    _state.update(lambda record: replace(record, joined=tuple(one for one in record.joined if one != group)))
