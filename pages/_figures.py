"""What the figures of a result mean, for whoever asks; the same on every page."""

import streamlit as st

MEANINGS = {
    "Colours": "how many different ones there are, before and after.",
    "PSNR": "how near the stored numbers are, in decibels. More is nearer: 6 dB more are half the "
    "difference. It knows nothing of how eyes see.",
    "MSE": "the mean of squared differences of the stored numbers, summed over the three channels. Less is "
    "nearer.",
    "ΔE00": "how different colours look (CIEDE2000), as a mean over all pixels. 1 is just seen by a trained "
    "eye side by side, 5 by anybody.",
    "95 %": "95 % of pixels differ by this ΔE00 or less: it leaves out the worst twentieth.",
    "SSIM": "how much of the structure is there, edges and textures; 1 is all of it.",
    "SSIMULACRA2": "how near it looks to people, as they judged compressed pictures: 100 is identical, at 90 "
    "nobody tells them apart, at 80 not side by side; 70 is good, 50 fair, 30 poor, and 10 or less bad.",
    "Flicker": "of the pixels that do not change from frame to frame in the original, the share that changes "
    "in the result.",
    "File": "bytes of yours, or of a sample's pixels as a PNG, and of the PNG that you download. “about”: "
    "measured on a part of a large picture.",
    "Time": "what finding the colours and all pixels' entries took on the server.",
    "Method": "how the colours were found, in which space distances count, and how pixels are dithered.",
}


def explain(*names: str) -> None:
    """Offer what these figures mean; a figure's name is a key of ``MEANINGS``."""
    popover = st.popover("What the figures mean", icon=":material/help:", key="meanings")
    with popover, st.container(key="meant"):
        st.markdown("\n".join(f"- **{name}**: {MEANINGS[name]}" for name in names))
