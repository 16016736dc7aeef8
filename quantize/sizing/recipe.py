"""A way to write a picture: kind of file, colours, dithering, quality and scale."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from quantize.sizing.kinds import KINDS, Kind


@dataclass(frozen=True)
class Recipe:
    """One way to write a picture; two that are equal give the same file.

    Attributes
    ----------
    kind : str
        A key of ``KINDS``.
    n_colors : int or None
        K, where the kind holds a palette.
    strength : float
        How much is dithered, 0–1; 0 is not at all.
    runs : float
        How much runs of one entry are favoured beside dithering, 0–8.
    follow : float
        By how many 8-bit steps an entry may be farther off than the nearest one where it follows its
        neighbour (``following.py``); only without dithering.
    numbers : bool
        Whether the palette is the one with least squared error, as k-means in BGR finds it; else one for
        looks.
    quality : int or None
        1 to 100, where the kind loses something.
    whole_color : bool
        Whether colour has the resolution of light (4:4:4) where it usually has half of it (4:2:0).
    scale : float
        Width and height beside the picture's, above 0 up to 1.
    """

    kind: str = "png"
    n_colors: int | None = None
    strength: float = 0.0
    runs: float = 0.0
    follow: float = 0.0
    numbers: bool = False
    quality: int | None = None
    whole_color: bool = False
    scale: float = 1.0

    @property
    def of_kind(self) -> Kind:
        """What is known of its kind of file."""
        return KINDS[self.kind]

    @property
    def code(self) -> str:
        """What names it among those that are compared, as in an address: "png-64-dithered", "jpeg-80"."""
        words = [self.kind, *(str(each) for each in (self.n_colors, self.quality) if each is not None)]
        how = {"dithered": self.strength, "444": self.whole_color}
        return "-".join([*words, *(word for word, so in how.items() if so)])

    @property
    def name(self) -> str:
        """What tells it from others of its kind, in few words: "64 colours, dithered"."""
        words = []
        if self.n_colors is not None:
            words.append("1 colour" if self.n_colors == 1 else f"{self.n_colors} colours")
            if self.strength:
                words.append(
                    "dithered" + (", long runs" if self.runs >= 4 else ", runs" if self.runs else "")
                )
            if self.follow:
                words.append(f"within {self.follow:g} steps")
        if self.quality is not None:
            words.append(f"quality {self.quality}")
        if self.whole_color:
            words.append("4:4:4")
        if self.scale < 1:
            words.append(f"{100 * self.scale:.0f} % of its width")
        return ", ".join(words)

    def scaled(self, scale: float) -> "Recipe":
        """Return the same at another scale."""
        return replace(self, scale=scale)


Line = tuple[Recipe, ...]
"""Recipes of one way, from the shortest file to the longest, which looks best."""

# Steps of about a seventh.
_LADDER = (
    *(2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64),
    *(80, 96, 112, 128, 160, 192, 224, 256),
)
_QUALITIES = tuple(range(1, 101))
FOLLOW = 8.0
"""How far entries may follow their neighbours where files are to be small."""
# What takes fewest bytes at one K first: strength, runs, follow.
_WAYS = ((0.0, 0.0, FOLLOW), (0.0, 0.0, 0.0),
         (1.0, 8.0, 0.0), (1.0, 3.0, 0.0), (0.5, 1.0, 0.0), (1.0, 0.0, 0.0))  # fmt: skip
SHOWN_COLORS = (8, 16, 32, 64, 128, 256)
SHOWN_RUNS = 4.0


def lines_of(kind: str, scale: float = 1.0) -> tuple[Line, ...]:
    """List the ways to write a kind of file, each from small to large."""
    found = KINDS.find(kind)
    if found.indexed:
        return tuple(
            tuple(Recipe(kind, k, strength, runs, follow, scale=scale) for k in _LADDER)
            for strength, runs, follow in _WAYS
        )
    if found.lossy:
        return tuple(
            tuple(Recipe(kind, quality=quality, whole_color=whole, scale=scale) for quality in _QUALITIES)
            for whole in ((False, True) if found.halved else (False,))
        )
    return ((Recipe(kind, scale=scale),),)


def compared_recipes(clear: bool) -> tuple[Recipe, ...]:
    """List the ways that are set against each other on a chart; ``clear`` if the picture has transparency."""
    recipes = [Recipe("png", k) for k in SHOWN_COLORS]
    recipes += [Recipe("png", k, 1.0, SHOWN_RUNS) for k in SHOWN_COLORS]
    recipes += [Recipe("gif", k, 1.0, SHOWN_RUNS) for k in (64, 256)]
    for kind in KINDS.values():
        if kind.indexed or (clear and not kind.clear):
            continue
        recipes += [Recipe(kind.key, quality=quality) for quality in kind.qualities or (None,)]
        if kind.halved:  # at low qualities it is seldom worth its bytes
            recipes += [Recipe(kind.key, quality=quality, whole_color=True) for quality in kind.qualities[2:]]
    return tuple(recipes)


COMPARED: Mapping[str, Recipe] = MappingProxyType({one.code: one for one in compared_recipes(clear=False)})
"""What is compared, by its code."""
