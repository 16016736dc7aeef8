"""About how long a picture's files would be and how they would look, on a sample of it."""

from __future__ import annotations

from collections.abc import Callable

from quantize.rendering.encode import estimate_png_size
from quantize.sizing.recipe import Recipe
from quantize.sizing.sample import Sample
from quantize.sizing.scores import Scores, score, score_looks
from quantize.sizing.writing import Writer, Written

Checkpoint = Callable[[], None]


class Estimator:
    """Estimates of one picture; each is worked out once.

    Parameters
    ----------
    sample : Sample
        Of a picture with at least one visible pixel.
    checkpoint : callable, optional
        Called between steps; what it raises ends the work.
    """

    def __init__(self, sample: Sample, checkpoint: Checkpoint | None = None) -> None:
        self.sample = sample
        self._writer = Writer(self.sample.picture)
        self._checkpoint = checkpoint
        self._written: dict[Recipe, Written] = {}
        self._sizes: dict[Recipe, int] = {}
        self._looks: dict[Recipe, float] = {}

    def n_bytes(self, recipe: Recipe) -> int:
        """Tell about how long the file is; exactly if the picture is its own sample."""
        if recipe not in self._sizes:
            self._sizes[recipe] = self._measure(recipe)
        return self._sizes[recipe]

    def looks(self, recipe: Recipe) -> float:
        """Tell about which SSIMULACRA2 it has."""
        if recipe not in self._looks:
            self._step()
            self._looks[recipe] = score_looks(self.sample.picture, self._write(recipe))
        return self._looks[recipe]

    @property
    def seen(self) -> tuple[Recipe, ...]:
        """Whose looks are known."""
        return tuple(self._looks)

    def scores(self, recipe: Recipe) -> Scores:
        """Tell all figures of its looks."""
        return score(self.sample.picture, self._write(recipe))

    def _measure(self, recipe: Recipe) -> int:
        self._step()
        written, sample = self._write(recipe), self.sample
        if sample.exact:
            return len(written.data)
        share = sample.packed if not recipe.of_kind.lossy else sample.coded
        if recipe.kind != "png":
            return round(len(written.data) / share)
        result = written.result
        assert result is not None
        whole = sample.size[0] * sample.size[1] * recipe.scale**2
        rows = max(len(result.indices), round(whole / result.indices.shape[1]))
        return estimate_png_size(
            result.palette, result.indices, result.alpha, rows, share=share
        ).n_bytes  # fmt: skip

    def _write(self, recipe: Recipe) -> Written:
        if recipe not in self._written:
            self._written[recipe] = self._writer.write(
                recipe, self._checkpoint, estimated=not self.sample.exact
            )  # fmt: skip
        return self._written[recipe]

    def _step(self) -> None:
        if self._checkpoint:
            self._checkpoint()
