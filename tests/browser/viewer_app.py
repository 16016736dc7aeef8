"""A page for the viewer's browser tests: synthetic pictures, choices in the URL and in widgets."""

import io
import sys
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))
from pages._viewer import Pane, Place, palette_bar, viewer

WIDTH, HEIGHT = 640, 480


def original() -> Image.Image:
    """Smooth ramps with noise, so that a PNG of it is large and almost every pixel has its own colour."""
    rng = np.random.default_rng(0)
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH]
    ramps = np.dstack([across * 255 / WIDTH, down * 255 / HEIGHT, 255 - across * 255 / WIDTH])
    return Image.fromarray(np.clip(ramps + rng.integers(-8, 9, ramps.shape), 0, 255).astype(np.uint8))


def emptied(image: Image.Image) -> Image.Image:
    """The same with nothing at its left and right edges."""
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 0, WIDTH // 8, HEIGHT))
    alpha.paste(0, (WIDTH * 7 // 8, 0, WIDTH, HEIGHT))
    image = image.convert("RGB")
    image.putalpha(alpha)
    return image


def png(image: Image.Image) -> bytes:
    """Encode as it is: indexed stays indexed."""
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def crop(x0: int, y0: int, x1: int, y1: int, pane: int) -> bytes:
    """Full resolution: every pixel tells its place and pane."""
    down, across = np.mgrid[y0:y1, x0:x1]
    return png(Image.fromarray(np.dstack([across % 256, down % 256, across * 0 + pane]).astype(np.uint8)))


st.set_page_config(layout="wide")
count = int(st.query_params.get("panes", "2"))
colors = st.slider("Colours", 2, 256, int(st.query_params.get("k", "16")))
picture = original()
panes = [Pane("Original", png(emptied(picture) if "clear" in st.query_params else picture))]
for index in range(1, count):
    k = min(colors * index, 256)
    result = picture.quantize(k)
    entries = np.reshape(result.getpalette(), (-1, 3))[:k].tolist()
    palette = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in entries]
    if "clear" in st.query_params:
        result = emptied(result)
    panes.append(Pane(f"{k} colours", png(result), f"median cut, pane {index}", palette))
# Every pane as a preview of a picture of four times its width and height.
choices = {"size": (4 * WIDTH, 4 * HEIGHT), "crop": crop} if "crop" in st.query_params else {}
if "size" in st.query_params:
    choices["size"] = tuple(map(int, st.query_params["size"].split("x")))
if "places" in st.query_params:
    choices["places"] = [Place("corner", 600, 440, 40, 40), Place("middle", 300, 220, 40, 40)]
place = st.container()
selected = st.number_input("Selected", 0, 63, None) if count > 1 else None
with place:
    viewed = viewer(panes, key="pictures", selected=selected, **choices)
if count > 1:
    shares = np.bincount(np.asarray(picture.quantize(colors)).ravel(), minlength=colors) / (WIDTH * HEIGHT)
    st.write("Chosen:", repr(palette_bar(panes[1].palette, shares, key="bar", viewer="pictures")))
st.write("Picked:", repr(viewed.pick))
