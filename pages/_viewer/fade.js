// The selection: everything but the pixels of one palette entry fades, at the same places in every pane.

const FADED = 225 // of 255

class Fade {
  constructor(stage) {
    this.stage = stage
    this.wanted = ""
    this.url = null
  }

  // Bring the veil up to date with the selection, the picture it was made in, and the theme.
  async refresh() {
    const { selection, panes } = this.stage
    const source = selection && panes[selection.pane]
    const wanted = source?.digest ? `${source.digest} ${selection.color} ${this.surround()}` : ""
    if (wanted === this.wanted) return
    this.wanted = wanted
    const url = wanted ? await this.draw(source, selection.color) : null
    if (this.wanted !== wanted) return url && URL.revokeObjectURL(url)
    this.stage.panes.forEach((pane) => pane.cover("veil", url))
    if (this.url) URL.revokeObjectURL(this.url)
    this.url = url
  }

  async draw(pane, color) {
    const pixels = await pixelsOf(pane.picture)
    const [red, green, blue] = this.surround()
    const veil = ((FADED << 24) | (blue << 16) | (green << 8) | red) >>> 0
    return paintOver(pixels, (word) => (wordToColor(word) === color && !isClear(word) ? 0 : veil))
  }

  // The frames' grey as bytes; the browser knows how to read its own colour notation.
  surround() {
    const context = new OffscreenCanvas(1, 1).getContext("2d")
    context.fillStyle = getComputedStyle(this.stage.root.querySelector(".frame")).backgroundColor
    context.fillRect(0, 0, 1, 1)
    return context.getImageData(0, 0, 1, 1).data
  }
}
