"""Regions of a quantized picture: groups of entries, specks, posters, masks, areas, run lengths."""

import csv
import itertools
import json
import re
import shutil
import subprocess
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from quantize import Picture, QuantizeError, quantize_image
from quantize.colors.hexadecimal import hex_colors
from quantize.regions import files, masks
from quantize.regions.parts import CLEAR, find_parts
from quantize.regions.poster import SCALE, draw_poster
from quantize.regions.rle import decode_mask, describe_coco, encode_mask
from quantize.regions.segments import Segments, find_segments, merge_entries, suggest_smallest
from tests.pictures import noise, smooth
from tests.regions.maps import HOSTILE, blobs

PALETTE = np.array([[n, 255 - n, n * 7 % 256] for n in range(256)], np.uint8)


def painted(labels: np.ndarray, alpha: np.ndarray | None = None) -> Picture:
    return Picture.from_pixels(PALETTE[labels], alpha)


def of_map(labels: np.ndarray, **choices) -> Segments:
    """Regions of a picture that has one colour for every label, and is clear where that is CLEAR."""
    alpha = np.where(labels == CLEAR, 0, 255).astype(np.uint8)
    picture = painted(labels, alpha if (labels == CLEAR).any() else None)
    return find_segments(quantize_image(picture, n_colors=255), **choices)


VISIBLE = [name for name in HOSTILE if name != "clear"]


@pytest.mark.parametrize("smallest", [1, 5, 1000])
@pytest.mark.parametrize("name", VISIBLE)
def test_regions_are_entries_without_specks(name, smallest):
    labels = HOSTILE[name]
    result = quantize_image(painted(labels), n_colors=256)
    segments = find_segments(result, smallest=smallest)
    colors = hex_colors(result.palette)
    assert set(segments.hexes) <= set(colors)
    assert len(set(segments.hexes)) == len(segments)
    np.testing.assert_array_equal(
        np.bincount(segments.labels.ravel(), minlength=len(segments)), segments.areas
    )
    assert segments.shares.sum() == pytest.approx(1)
    parts = segments.parts
    assert segments.n_parts.tolist() == np.bincount(parts.labels, minlength=len(segments)).tolist()
    assert parts.areas.min() >= min(smallest, labels.size) or len(parts) == 1
    before = result.palette[result.indices]
    after = segments.palette[segments.labels]
    assert segments.n_moved == (before != after).any(axis=2).sum()
    left = {entry for members in segments.members for entry in members}
    assert left | set(segments.gone) == set(range(len(colors)))


def test_groups_become_one_region_in_the_colour_of_the_largest():
    labels = np.array([[0, 0, 0, 1, 1, 2, 3, 3]], np.uint8)
    result = quantize_image(painted(labels), n_colors=8)
    named = {code: entry for entry, code in enumerate(hex_colors(result.palette))}
    entries = [named[code] for code in hex_colors(PALETTE[:4])]
    segments = find_segments(result, smallest=1, groups=[(entries[2], entries[1]), (entries[1], entries[0])])
    assert len(segments) == 2
    found = dict(zip(segments.hexes, segments.members, strict=True))
    assert set(found[hex_colors(PALETTE[:1])[0]]) == set(entries[:3])
    assert sorted(segments.areas.tolist()) == [2, 6]
    assert segments.n_moved == 0


def test_groups_go_before_specks():
    labels = np.array([[3, 0, 3], [3, 1, 3]], np.uint8)
    result = quantize_image(painted(labels), n_colors=8)
    named = {code: entry for entry, code in enumerate(hex_colors(result.palette))}
    group = [named[code] for code in hex_colors(PALETTE[:2])]
    assert len(find_segments(result, smallest=2)) == 1
    assert sorted(find_segments(result, smallest=2, groups=[group]).areas.tolist()) == [2, 4]


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=5))
def test_every_entry_is_in_one_region(groups):
    regions = merge_entries(np.arange(10), groups)
    assert sorted(entry for region in regions for entry in region) == list(range(10))
    for group in groups:
        assert len({number for number, region in enumerate(regions) if set(region) & set(group)}) <= 1
    assert [region[0] for region in regions] == [max(region) for region in regions]


def test_clear_pixels_are_in_no_region():
    labels = HOSTILE["clear holes"]
    segments = of_map(labels, smallest=30)
    np.testing.assert_array_equal(segments.labels == CLEAR, labels == CLEAR)
    assert segments.areas.sum() == (labels != CLEAR).sum()
    with Image.open(BytesIO(files.write_labels_png(segments))) as file:
        np.testing.assert_array_equal(np.asarray(file.convert("RGBA"))[..., 3] == 0, labels == CLEAR)


