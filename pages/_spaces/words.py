"""Verdicts in words, made of the numbers of this picture: Markdown of our own names and figures only."""

import math
from collections.abc import Sequence

from pages._spaces.results import Reasoned
from quantize import Settings
from quantize.measuring.verdicts import Gain, Verdict

# What k-means in a space makes small is the distance there.
_AIMS = {"mse": ("BGR",), "delta_e_00": ("LAB", "Oklab")}
ALMOST_EQUAL = 0.03
"""A smaller lead than this part of the error is none in practice, though it decides who is named first."""

_NAMES = {"mse": "MSE and PSNR", "delta_e_00": "ΔE00", "ssim": "SSIM"}
_TITLES = {"mse": "The stored numbers", "delta_e_00": "How different it looks", "ssim": "Structure"}


def title(reasoned: Reasoned) -> str:
    """What a yardstick looks at."""
    return _TITLES[reasoned.verdict.yardstick.key]


def show(verdict: Verdict, value: float) -> str:
    """A number with the digits of its yardstick."""
    return f"{value:,.{verdict.yardstick.digits}f}"


def join(names: Sequence[str]) -> str:
    """List names as a sentence does: "A, B and C"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def summarize(reasons: Sequence[Reasoned]) -> str:
    """One line: who is nearer by the numbers and who to the eye; a small lead in either is none."""
    numbers, eye = (reasoned.verdict for reasoned in reasons[:2])
    if numbers.is_tie and eye.is_tie:
        return f"{join([name for name, _ in numbers.ranking])} come out alike on this picture."
    if is_close(numbers) and is_close(eye):
        names = join([name for name, _ in numbers.ranking])
        return f"{names} are practically equal, both by the stored numbers and to the eye."
    if not is_close(numbers) and not is_close(eye) and set(numbers.winners) == set(eye.winners):
        verb = "is" if len(eye.winners) == 1 else "are"
        return f"{join(eye.winners)} {verb} nearer both by the stored numbers and to the eye."
    first, between = _nearer(numbers), _between(numbers, eye)
    return f"{first[0].upper()}{first[1:]} by the stored numbers{between} {_nearer(eye)} to the eye."


def is_close(verdict: Verdict) -> bool:
    """Whether the last is hardly behind the first."""
    best, worst = verdict.ranking[0][1], verdict.ranking[-1][1]
    return verdict.is_tie or abs(worst - best) < ALMOST_EQUAL * max(abs(worst), abs(best))


def _between(numbers: Verdict, eye: Verdict) -> str:
    return ";" if is_close(numbers) or is_close(eye) else ","


def _nearer(verdict: Verdict) -> str:
    names = verdict.winners
    if is_close(verdict):
        count = "both" if len(verdict.ranking) == 2 else "all"
        return f"{count} are {'' if verdict.is_tie else 'practically '}equal"
    return f"{join(names)} {'is' if len(names) == 1 else 'are'} nearer"


def explain(reasoned: Reasoned, settings: Settings) -> str:
    """Say who won by one yardstick, by how much, and where that comes from."""
    verdict = reasoned.verdict
    if verdict.is_tie:
        names = join([name for name, _ in verdict.ranking])
        value = show(verdict, verdict.ranking[0][1])
        every = "both" if len(verdict.ranking) == 2 else "all"
        return f"**A tie** by {_NAMES[verdict.yardstick.key]}: {names} {every} reach {value}."
    parts = [_outcome(verdict), _aim(verdict, settings)]
    if reasoned.gain:
        parts.append(_where(verdict, reasoned.gain, all_fixed(settings)))
    if reasoned.lightness:
        parts.append(_lightness(verdict.ranking[-1][0], *reasoned.lightness))
    return " ".join(filter(None, parts))


def _outcome(verdict: Verdict) -> str:
    name, best = _NAMES[verdict.yardstick.key], verdict.ranking[0][1]
    others = [(space, value) for space, value in verdict.ranking if space not in verdict.winners]
    verb = "wins" if len(verdict.winners) == 1 else "share the win"
    behind = join([f"{show(verdict, value)} for {space}" for space, value in others])
    worst = others[-1][1]
    part = abs(worst - best) / worst if worst else 0.0
    margin = ""
    if verdict.yardstick.smaller_wins and round(100 * part):
        margin = f" ({100 * part:.0f} % less)" if len(others) == 1 else f" (up to {100 * part:.0f} % less)"
    if verdict.yardstick.smaller_wins and is_close(verdict):
        margin += ", practically equal"
    return f"**{join(verdict.winners)}** {verb} by {name}: {show(verdict, best)} against {behind}{margin}."


def _aim(verdict: Verdict, settings: Settings) -> str:
    """What the method aims at, where it says something about this outcome."""
    key = verdict.yardstick.key
    aims = [space for space in _AIMS.get(key, ()) if space in dict(verdict.ranking)]
    plain = settings.method in ("kmeans", "opencv") and not (
        settings.dithered or settings.rare or settings.ordered
    )
    if not plain or not aims:
        return ""
    won = [space for space in aims if space in verdict.winners]
    if key == "mse":
        goal = "k-means in BGR makes exactly this number small"
        return f"{goal}." if won else f"{goal}, but its search ended in a worse arrangement here."
    if won:
        return f"Distances in {won[0]} are near to what the eye sees."
    return f"{join(aims)} {'is' if len(aims) == 1 else 'are'} made for this, but not nearer on this picture."


def all_fixed(settings: Settings) -> bool:
    """Whether a palette is used as it is, or pinned colours leave room for no other."""
    return len(settings.kept) == settings.n_colors


def _where(verdict: Verdict, gain: Gain, fixed: bool) -> str:
    digits = 2 if verdict.yardstick.key == "delta_e_00" else (0 if gain.loser >= 10 else 1)
    unit = "an MSE of" if verdict.yardstick.key == "mse" else "ΔE00"
    amount = "under 1" if gain.share < 0.01 else f"{100 * gain.share:.0f}"
    entries = "" if fixed else f", {_entries(gain.winner_entries, gain.loser_entries)}"
    last = verdict.ranking[-1][0]
    return (
        f"Most is gained in the **{gain.family}**, {amount} % of the picture: "
        f"{unit} {gain.winner:,.{digits}f} there instead of {gain.loser:,.{digits}f} for {last}{entries}."
    )


def _entries(winner: int, loser: int) -> str:
    if not winner and not loser:
        return "though neither has an entry of its own there"
    noun = "entry" if winner == 1 else "entries"
    if winner == loser:
        return f"with as many entries ({winner}), but better placed"
    return f"with {winner or 'no'} {noun} instead of {loser or 'none'}"


def _lightness(last: str, winner: float, loser: float) -> str:
    if round(winner, 2) == round(loser, 2):
        return (
            f"Lightness is off by L* {winner:.2f} on average, as for {last}: fine steps make the difference."
        )
    if winner < loser:
        return f"Its lightness is off by only L* {winner:.2f} on average, against {loser:.2f} for {last}."
    more = f"L* {winner:.2f} against {loser:.2f} for {last}"
    return f"Its lightness is off by more, {more}, but it keeps more fine steps."


def psnr(value: float) -> str:
    """PSNR with its unit."""
    return "no difference" if math.isinf(value) else f"{value:.1f} dB"
