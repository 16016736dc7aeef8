"""A visitor's own pictures, side by side: which there are, and where each of them was left."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

from pages import _held
from pages._choices import Region
from quantize.colors.opacity import Opacity
from quantize.errors import too_many_mb

MAX_PICTURES = 40


@dataclass(frozen=True, eq=False)
class Upload:
    """A file that a visitor gave us and that proved to be a picture, its tiny WebP and its opacity."""

    name: str
    data: bytes = field(repr=False)
    digest: str
    icon: bytes = field(default=b"", repr=False)
    opacity: Opacity = field(default=Opacity(0), repr=False)

    def __post_init__(self) -> None:
        _held.note(self)

    @cached_property
    def key(self) -> str:
        """Names it in its tray: the same file under the same name is the same picture."""
        return blake2b(f"{self.digest}{self.name}".encode(errors="surrogatepass"), digest_size=12).hexdigest()


@dataclass(frozen=True)
class Left:
    """How a picture was left: the part that was looked at, and the id it was shared under, "" if not."""

    at: Region | None = None
    share: str = ""


@dataclass(eq=False)
class Tray:
    """Pictures in the order in which they came, and how they were left, by their keys."""

    pictures: list[Upload] = field(default_factory=list)
    left: dict[str, Left] = field(default_factory=dict)

    @property
    def n_bytes(self) -> int:
        """Bytes of all files together; what is there under two names counts once."""
        return sum(len(data) for data in {one.digest: one.data for one in self.pictures}.values())

    def find(self, key: str) -> Upload | None:
        """Return the picture of this key, or None if it is not there any more."""
        return next((one for one in self.pictures if one.key == key), None)

    def add(self, picture: Upload) -> Upload:
        """Put a picture in, and return it: the one that is there if it is the same under the same name."""
        known = self.find(picture.key)
        if known is None:
            self.pictures.append(picture)
        return known or picture

    def take_out(self, picture: Upload) -> Upload | None:
        """Take a picture out, and return its neighbour, rather the next one; None if it was the only one."""
        place = self.pictures.index(picture)
        self.pictures.remove(picture)
        self.left.pop(picture.key, None)
        return self.pictures[min(place, len(self.pictures) - 1)] if self.pictures else None

    @property
    def last(self) -> Upload:
        """The picture that was left last, or else the one that came last."""
        key = next(reversed(self.left), "")
        return self.find(key) or self.pictures[-1]

    def leave(self, picture: Upload, at: Region | None, share: str) -> None:
        """Note how a picture is left."""
        self.left.pop(picture.key, None)
        self.left[picture.key] = Left(at, share)

    def back_to(self, picture: Upload) -> Left:
        """Tell how a picture was left, once."""
        return self.left.pop(picture.key, Left())

    def problem(self, data: bytes, max_bytes: int) -> str | None:
        """Say why a file of this content has no room, or None if it has."""
        if len(self.pictures) >= MAX_PICTURES:
            return f"there are {MAX_PICTURES} pictures already, which is the most: take some out first"
        if self.n_bytes + len(data) > max_bytes:
            return (
                f"all pictures together must be at most {max_bytes / 2**20:,.0f} MB, "
                f"got {too_many_mb(self.n_bytes + len(data))}: take some out first"
            )
        return None
