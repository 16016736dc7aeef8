// The selection: everything but the pixels of one palette entry fades, at the same places in every pane. Without one,
// everything but the white pixels of the scene's mask does, if it has any.

const FADED = 225 // of 255
const MARKED = 0xffffff

class Fade {
  constructor(stage) {
    this.stage = stage
    this.wanted = ""
    this.url = null
  }

  // Bring the veil up to date with the selection, the picture it was made in, and the theme.
  async refresh() {
    const { selection, panes } = this.stage
    const source = selection ? panes[selection.pane] : this.mask
    const color = selection ? selection.color : MARKED
    const wanted = source?.digest ? `${source.digest} ${color} ${this.surround()}` : ""
    if (wanted === this.wanted) return
    this.wanted = wanted
    const url = wanted ? await this.draw(source, color) : null
    if (this.wanted !== wanted) return url && URL.revokeObjectURL(url)
    this.stage.panes.forEach((pane) => pane.cover("veil", url))
    if (this.url) URL.revokeObjectURL(this.url)
    this.url = url
  }

  get mask() {
    const digest = this.stage.scene?.mask
    const picture = shelf.pictures.get(digest)
    return picture && { digest, picture }
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
    // Frames are gone where the page was left while pixels were read; nobody sees the veil then.
    const frame = this.stage.root.querySelector(".frame") ?? document.body
    context.fillStyle = getComputedStyle(frame).backgroundColor
    context.fillRect(0, 0, 1, 1)
    return context.getImageData(0, 0, 1, 1).data
  }
}
