"""What a file gave up beside its picture, and how it was written, in words."""

from __future__ import annotations

from dataclasses import replace

from quantize.colors.opacity import is_visible
from quantize.decoding.frames import lost_frames
from quantize.decoding.picture import Picture
from quantize.sizing.writing import Written


def describe_setting(written: Written) -> str:
    """Name how a file was written: colours that are in it, what was really done; "" if nothing is lost."""
    recipe, result = written.recipe, written.result
    if result is not None:
        recipe = replace(recipe, n_colors=len(result.palette))
        if not result.sse or len(result.palette) == 1:
            recipe = replace(recipe, strength=0.0, follow=0.0)
    words = [replace(recipe, scale=1.0).name] if replace(recipe, scale=1.0).name else []
    if recipe.scale < 1:
        height, width = written.pixels.shape[:2]
        words.append(f"{width:,}×{height:,} pixels")
    return ", ".join(words)


def explain(picture: Picture, written: Written, looks: float) -> str:
    """Say in a sentence what a file gave up beside its picture."""
    frames = lost_frames(picture.notes)
    if shows_the_same(picture, written):
        if frames is None:
            return "It gave up nothing that is seen."
        return f"It gave up {frames}, and nothing that is seen of the first."
    recipe, lost = written.recipe, [frames] if frames else []
    lost += _explain_palette(picture, written)
    if recipe.quality is not None:
        lost.append(f"detail, at quality {recipe.quality} of 100")
        if not _is_as_clear(picture, written):
            lost.append("exact transparency")
    if recipe.scale < 1:
        height, width = written.pixels.shape[:2]
        left = f"{width:,}×{height:,} pixels are left of {picture.size[0]:,}×{picture.size[1]:,}"
        lost.append(f"size ({left})")
    return f"It gave up {join(lost or ['some nearness'])}; SSIMULACRA2 is {looks:.1f} of 100.".replace(
        "-", "\N{MINUS SIGN}"
    )


def _explain_palette(picture: Picture, written: Written) -> list[str]:
    recipe, lost = written.recipe, []
    if recipe.n_colors is not None and written.result is not None:
        before, after = picture.n_colors, len(written.result.palette)
        if after < before:
            how = f"{after} are left, {'dithered' if recipe.strength else 'not dithered'}"
            lost.append(f"{before - after:,} of {before:,} colours ({'1 is left' if after == 1 else how})")
        if picture.opacity.is_partial:
            lost.append("partial transparency")
        if recipe.runs and written.result.sse and after > 1:
            lost.append("some grain (for longer runs of one colour)")
        if recipe.follow and written.result.sse:
            lost.append(f"nearness of single pixels, by up to {recipe.follow:g} steps of 255")
    return lost


def shows_the_same(picture: Picture, written: Written) -> bool:
    """Tell whether a file has the picture's size, and its colours and opacities wherever they are seen."""
    if written.pixels.shape != picture.pixels.shape:
        return False
    if picture.opacity.is_partial and written.recipe.of_kind.indexed:
        return False
    apart = (written.pixels != picture.pixels).any(axis=2)
    if not _is_as_clear(picture, written):
        return False
    return not (apart if picture.alpha is None else apart & is_visible(picture.alpha)).any()


def _is_as_clear(picture: Picture, written: Written) -> bool:
    """Tell whether alpha is what it was; of a palette, whether the same pixels are visible."""
    if written.pixels.shape != picture.pixels.shape:
        return True  # of another size: there is nothing to compare pixel by pixel
    before, after = picture.alpha, written.alpha
    if before is None or after is None:
        return all(alpha is None or int(alpha.min()) == 255 for alpha in (before, after))
    if written.recipe.of_kind.indexed:
        return bool((is_visible(before) == is_visible(after)).all())
    return bool((before == after).all())


def join(words: list[str]) -> str:
    """List words as a sentence does."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
