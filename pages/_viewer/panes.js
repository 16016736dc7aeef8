// One pane: a caption and a frame; in the frame a sheet as large as the zoomed picture; on the sheet the <img>,
// and over it others of the same size: the error, the veil of a selection, a guest.

class Pane {
  // `onshow` is called when a new picture stands on the page.
  constructor(index, onshow) {
    this.index = index
    this.onshow = onshow
    this.digest = null
    this.figure = document.createElement("figure")
    this.figure.className = "pane"
    this.figure.innerHTML =
      '<figcaption><b></b></figcaption><div class="frame"><div class="sheet"></div></div>'
    this.sheet = this.figure.querySelector(".sheet")
    this.image = null
    this.entries = new Map()
    this.covers = {}
    this.part = null
    this.shown = new Promise((resolve) => (this.settle = resolve)) // once its first picture stands on the page
  }

  // What it shows, as it stands on the shelf.
  get picture() {
    return shelf.pictures.get(this.digest)
  }

  // From the part in full resolution where there is one, else from the preview.
  wordAt(u, v) {
    const pixels = this.picture?.pixels
    return this.part?.wordAt(u, v) ?? (pixels ? wordAt(pixels, u, v) : 0)
  }

  // null where it is not visible.
  colorAt(u, v) {
    const word = this.wordAt(u, v)
    return isClear(word) ? null : wordToColor(word)
  }

  get soft() {
    return Boolean(this.picture?.pixels?.soft)
  }

  describe({ label, caption, palette, marked }) {
    this.figure.toggleAttribute("data-marked", marked)
    this.figure.querySelector("b").textContent = label
    this.tell(caption)
    if (this.image) this.image.alt = label
    this.label = label
    this.palette = palette
    this.entries = new Map(palette.map((hex, index) => [fromHex(hex), index]))
  }

  // Figures, of which those that find no room leave as wholes, the last first.
  tell(caption) {
    const line = this.figure.querySelector("figcaption")
    line.title = caption
    line.querySelectorAll("span").forEach((figure) => figure.remove())
    for (const figure of caption.split(" · ").filter(Boolean)) line.append(" ", element("span", figure))
  }

  // The old picture stays until the new one is decoded; of several on their way, the last one wins.
  async show(digest) {
    if (digest === this.coming) return
    const picture = hold(digest, this)
    if (!picture) return
    this.drop(this.coming)
    this.coming = digest === this.digest ? null : digest
    if (!this.coming) return
    const image = await decoded(picture.url)
    if (this.coming === digest) this.put(image, digest)
  }

  // A decoded picture of the shelf.
  put(image, digest) {
    const [before, coming] = [this.digest, this.coming]
    hold(digest, this)
    this.coming = null
    this.digest = digest
    image.alt = this.label
    image.dataset.pane = this.index
    image.dataset.digest = digest
    if (this.image) this.image.replaceWith(image)
    else this.sheet.prepend(image)
    this.image = image
    this.sharpen()
    this.drop(before)
    this.drop(coming)
    this.settle()
    this.onshow()
  }

  // Lay an image with this class over the picture, in place of the last one of that class; null takes it away.
  async cover(className, url) {
    this.covers[className] = url
    if (!url) return this.sheet.querySelector(`.${className}`)?.remove()
    const image = await decoded(url)
    image.className = className
    image.alt = ""
    if (this.covers[className] !== url) return
    this.sheet.querySelector(`.${className}`)?.remove()
    this.sheet.append(image)
  }

  // A part of the picture in full resolution; it leaves when another one is there, or none is wanted.
  async showPart(digest, rect, size) {
    if (digest === this.comingPart?.digest) return
    if (digest && !shelf.pictures.has(digest)) return
    if (this.comingPart !== this.part) this.comingPart?.leave()
    const part = digest ? new Part(digest, rect, size) : null
    this.comingPart = part
    await part?.load()
    if (this.comingPart === part) this.putPart(part)
  }

  // A part that is decoded, or none.
  putPart(part) {
    if (this.comingPart !== part && this.comingPart !== this.part) this.comingPart?.leave()
    this.part?.leave()
    this.part = this.comingPart = part
    if (!part) return
    this.sheet.append(part.image)
    part.align(this.spot)
  }

  drop(digest) {
    if (digest && digest !== this.digest) release(digest, this)
  }

  // `spot` comes from place().
  move(spot) {
    this.spot = spot
    const { style } = this.sheet
    style.left = `${spot.left}px`
    style.top = `${spot.top}px`
    style.width = `${spot.width}px`
    style.height = `${spot.height}px`
    this.part?.align(spot)
    this.sharpen()
  }

  // Show another pane's picture on top for a while; null takes it away.
  lend(other) {
    this.sheet.querySelectorAll(".guest").forEach((guest) => guest.remove())
    for (const image of [other?.image, other?.part?.image].filter(Boolean)) {
      const guest = image.cloneNode()
      delete guest.dataset.pane
      guest.classList.add("guest")
      this.sheet.append(guest)
    }
    this.figure.querySelector("b").textContent = other?.label ?? this.label
    this.figure.toggleAttribute("data-lent", Boolean(other))
  }

  // Above 100 % every pixel is a square; below, the browser averages.
  sharpen() {
    if (!this.image || !this.spot) return
    const enlarged = this.spot.width * devicePixelRatio >= this.image.naturalWidth
    this.sheet.style.imageRendering = enlarged ? "pixelated" : "auto"
  }

  remove() {
    const [shown, coming] = [this.digest, this.coming]
    this.digest = this.coming = null
    this.drop(shown)
    this.drop(coming)
    this.showPart(null)
    this.figure.remove()
  }
}
