"""The same with OpenCV and NumPy alone, as OpenCV's tutorial "K-Means Clustering in OpenCV" does it.

The tutorial ends with ``np.uint8(center)`` and the labels of the pixels that were clustered. What stands
after that here makes of it what this project promises: exactly K colours, all in use, and for every pixel of
the whole picture the nearest one.
"""

from __future__ import annotations

from quantize.methods.finders import sample_size
from quantize.methods.task import Search
from quantize.teaching.python import literal
from quantize.teaching.subject import RESULT, Subject

_FLAGS = {"random": "cv2.KMEANS_RANDOM_CENTERS", "k-means++": "cv2.KMEANS_PP_CENTERS"}

_TEMPLATE = '''import cv2
import numpy as np

K = {k}
image = cv2.cvtColor(cv2.imread({name}), cv2.COLOR_BGR2RGB)  # {shape} uint8
{samples}
# Stop after {max_iter} rounds, or when no centre moves by more than {epsilon:g}.
criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, {max_iter}, {epsilon:g})
lowest = np.inf
for attempt in range({attempts}):  # as attempts={attempts}, but the same at every run
    cv2.setRNGSeed({seed})
    compactness, _, found = cv2.kmeans(samples, K, None, criteria, 1, {flags})
    if compactness < lowest:
        lowest, centers = compactness, found  # {centers} float32

# Rounded: the tutorial's np.uint8(center) cuts fractions off, which makes the picture darker.
palette = np.unique(np.rint(centers).astype(np.uint8), axis=0)
colors, pixels, counts = np.unique(image.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)


def assign(palette):
    """Find the nearest entry of each colour, of equal ones the first, and the squared distance to it."""
    labels, least = np.zeros(len(colors), int), np.full(len(colors), 3 * 256**2)
    for number, entry in enumerate(palette.astype(int)):
        away = ((colors - entry) ** 2).sum(axis=1)
        labels[away < least] = number
        least = np.minimum(least, away)
    return labels, least


while len(palette) < K:  # two centres became one colour: use the colour that is served worst
    _, least = assign(palette)
    palette = np.vstack([palette, colors[np.argmax(least * counts)]])
while True:  # from dark to light, and no entry without a pixel
    red, green, blue = palette.astype(int).T
    palette = palette[np.lexsort((blue, green, red, 2126 * red + 7152 * green + 722 * blue))]
    labels, least = assign(palette)
    idle = np.flatnonzero(np.bincount(labels, minlength=K) == 0)
    if not len(idle):
        break
    palette[idle] = colors[np.argsort(-least * counts, kind="stable")[: len(idle)]]

indices = labels[pixels.ravel()].reshape(image.shape[:2])  # which entry each pixel has: {plane}
cv2.imwrite({result}, cv2.cvtColor(palette[indices], cv2.COLOR_RGB2BGR))
'''


def write_opencv(subject: Subject) -> str:
    """Write a program that needs only OpenCV and NumPy, and writes the same pixels to ``result.png``."""
    settings, search = subject.settings, subject.settings.search
    width, height = subject.size
    return _TEMPLATE.format(
        k=settings.n_colors,
        name=literal(subject.name),
        shape=f"({height}, {width}, 3)",
        samples=_samples(subject.size),
        max_iter=search.max_iter,
        epsilon=search.epsilon,
        attempts=search.attempts,
        seed=_seed(search),
        flags=_FLAGS[search.init],
        centers=f"({settings.n_colors}, 3)",
        plane=f"({height}, {width})",
        result=literal(RESULT),
    )


def _seed(search: Search) -> str:
    return f"{search.seed} + attempt" if search.seed else "attempt"


def _samples(size: tuple[int, int]) -> str:
    width, height = small = sample_size(size)
    lines = []
    if small != size:
        lines.append("# With all pixels it takes long, and some are enough to find the colours.")
        lines.append(f"small = cv2.resize(image, ({width}, {height}), interpolation=cv2.INTER_NEAREST)")
    what = "image" if small == size else "small"
    lines.append(f"samples = np.float32({what}.reshape((-1, 3)))  # ({width * height}, 3) float32")
    return "\n".join(lines)


def why_not(subject: Subject) -> str:
    """Say what OpenCV and NumPy alone cannot do; "" if they can do all of it."""
    settings = subject.settings
    if subject.varied:
        return "That is the code of one result: see Studio."
    if settings.method != "opencv" or settings.palette:
        return "Only what cv2.kmeans finds can be had from OpenCV: choose the preset Lesson."
    if settings.space != "BGR":
        return f"In {settings.space} OpenCV's own conversion gives other colours: choose BGR."
    for name, said in (("dithered", "dithering"), ("keep", "pinned colours")):
        if getattr(settings, name):
            return f"OpenCV has no {said}: choose none."
    if subject.order != "dark":
        return "OpenCV writes no palette into a PNG: choose the order from dark to light."
    if not subject.plain:
        return "OpenCV would read other pixels: the file is transparent, turned, or of another kind or space."
    if subject.n_colors <= settings.n_colors:
        return "The picture has no more colours than that, so nothing is clustered."
    return ""