def test_256_regions_without_clear_pixels():
    labels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    segments = find_segments(quantize_image(painted(labels), n_colors=256), smallest=1)
    assert len(segments) == 256
    assert segments.clear is None
    assert len(fills(files.write_poster(segments))) == 256


def test_bad_input_is_refused():
    result = quantize_image(noise(5, 5), n_colors=4)
    with pytest.raises(QuantizeError, match="merged entries must be whole numbers from 0 to 3, got 4"):
        find_segments(result, groups=[(0, 4)])
    with pytest.raises(QuantizeError, match="smallest must be a whole number of pixels"):
        find_segments(result, smallest=0)
    soft = Picture.from_pixels(noise(5, 5), noise(5, 5, 1)[..., 0])
    with pytest.raises(QuantizeError, match="regions need opaque entries, got soft ones: choose alpha hard"):
        find_segments(quantize_image(soft, n_colors=4, alpha="soft"))


def test_small_pictures_keep_all_and_large_ones_lose_specks():
    assert [suggest_smallest(n) for n in (1, 256, 1_000_000, 12_000_000)] == [1, 1, 50, 600]


def fills(svg: bytes) -> dict[str, str]:
    """Fills of all shapes of a poster, by id; nothing else paints but strokes of the same colours."""
    root = ElementTree.fromstring(svg)
    name = "{http://www.w3.org/2000/svg}"
    paths = {path.get("id"): path.get("fill") for path in root.iterfind(f"./{name}g/{name}path")}
    under = {use.get("href").removeprefix("#"): use.get("stroke") for use in root.iter(f"{name}use")}
    assert under == paths
    kinds = {element.tag.removeprefix(name) for element in root.iter()}
    assert kinds <= {"svg", "title", "g", "use", "path", "rect", "clipPath"}
    for rect in root.iter(f"{name}rect"):
        assert rect.get("fill") in paths.values()
    return paths


@pytest.mark.parametrize("near", [0, 0.05])
@pytest.mark.parametrize("name", VISIBLE)
def test_a_poster_has_one_fill_for_every_region(name, near):
    segments = of_map(HOSTILE[name], smallest=1)
    svg = files.write_poster(segments, near=near)
    assert list(fills(svg).values()) == segments.hexes
    assert (b"<rect" in svg) == (segments.clear is None) == (b"clip" not in svg)
    height, width = segments.labels.shape
    root = ElementTree.fromstring(svg)
    assert (root.get("width"), root.get("height")) == (str(width), str(height))
    assert root.get("viewBox") == f"0 0 {width * SCALE} {height * SCALE}"


def paint_path(data: str, shape: tuple[int, int]) -> np.ndarray:
    """Pixels inside a path of straight lines between corners of pixels, by even and odd crossings."""
    crossings = np.zeros(shape, int)
    for way in data.split("M")[1:]:
        x, y, *steps = map(int, re.findall(r"-?\d+", way))
        points = [(x, y)]
        for across, down in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + across, y + down
            points.append((x, y))
        assert points[0] == points[-1]
        for (x, y), (_, below) in itertools.pairwise(points):
            crossings[min(y, below) // SCALE : max(y, below) // SCALE, x // SCALE :] += 1
    return crossings % 2 == 1


@pytest.mark.parametrize("name", VISIBLE)
def test_a_poster_of_pixels_is_the_label_map(name):
    segments = of_map(HOSTILE[name], smallest=1)
    root = ElementTree.fromstring(files.write_poster(segments, near=0))
    space = "{http://www.w3.org/2000/svg}"
    for path in root.iterfind(f"./{space}clipPath/{space}path"):
        data = re.sub(r"h(-?\d+)v(\d+)h(-?\d+)z", r"l\1 0 0 \2 \3 0 0-\2z", path.get("d"))
        np.testing.assert_array_equal(paint_path(data, segments.labels.shape), ~segments.clear)
    for number, path in enumerate(root.iterfind(f"./{space}g/{space}path")):
        np.testing.assert_array_equal(
            paint_path(path.get("d"), segments.labels.shape), segments.labels == number
        )


@pytest.mark.parametrize("ground", [0, CLEAR])
@pytest.mark.parametrize("dot", ["1", "11", "1 1", "11 1", "111 1", "1 11", "11 11", "1111"])
def test_parts_of_few_pixels_stay_square(dot, ground):
    lattice = np.full((30, 36), ground, np.uint8)
    for y, row in enumerate(dot.split()):
        for x in range(len(row)):
            lattice[1 + y :: 6, 1 + x :: 6] = 1
    segments = of_map(lattice, smallest=1)
    assert files.write_poster(segments) == files.write_poster(segments, near=0)


def test_a_title_cannot_break_the_drawing():
    parts = find_parts(np.zeros((2, 2), np.uint8))
    svg = draw_poster(parts, PALETTE[:1], title='<script>alert("&")</script>', names=["<&>"])
    root = ElementTree.fromstring(svg)
    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ['<script>alert("&")</script>', "<&>"]


@given(
    st.text(st.characters(blacklist_categories=()), max_size=9) | st.sampled_from(["\udcff", "\0", "a\uffff"])
)
def test_any_name_leaves_files_that_can_be_read(name):
    parts = find_parts(np.zeros((2, 2), np.uint8))
    root = ElementTree.fromstring(draw_poster(parts, PALETTE[:1], title=name, names=[name]).encode())
    titles = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}title")]
    named = json.loads(files.write_coco(of_map(HOSTILE["one pixel"]), name))["images"][0]["file_name"]
    assert named.encode().decode() == named
    # A reader of XML makes one break of a line of each kind.
    assert {title.replace("\r\n", "\n").replace("\r", "\n") for title in titles} <= {
        named.replace("\r\n", "\n").replace("\r", "\n")
    }
    readable = {letter for letter in name if letter.isprintable()}
    assert readable <= set(named)


