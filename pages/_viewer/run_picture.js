// The picture as it would look now, each pixel of a preview in the colour of its center.

const LIT = [255, 0, 200]

const packed = (r, g, b) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0

// Nearly the ground, and a little of what it was.
function fade([r, g, b]) {
  const grey = Math.round(0.2 * (0.3 * r + 0.6 * g + 0.1 * b) + 120)
  return [grey, grey, grey]
}

class RunPicture {
  constructor(canvas) {
    this.canvas = canvas
    this.context = canvas.getContext("2d")
  }

  // Pixels that are lit are painted; of a chosen center only its own keep their colours, and only those that it
  // gets or loses are painted.
  draw(film, centers, labels, lit, chosen) {
    const { canvas, context } = this
    if (this.film !== film) {
      canvas.width = film.width
      canvas.height = film.height
      this.image = context.createImageData(film.width, film.height)
      this.film = film
    }
    const out = new Uint32Array(this.image.data.buffer)
    if (labels) this.paint(out, film, centers, labels, lit, chosen)
    else {
      const [{ pixels, size }, clear] = [film, film.planes.at(-1)]
      for (let i = 0; i < size; i++)
        out[i] = clear[i] === CLEAR ? 0 : packed(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2])
    }
    context.putImageData(this.image, 0, 0)
  }

  paint(out, film, centers, labels, lit, chosen) {
    const colors = new Uint32Array(256)
    for (let j = 0; j < centers.length / 3; j++) {
      const color = film.color(centers, j)
      colors[j] = packed(...(chosen === null || chosen === j ? color : fade(color)))
    }
    for (let i = 0; i < out.length; i++) out[i] = colors[labels[i]]
    if (!lit) return
    const mark = packed(...LIT)
    for (let i = 0; i < out.length; i++) {
      // What is lit holds the difference to the label before.
      const before = labels[i] ^ lit[i]
      if (lit[i] && (chosen === null || labels[i] === chosen || before === chosen)) out[i] = mark
    }
  }

  // The pixel of the preview under the pointer.
  pixelAt(film, event) {
    const box = this.canvas.getBoundingClientRect()
    const x = Math.floor(((event.clientX - box.left) / box.width) * film.width)
    const y = Math.floor(((event.clientY - box.top) / box.height) * film.height)
    return Math.max(0, Math.min(film.size - 1, y * film.width + x))
  }
}
