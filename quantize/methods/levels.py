"""Points of a search, sorted, at three levels of detail, for any number of searches.

*Sketch* and *coarse*, where points of one cell of a grid of 32 or 64 steps are merged into their mean; and
*fine*, every point. Nothing of it depends on how many centers are looked for, so it is made once for many of
them, side by side too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantize.methods.few_points import FEW_POINTS
from quantize.methods.kernels_group import bound_groups, find_groups, merge_points, sort_points

# Merging pays if it leaves fewer points than this share.
WORTH_MERGING = 0.8
# Coarse points are used if there are at least so many for a center.
CROWDED = 8


@dataclass(frozen=True, eq=False)
class Level:
    """Sorted points with their groups and blocks; see ``kernels_group``.

    ``parents`` says for each point of the next finer level into which of these it was merged; ``labels`` are
    a search's own.
    """

    axes: NDArray[np.float32]
    keys: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    blocks: NDArray[np.uint32]
    boxes: NDArray[np.float32]
    block_boxes: NDArray[np.float32]
    labels: NDArray[np.int32]
    parents: NDArray[np.uint32]

    @classmethod
    def of(
        cls, axes: NDArray[np.float32], keys: NDArray[np.uint32], parents: NDArray[np.uint32] | None = None
    ) -> Level:
        """Make groups of sorted points."""
        starts, blocks = np.empty(len(keys) + 1, np.uint32), np.empty(len(keys) + 1, np.uint32)
        n_groups, n_blocks = find_groups(keys, starts, blocks)
        starts, blocks = starts[: n_groups + 1], blocks[: n_blocks + 1]
        boxes, block_boxes = np.empty((6, n_groups), np.float32), np.empty((6, n_blocks), np.float32)
        bound_groups(axes, starts, boxes)
        bound_groups(axes, starts[blocks], block_boxes)
        parents = np.empty(0, np.uint32) if parents is None else parents
        return cls(axes, keys, starts, blocks, boxes, block_boxes, np.zeros(len(keys), np.int32), parents)

    def merged(self, bits: int) -> Level:
        """Make one point of those in each cube of 2^``bits`` cells a side made one; this level itself if few
        would be.
        """
        merged, keys = np.empty_like(self.axes), np.empty_like(self.keys)
        parents = np.empty(len(keys), np.uint32)
        n = merge_points(self.axes, self.keys, bits, merged, keys, parents)
        if n > WORTH_MERGING * len(keys):
            return self
        return Level.of(np.ascontiguousarray(merged[:, :n]), keys[:n].copy(), parents)

    def fresh(self) -> Level:
        """Make the same level with labels of its own."""
        return replace(self, labels=np.zeros_like(self.labels))


@dataclass(frozen=True, eq=False)
class Points:
    """Points with their weights, sorted, and merged."""

    fine: Level
    coarse: Level
    sketch: Level

    @classmethod
    def of(cls, points: NDArray[np.float32], weights: NDArray[np.float32]) -> Points:
        """Sort and merge points float32 (n, 3), n at least 1, with weights float32 (n,), all above 0."""
        axes, keys = np.empty((4, len(points)), np.float32), np.empty(len(points), np.uint32)
        sort_points(points, weights, axes, keys)
        fine = Level.of(axes, keys)
        coarse = fine.merged(0)
        return cls(fine, coarse, coarse.merged(1))

    def levels(self, most: int) -> tuple[Level, Level, Level]:
        """Give sketch, coarse and fine for a search of up to ``most`` centers; two of them may be one."""
        fine, coarse, sketch = self.fine, self.coarse, self.sketch
        if len(fine.keys) > FEW_POINTS and CROWDED * most > len(coarse.keys):
            # One far point makes cells so wide that they hold what K must part.
            coarse, sketch = fine, fine.merged(1)
        own = {level: level.fresh() for level in (fine, coarse, sketch)}
        return own[sketch], own[coarse], own[fine]
