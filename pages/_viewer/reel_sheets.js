// Sheets hold many frames in a grid. They stay packed on the shelf; only those that are about to be shown are
// unpacked, so that a long animation takes no more room than a short one.

const MOST_UNPACKED = 6

class Sheets {
  constructor() {
    this.unpacked = new Map()
    this.coming = new Map()
  }

  // The sheet if it is unpacked; what was asked for last stays longest.
  get(digest) {
    const sheet = this.unpacked.get(digest)
    if (sheet) {
      this.unpacked.delete(digest)
      this.unpacked.set(digest, sheet)
    }
    return sheet
  }

  // Unpacks a sheet; null if it cannot be.
  fetch(digest) {
    if (this.unpacked.has(digest)) return Promise.resolve(this.get(digest))
    if (!this.coming.has(digest)) this.coming.set(digest, this.unpack(digest))
    return this.coming.get(digest)
  }

  async unpack(digest) {
    const picture = shelf.pictures.get(digest)
    const sheet = picture ? await createImageBitmap(picture.blob).catch(() => null) : null
    this.coming.delete(digest)
    if (sheet) this.keep(digest, sheet)
    return sheet
  }

  keep(digest, sheet) {
    this.unpacked.set(digest, sheet)
    for (const [old, one] of [...this.unpacked].slice(0, -MOST_UNPACKED)) {
      this.unpacked.delete(old)
      one.close()
    }
  }

  leave() {
    for (const sheet of this.unpacked.values()) sheet.close()
    this.unpacked.clear()
  }
}

// Where a frame is: its sheet, and its corner there.
function cellOf({ sheets, columns, rows, shown: [width, height] }, frame) {
  const [each, cell] = [columns * rows, frame % (columns * rows)]
  return { digest: sheets[Math.floor(frame / each)], x: (cell % columns) * width, y: Math.floor(cell / columns) * height }
}