def test_the_same_bytes_each_time_and_on_any_number_of_threads(monkeypatch):
    result = quantize_image(smooth(90, 120) ^ (noise(90, 120) & 15), n_colors=6)
    made = []
    for threads in ("1", "3"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        segments = find_segments(result, smallest=9)
        made.append(
            (files.write_poster(segments), files.write_labels_npz(segments), masks.write_masks(segments))
        )
    assert made[0] == made[1]


def test_work_on_a_poster_ends_when_the_checkpoint_says_so():
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.write_poster(of_map(blobs(30, 30, 4)), checkpoint=stop)


def test_masks_cover_the_picture_once_and_cutouts_hold_its_pixels():
    alpha = noise(20, 30, 1, seed=3)[..., 0]
    picture = Picture.from_pixels(noise(20, 30), alpha)
    segments = find_segments(quantize_image(picture, n_colors=5), smallest=4)
    with ZipFile(BytesIO(masks.write_masks(segments))) as archive:
        names = archive.namelist()
        opened = [Image.open(BytesIO(archive.read(name))) for name in names]
    assert names == [f"mask-{n + 1}-{code[1:]}.png" for n, code in enumerate(segments.hexes)]
    assert {image.mode for image in opened} == {"1"}
    covered = sum(np.asarray(image).astype(int) for image in opened)
    np.testing.assert_array_equal(covered, alpha >= 128)
    with ZipFile(BytesIO(masks.write_cutouts(picture, segments))) as archive:
        cut = [np.asarray(Image.open(BytesIO(archive.read(name)))) for name in archive.namelist()]
    for number, made in enumerate(cut):
        inside = segments.labels == number
        np.testing.assert_array_equal(made[..., 3], np.where(inside, alpha, 0))
        np.testing.assert_array_equal(made[inside, :3], picture.pixels[inside])
        assert not made[~inside].any()


@pytest.mark.skipif(not shutil.which("pngcheck"), reason="needs pngcheck on the path")
def test_pngcheck_has_no_complaint(tmp_path):
    picture = Picture.from_pixels(noise(33, 21), noise(33, 21, 1)[..., 0])
    segments = find_segments(quantize_image(picture, n_colors=5), smallest=3)
    made = [files.write_labels_png(segments)]
    for packed in (masks.write_masks(segments), masks.write_cutouts(picture, segments)):
        with ZipFile(BytesIO(packed)) as archive:
            made += [archive.read(name) for name in archive.namelist()]
    paths = [tmp_path / f"{number}.png" for number in range(len(made))]
    for path, data in zip(paths, made, strict=True):
        path.write_bytes(data)
    done = subprocess.run(["pngcheck", "-q", *paths], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_label_maps_and_areas_say_the_same():
    segments = of_map(HOSTILE["clear holes"], smallest=2)
    packed = np.load(BytesIO(files.write_labels_npz(segments)), allow_pickle=False)
    np.testing.assert_array_equal(
        packed["labels"], np.where(segments.labels == CLEAR, -1, segments.labels.astype(int))
    )
    np.testing.assert_array_equal(packed["palette"], segments.palette)
    with Image.open(BytesIO(files.write_labels_png(segments))) as file:
        seen = packed["labels"] >= 0
        np.testing.assert_array_equal(np.asarray(file)[seen], packed["labels"][seen])
        colors = np.array(file.getpalette("RGB"), np.uint8).reshape(-1, 3)
    np.testing.assert_array_equal(colors[: len(segments)], segments.palette)
    said = json.loads(files.write_areas_json(segments))
    rows = list(csv.DictReader(StringIO(files.write_areas_csv(segments).decode())))
    assert (
        [int(row["pixels"]) for row in rows]
        == segments.areas.tolist()
        == [one["pixels"] for one in said["regions"]]
    )
    assert [row["color"] for row in rows] == segments.hexes
    assert sum(float(row["percent"]) for row in rows) == pytest.approx(100, abs=0.01)
    assert packed["areas"].tolist() == segments.areas.tolist()


some_masks = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12))
OF_PYCOCOTOOLS = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
CODED = [*(HOSTILE[name] == 1 for name in HOSTILE), np.zeros((300, 200), bool), np.ones((3, 3), bool)]


