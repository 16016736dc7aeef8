// Signs on buttons with which something is played.

const GLYPHS = {
  first: "M6 5v14M20 5L9 12l11 7z",
  back: "M17 5L7 12l10 7z",
  play: "M7 4l13 8-13 8z",
  pause: "M7 5h4v14H7zM14 5h4v14h-4z",
  forward: "M7 5l10 7-10 7z",
}

function glyph(name) {
  return `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${GLYPHS[name]}"/></svg>`
}
