// Past what the previews can show: asks Python for the visible part in full resolution, a good deal larger than
// the frame, so that small moves need nothing new. The answer comes with the next scene.

const ASK_AFTER_MS = 250
const ASK_FROM_SCALE = 0.5 // of 100 %; below, the part would be larger than anybody can see
const MARGIN = 0.4 // of the visible part, on each side

class Crop {
  constructor(stage) {
    this.stage = stage
    this.asked = null
  }

  // After every move.
  follow() {
    clearTimeout(this.timer)
    const needed = this.needed()
    if (!needed && !this.asked) return
    if (needed && this.asked && contains(this.asked, needed)) return
    this.timer = setTimeout(() => this.ask(needed && this.widen(needed)), ASK_AFTER_MS)
  }

  // The visible part as [left, top, right, bottom] in the picture's pixels; null while the previews suffice.
  needed() {
    const { scene, spot, frame, size } = this.stage
    const [width] = scene.panes[0].size
    const whole = width === size[0] // the previews have every pixel that there is
    const enlarged = spot.width * devicePixelRatio > width * 1.01
    if (!scene.crops || whole || !enlarged || spot.scale * devicePixelRatio < ASK_FROM_SCALE) return null
    const begin = [-spot.left, -spot.top].map((length) => Math.max(Math.floor(length / spot.scale), 0))
    const end = [frame[0] - spot.left, frame[1] - spot.top].map((length, axis) =>
      Math.min(Math.ceil(length / spot.scale), size[axis]),
    )
    return [...begin, ...end]
  }

  widen([left, top, right, bottom]) {
    const [wide, high] = [right - left, bottom - top].map((length) => Math.round(length * MARGIN))
    const [width, height] = this.stage.size
    return [Math.max(left - wide, 0), Math.max(top - high, 0), Math.min(right + wide, width), Math.min(bottom + high, height)]
  }

  ask(part) {
    this.asked = part
    this.stage.keep("part", part)
  }

  leave() {
    clearTimeout(this.timer)
  }
}

function contains(outer, inner) {
  return outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3]
}