@given(some_masks)
def test_run_lengths_there_and_back(mask):
    np.testing.assert_array_equal(decode_mask(encode_mask(mask), mask.shape), mask)


def test_run_lengths_by_hand():
    # Column by column: one out, two in, one out. No run is taken off another before the fourth.
    assert encode_mask(np.array([[False, True], [True, False]])) == "121"
    assert encode_mask(np.array([[True]])) == "01"


@OF_PYCOCOTOOLS
@given(some_masks)
def test_pycocotools_reads_and_writes_the_same(mask):
    check_with_pycocotools(mask)


@OF_PYCOCOTOOLS
@pytest.mark.parametrize("number", range(len(CODED)))
def test_pycocotools_reads_and_writes_the_same_of_hostile_masks(number):
    check_with_pycocotools(CODED[number])


def check_with_pycocotools(mask: np.ndarray) -> None:
    coco = pytest.importorskip("pycocotools.mask", reason="pycocotools is not installed")
    text = encode_mask(mask)
    coded = {"size": list(mask.shape), "counts": text.encode()}
    np.testing.assert_array_equal(coco.decode(coded), mask)
    assert coco.encode(np.asfortranarray(mask.astype(np.uint8)))["counts"] == text.encode()


def test_a_coco_file_names_every_region():
    segments = of_map(HOSTILE["blobs"], smallest=3)
    said = json.loads(files.write_coco(segments, "a photo.jpg"))
    assert said == describe_coco(segments, "a photo.jpg")
    for number, (one, kind) in enumerate(zip(said["annotations"], said["categories"], strict=True)):
        mask = decode_mask(one["segmentation"]["counts"], tuple(one["segmentation"]["size"]))
        np.testing.assert_array_equal(mask, segments.labels == number)
        assert (one["area"], kind["name"]) == (mask.sum(), segments.hexes[number])
        x, y, width, height = one["bbox"]
        assert mask[y : y + height, x : x + width].sum() == mask.sum()
        assert mask[y].any()
        assert mask[y + height - 1].any()
        assert mask[:, x].any()
        assert mask[:, x + width - 1].any()


@pytest.mark.parametrize("text", ["", "1", "é", "oooooooooooooooo", "12", "999"])
def test_damaged_run_lengths_are_refused(text):
    with pytest.raises(QuantizeError, match="run lengths must be"):
        decode_mask(text, (2, 2))


@pytest.mark.parametrize("seed", range(20))
def test_groups_merge_what_they_name_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 50, rng.integers(1, 12))
    groups = [rng.choice(len(counts), rng.integers(0, 4)).tolist() for _ in range(rng.integers(0, 4))]
    together = [{entry} for entry in range(len(counts))]
    for group in groups:  # sets that share an entry grow together
        touched = [one for one in together if one & set(group)]
        together = [one for one in together if one not in touched] + [set().union(*touched)] * bool(touched)
    found = merge_entries(counts, groups)
    assert sorted(map(sorted, found)) == sorted(map(sorted, together))
    assert all(counts[one[0]] == max(counts[list(one)]) for one in found)
