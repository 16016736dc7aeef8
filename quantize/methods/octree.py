"""Octree: colours sorted into ever smaller cubes, which are merged again until there are K.

A cube around the mean colour holds everything; it is halved along each axis in turn, 16 times, so that every
three halvings make the eight children of an octree's node. Each half that is not empty is a node with a
squared error around its mean. The K - 1 halvings of the nodes with the largest errors stay, all others are
undone. All of it happens in one sorted list: a node is a run of neighbours in Morton order.

Departures from the source, which builds the tree colour by colour and merges, deepest level first, the eight
children of the node with the fewest pixels: halvings are undone one by one, so that K are K and not some
fewer; and errors decide, as numbers of pixels leave up to three times the error in photos. The axis along
which colours differ most is halved first.

Source: M. Gervautz, W. Purgathofer, "A simple method for color quantization: octree quantization", in New
Trends in Computer Graphics, 1988, doi 10.1007/978-3-642-83492-9_20.
"""

import numpy as np
from numpy.typing import NDArray

from quantize.methods.cuts import Checkpoint, by_cuts

_LEVELS = 16


@by_cuts
def octree_centers(
    points: NDArray[np.float32], weights: NDArray[np.float64], n_centers: int, checkpoint: Checkpoint
) -> NDArray[np.float32]:
    """Find the means of the octree's leaves.

    Points closer than the side of the smallest cubes, 1/65,536 of the largest one's, may share a leaf.
    """
    offsets, mean = _around_mean(points, weights)
    keys, rows = np.unique(_morton_keys(offsets), return_inverse=True)
    values = (np.ones(len(points)), *offsets.T, np.square(offsets).sum(axis=1))
    moments: NDArray[np.float64] = np.stack([np.bincount(rows, weights * value) for value in values])
    split_bits = np.frexp((keys[1:] ^ keys[:-1]).astype(np.float64))[1]
    errors = _node_errors(split_bits, moments, checkpoint)
    # Of equal errors the larger cube is cut, then the first in order.
    stays = np.lexsort((np.arange(len(errors)), -split_bits, -errors))[: n_centers - 1]
    starts = np.concatenate([[0], np.sort(stays) + 1])
    sums = np.add.reduceat(moments[:4], starts, axis=1)
    return (sums[1:] / sums[0] + mean[:, None]).T.astype(np.float32)


def _around_mean(
    points: NDArray[np.float32], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points less their mean, and the mean."""
    exact = points.astype(np.float64)
    mean = np.average(exact, axis=0, weights=weights)
    return exact - mean, mean


def _morton_keys(offsets: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the path to each point's smallest cube: three bits a level, the widest axis first."""
    half = max(float(np.abs(offsets).max()), 1e-12)
    places = np.minimum((offsets / half + 1) * 2 ** (_LEVELS - 1), 2**_LEVELS - 1).astype(np.int64)
    widest = np.argsort(-np.square(offsets).sum(axis=0), kind="stable")
    keys = np.zeros(len(offsets), np.int64)
    for level in reversed(range(_LEVELS)):
        for axis in widest:
            keys = keys << 1 | places[:, axis] >> level & 1
    return keys


def _node_errors(
    split_bits: NDArray[np.signedinteger], moments: NDArray[np.float64], checkpoint: Checkpoint
) -> NDArray[np.float64]:
    """Work out the squared error of the node that is halved between each leaf and the next one.

    ``split_bits`` tells the bit of the key in which these two differ; the node reaches to the next halving of
    a larger one on both sides. ``moments`` float64 (5, leaves): weight, weighted coordinates, squared length.
    """
    before = np.pad(moments.cumsum(axis=1), ((0, 0), (1, 0)))
    errors = np.empty(len(split_bits))
    for bit in np.unique(split_bits):
        checkpoint()
        here, larger = np.flatnonzero(split_bits == bit), np.flatnonzero(split_bits > bit)
        bounds = np.concatenate([[0], larger + 1, [moments.shape[1]]])
        place = np.searchsorted(larger, here)
        sums = before[:, bounds[place + 1]] - before[:, bounds[place]]
        errors[here] = sums[4] - np.square(sums[1:4]).sum(axis=0) / sums[0]
    return errors
