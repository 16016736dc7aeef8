// A part of a pane's picture in full resolution, in its place on the sheet. `rect` is [left, top, right, bottom] in
// pixels of the whole picture, whose [width, height] is `size`.

class Part {
  constructor(digest, rect, size) {
    const [left, top, right, bottom] = rect.map((edge, index) => edge / size[index % 2])
    this.digest = digest
    this.box = { left, top, width: right - left, height: bottom - top }
    this.image = new Image()
    this.image.className = "part"
    this.image.alt = ""
    this.image.draggable = false
    this.image.src = hold(digest, this).url
    for (const side of Object.keys(this.box)) this.image.style[side] = `${this.box[side] * 100}%`
  }

  async load() {
    const reading = pixelsOf(shelf.pictures.get(this.digest)).then((pixels) => (this.pixels = pixels))
    await Promise.all([reading, this.image.decode()]).catch(() => {})
  }

  // The squares behind it go on those of the sheet, which has this size.
  align({ width, height }) {
    this.image.style.backgroundPosition = `${-this.box.left * width}px ${-this.box.top * height}px`
  }

  // undefined outside of this part.
  wordAt(u, v) {
    const [x, y] = [(u - this.box.left) / this.box.width, (v - this.box.top) / this.box.height]
    return this.pixels && x >= 0 && x < 1 && y >= 0 && y < 1 ? wordAt(this.pixels, x, y) : undefined
  }

  leave() {
    this.image.remove()
    release(this.digest, this)
  }
}
