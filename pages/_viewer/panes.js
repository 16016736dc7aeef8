// One pane: a caption and a frame; in the frame a sheet as large as the zoomed picture; on the sheet the <img>.

class Pane {
  constructor(index) {
    this.index = index
    this.digest = null
    this.figure = document.createElement("figure")
    this.figure.className = "pane"
    this.figure.innerHTML =
      '<figcaption><b></b> <span></span></figcaption><div class="frame"><div class="sheet"></div></div>'
    this.sheet = this.figure.querySelector(".sheet")
    this.image = null
  }

  describe({ label, caption }) {
    this.figure.querySelector("b").textContent = label
    this.figure.querySelector("span").textContent = caption
    if (this.image) this.image.alt = label
    this.label = label
  }

  // The old picture stays until the new one is decoded; of several on their way, the last one wins.
  async show(digest) {
    if (digest === this.digest || digest === this.coming) return
    const picture = hold(digest, this)
    if (!picture) return
    this.drop(this.coming)
    this.coming = digest
    const image = new Image()
    image.draggable = false
    image.src = picture.url
    await image.decode().catch(() => {})
    if (this.coming !== digest) return
    this.put(image, digest)
  }

  put(image, digest) {
    const before = this.digest
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
    this.sharpen()
  }

  // Show another pane's picture on top for a while; null takes it away.
  lend(other) {
    this.guest?.remove()
    this.guest = other?.image?.cloneNode() ?? null
    if (this.guest) {
      delete this.guest.dataset.pane
      this.guest.className = "guest"
      this.sheet.append(this.guest)
    }
    this.figure.querySelector("b").textContent = other?.label ?? this.label
    this.figure.toggleAttribute("data-lent", Boolean(other))
  }

  // Above 100 % every pixel is a square; below, the browser averages.
  sharpen() {
    if (!this.image || !this.spot) return
    const enlarged = this.spot.width * devicePixelRatio >= this.image.naturalWidth
    this.image.style.imageRendering = enlarged ? "pixelated" : "auto"
  }

  remove() {
    const [shown, coming] = [this.digest, this.coming]
    this.digest = this.coming = null
    this.drop(shown)
    this.drop(coming)
    this.figure.remove()
  }
}
