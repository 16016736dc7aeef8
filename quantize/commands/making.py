"""What commands do alike: make an indexed PNG of a picture as the choices say, and print the figures."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quantize.colors.hexadecimal import hex_colors
from quantize.commands.first_use import end_first_use
from quantize.commands.streams import check_place, shown_way, tell, write_place
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.measuring.metrics import Metrics, measure
from quantize.pipeline import Quantized, quantize_image
from quantize.rendering.rivals import FileSize, longer_notes
from quantize.saving import encode_result
from quantize.settings import Settings


@dataclass(frozen=True)
class Job:
    """What a command was asked for.

    Attributes
    ----------
    picture, output : Path
        To read, which has been done, and to write.
    settings : Settings
    started : float
        ``time.perf_counter()`` when the command began.
    order : str
        A key of ``ENTRY_ORDERS``.
    looks, rgba, as_json : bool
        Whether to measure how alike both look, to keep partial transparency, to print JSON.
    notes : tuple of str
        What is to be said of the palette.
    names : mapping or None
        Names of colours, "#rrggbb": if there are any, the entries are listed with them.
    exact : bool
        Whether to refuse a result in which a pixel changes.
    """

    picture: Path
    output: Path
    settings: Settings
    started: float
    order: str = "dark"
    looks: bool = False
    rgba: bool = False
    as_json: bool = False
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] | None = None
    exact: bool = False


def make_file(job: Job, loaded: Picture) -> None:
    """Make what was asked for, write the file, and print what it became.

    Raises
    ------
    QuantizeError
        If the output cannot be written or the picture not be quantized so.
    """
    check_place(job.output, job.picture)
    end_first_use()
    result = quantize_image(loaded, job.settings)
    if job.exact and result.sse:
        raise QuantizeError(
            "picture must leave one of 256 entries to its transparent pixels, got all in use: make it "
            "opaque, or map it without strict"
        )
    notes = (*job.notes, *result.notes)
    written = result.in_order(job.order)
    if job.rgba and result.alpha is not None:
        notes = tuple(note for note in notes if note not in loaded.opacity.notes)  # it keeps them
    png = encode_result(loaded, result, order=job.order, rgba=job.rgba)
    write_place(job.output, png, job.picture)
    metrics = measure(loaded, result, looks=job.looks)
    size = FileSize(len(png), estimated=False)
    notes = (*loaded.notes, *notes, *longer_notes(loaded, result.sse, len(written.palette), size))
    figures = _figures(loaded, written, metrics, len(png), time.perf_counter() - job.started, notes)
    if job.names is not None:
        figures["entries"] = _entries(written, job.names)
    tell(json.dumps(figures, ensure_ascii=False) if job.as_json else _describe(job, figures), job.output)


def _entries(written: Quantized, names: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = zip(hex_colors(written.entries), written.counts.tolist(), strict=True)
    return [{"hex": code, "name": names.get(code, ""), "pixels": pixels} for code, pixels in rows]


def _figures(
    picture: Picture,
    result: Quantized,
    metrics: Metrics,
    size: int,
    seconds: float,
    notes: tuple[str, ...],
) -> dict[str, Any]:
    height, width = picture.pixels.shape[:2]
    return {
        "width": width,
        "height": height,
        "n_colors": metrics.colors_after,
        "n_colors_before": metrics.colors_before,
        "mse": metrics.mse,
        "psnr_db": metrics.psnr_db if metrics.mse else None,  # JSON has no infinity
        "delta_e_00": metrics.delta_e_00,
        "delta_e_00_p95": metrics.delta_e_00_p95,
        **({} if metrics.ssimulacra2 is None else _looks(metrics)),
        "bytes_in": picture.n_bytes,
        "bytes_out": size,
        "seconds": seconds,
        "space": result.settings.space,
        "method": None if result.settings.palette else result.settings.method,
        "dither": result.settings.dither,
        "iterations": result.iterations,
        "alpha": result.settings.alpha,
        "palette": hex_colors(result.entries),
        "notes": notes,
    }


def _looks(metrics: Metrics) -> dict[str, float | None]:
    return {"delta_e_blurred": metrics.delta_e_blurred, "ssimulacra2": metrics.ssimulacra2}


def _describe(job: Job, figures: dict[str, Any]) -> str:
    psnr = "identical" if figures["psnr_db"] is None else f"PSNR {figures['psnr_db']:.2f} dB"
    plural = "" if figures["n_colors"] == 1 else "s"
    lines = [
        shown_way(job.picture, job.output),
        "{width}×{height} pixels, {n_colors_before:,} → {n_colors:,} colour".format_map(figures) + plural,
        psnr + ", ΔE00 {delta_e_00:.2f} (95 % of pixels up to {delta_e_00_p95:.2f})".format_map(figures),
        *(
            [
                "SSIMULACRA2 {ssimulacra2:.1f} of 100, ΔE00 after a blur {delta_e_blurred:.2f}".format_map(
                    figures
                )
            ]
            if "ssimulacra2" in figures
            else []
        ),
        "{bytes_in:,} → {bytes_out:,} bytes, {seconds:.2f} s".format_map(figures),
        *("{hex}  {pixels:>9,}  {name}".format_map(entry).rstrip() for entry in figures.get("entries", ())),
        *(f"note: {note}" for note in figures["notes"]),
    ]
    return "\n".join(lines)
