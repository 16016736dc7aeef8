// The picture's colours in their cube, and the centers among them with their trails: turned by dragging beside the
// centers, which are moved by dragging them.

const REACH = 16
const NEAR = 14
const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1 && 255, n & 2 && 255, n & 4 && 255])
const NAMES = [[0, "black"], [1, "R"], [2, "G"], [4, "B"]]
const EDGES = CORNERS.flatMap((_, n) => [1, 2, 4].filter((bit) => !(n & bit)).map((bit) => [n, n | bit]))

class RunCloud {
  constructor(canvas) {
    this.canvas = canvas
    this.context = canvas.getContext("2d")
    this.turn = [0.35, 0.32]
  }

  aim() {
    const { clientWidth, clientHeight } = this.canvas
    const scale = devicePixelRatio || 1
    if (this.canvas.width !== Math.round(clientWidth * scale) || this.canvas.height !== Math.round(clientHeight * scale)) {
      this.canvas.width = Math.round(clientWidth * scale)
      this.canvas.height = Math.round(clientHeight * scale)
    }
    this.context.setTransform(scale, 0, 0, scale, 0, 0)
    const [yaw, pitch] = this.turn
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)]
    this.right = [cy, 0, -sy]
    this.up = [-sy * sp, cp, -cy * sp]
    this.depth = [sy * cp, sp, cy * cp]
    this.scale = (Math.min(clientWidth, clientHeight) - 2 * REACH) / 400
    this.middle = [clientWidth / 2, clientHeight / 2]
  }

  // Place on the canvas of a colour, and how near it is: green is up.
  project(r, g, b) {
    const [x, y, z] = [r - 127.5, g - 127.5, b - 127.5]
    const along = (axis) => axis[0] * x + axis[1] * y + axis[2] * z
    return [this.middle[0] + this.scale * along(this.right), this.middle[1] - this.scale * along(this.up), along(this.depth)]
  }

  // A step on the canvas as one in the cube, parallel to the screen.
  unproject(dx, dy) {
    return [0, 1, 2].map((axis) => (dx * this.right[axis] - dy * this.up[axis]) / this.scale)
  }

  draw({ film, centers, trails, counts, chosen, ink, page }) {
    this.aim()
    const { context } = this
    context.clearRect(0, 0, this.canvas.clientWidth, this.canvas.clientHeight)
    this.drawGround(film, ink)
    if (!centers) return this.drawNames(ink, page)
    this.drawTrails(trails, ink, page)
    this.drawCenters(film, centers, counts, chosen, ink, page)
    this.drawNames(ink, page)
  }

  // Cube and colours are the same until somebody turns them: drawn once, beside the page.
  drawGround(film, ink) {
    const { width, height } = this.canvas
    const look = [...this.turn, width, height, ink].join()
    if (this.look !== look || this.shown !== film) {
      this.ground = new OffscreenCanvas(width, height)
      const context = this.ground.getContext("2d")
      context.setTransform(this.context.getTransform())
      this.drawCube(context, ink)
      this.drawPoints(context, film)
      this.look = look
      this.shown = film
    }
    this.context.save()
    this.context.resetTransform()
    this.context.drawImage(this.ground, 0, 0)
    this.context.restore()
  }

  drawCube(context, ink) {
    context.strokeStyle = ink
    context.lineWidth = 1
    context.globalAlpha = 0.3
    context.beginPath()
    const at = CORNERS.map((corner) => this.project(...corner))
    for (const [from, to] of EDGES) {
      context.moveTo(at[from][0], at[from][1])
      context.lineTo(at[to][0], at[to][1])
    }
    context.stroke()
    context.globalAlpha = 1
  }

  // Names of corners lie outside the cube and above all else, each with a rim: centers do not hide them.
  drawNames(ink, page) {
    const { context } = this
    context.font = "12px sans-serif"
    context.textAlign = "center"
    context.textBaseline = "middle"
    context.lineWidth = 4
    context.strokeStyle = page
    context.fillStyle = ink
    const [cx, cy] = this.middle
    for (const [n, name] of NAMES) {
      const [x, y] = this.project(...CORNERS[n])
      const far = Math.hypot(x - cx, y - cy) || 1
      const out = 1 + (name.length > 1 ? 24 : 14) / far
      const at = [cx + (x - cx) * out, cy + (y - cy) * out]
      context.strokeText(name, ...at)
      context.fillText(name, ...at)
    }
  }

  drawPoints(context, { colors, cloud }) {
    const points = Array.from({ length: cloud }, (_, i) => {
      const [r, g, b] = [colors[3 * i], colors[3 * i + 1], colors[3 * i + 2]]
      return [...this.project(r, g, b), r, g, b]
    }).sort((one, other) => one[2] - other[2])
    const side = Math.max(2, 2.4 * this.scale)
    for (const [x, y, , r, g, b] of points) {
      context.fillStyle = `rgb(${r} ${g} ${b})`
      context.fillRect(x - side / 2, y - side / 2, side, side)
    }
  }

  drawTrails(trails, ink, page) {
    const { context } = this
    context.lineJoin = context.lineCap = "round"
    for (const [color, width] of [[page, 4], [ink, 1.6]]) {
      context.strokeStyle = color
      context.lineWidth = width
      context.beginPath()
      for (const trail of trails) {
        trail.forEach((place, n) => {
          const [x, y] = this.project(...place)
          if (n) context.lineTo(x, y)
          else context.moveTo(x, y)
        })
      }
      context.stroke()
    }
  }

  drawCenters(film, centers, counts, chosen, ink, page) {
    const { context } = this
    // Of those in the same place the ones with pixels come last, and so are seen.
    const full = ({ j }) => !counts || counts[j] > 0
    const places = this.find(centers).sort((one, other) => Math.round(one.z) - Math.round(other.z) || full(one) - full(other))
    for (const { j, x, y } of places) {
      const idle = counts && !counts[j]
      context.beginPath()
      context.arc(x, y, j === chosen ? 11 : 8.5, 0, 2 * Math.PI)
      context.fillStyle = film.code(centers, j)
      context.fill()
      context.lineWidth = 4
      context.strokeStyle = page
      context.stroke()
      context.lineWidth = j === chosen ? 3 : 1.8
      context.strokeStyle = ink
      if (idle) context.setLineDash([3, 3])
      context.stroke()
      context.setLineDash([])
    }
  }

  find(centers) {
    return Array.from({ length: centers.length / 3 }, (_, j) => {
      const [x, y, z] = this.project(centers[3 * j], centers[3 * j + 1], centers[3 * j + 2])
      return { j, x, y, z }
    })
  }

  // The center under the pointer, the nearest to the eye first; null if there is none.
  centerAt(centers, event) {
    const box = this.canvas.getBoundingClientRect()
    const [px, py] = [event.clientX - box.left, event.clientY - box.top]
    const near = this.find(centers).filter(({ x, y }) => Math.hypot(x - px, y - py) <= NEAR)
    near.sort((one, other) => other.z - one.z)
    return near.length ? near[0].j : null
  }
}
