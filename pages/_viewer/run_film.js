// A run as `quantize/teaching/film.py` packs it: steps with their figures, centers, and for each pixel which center
// it has. Films are brought by a courier and shared by the tab.

const films = (globalThis[Symbol.for("quantize.films")] ??= { packed: new Map(), bell: new EventTarget() })
const DIGEST = 32
const CLEAR = 255

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))
  return new Response(stream).arrayBuffer()
}

async function openFilm(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  return new Film(header, await inflate(bytes.subarray(4 + length)))
}

class Film {
  constructor(header, buffer) {
    Object.assign(this, header)
    this.size = this.width * this.height
    const moves = this.steps.filter(({ kind }) => kind !== "assign").length
    let at = 0
    const take = (Kind, count) => {
      const part = new Kind(buffer, at, count)
      at += part.byteLength
      return part
    }
    this.places = Array.from({ length: moves }, () => take(Float32Array, 3 * this.k))
    this.pixels = take(Uint8Array, 3 * this.size)
    this.colors = take(Uint8Array, 3 * this.cloud)
    // From differences to labels.
    this.planes = Array.from({ length: this.steps.length - moves }, () => take(Uint8Array, this.size))
    this.changed = this.planes.map((plane, number) => number && plane.slice())
    for (let n = 1; n < this.planes.length; n++) {
      const [before, plane] = [this.planes[n - 1], this.planes[n]]
      for (let i = 0; i < plane.length; i++) plane[i] ^= before[i]
    }
    this.total = this.steps.at(-1).counts.reduce((sum, count) => sum + count, 0)
  }

  get last() {
    return this.steps.length - 1
  }

  // How many moves and assigns there were up to a step.
  moves(step) {
    return step >> 1
  }

  centers(step) {
    return this.places[this.moves(step)]
  }

  plane(step) {
    return this.planes[((step + 1) >> 1) - 1]
  }

  // Which pixels this step gives to another center; nothing of a first assign, which gives them all.
  litPixels(step) {
    return (step & 1 && this.changed[(step - 1) >> 1]) || null
  }

  color(centers, j) {
    return [0, 1, 2].map((axis) => Math.round(centers[3 * j + axis]))
  }

  code(centers, j) {
    return `#${this.color(centers, j)
      .map((value) => Math.max(0, Math.min(255, value)).toString(16).padStart(2, "0"))
      .join("")}`
  }

  codes(centers) {
    return Array.from({ length: centers.length / 3 }, (_, j) => this.code(centers, j))
  }

  // Labels of all pixels for any centers: what a drag shows meanwhile.
  assign(centers) {
    const [labels, { pixels }] = [new Uint8Array(this.size), this]
    const last = this.planes.at(-1)
    for (let i = 0; i < this.size; i++) {
      if (last[i] === CLEAR) {
        labels[i] = CLEAR
        continue
      }
      let least = Infinity
      for (let j = 0; j < centers.length; j += 3) {
        const [x, y, z] = [pixels[3 * i] - centers[j], pixels[3 * i + 1] - centers[j + 1], pixels[3 * i + 2] - centers[j + 2]]
        const distance = x * x + y * y + z * z
        if (distance < least) {
          least = distance
          labels[i] = j / 3
        }
      }
    }
    return labels
  }
}
