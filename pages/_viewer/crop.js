// Past what the previews can show: wants the visible part in full resolution, a good deal larger than the frame,
// so that small moves need nothing new. The answer comes with the next scene.

const ASK_FROM_SCALE = 0.5 // of 100 %; below, the part would be larger than anybody can see
const MARGIN = 0.4 // of the visible part, on each side

class Crop {
  constructor(stage) {
    this.stage = stage
    this.asked = null
  }

  // What is to be asked for: nothing new, as long as what was asked for is enough.
  get wanted() {
    const needed = this.needed()
    return needed && this.asked && contains(this.asked, needed) ? this.asked : needed && this.widen(needed)
  }

  // The visible part as [left, top, right, bottom] in the picture's pixels; null while the previews suffice.
  needed() {
    const { scene, spot, size } = this.stage
    if (!spot) return null // not laid out yet: nothing is seen of it
    const [width] = scene.panes[0].size
    const whole = width === size[0] // the previews have every pixel that there is
    const enlarged = spot.width * devicePixelRatio > width * 1.01
    if (!scene.crops || whole || !enlarged || spot.scale * devicePixelRatio < ASK_FROM_SCALE) return null
    return seen(spot, this.stage.frame, size)
  }

  widen([left, top, right, bottom]) {
    const [wide, high] = [right - left, bottom - top].map((length) => Math.round(length * MARGIN))
    const [width, height] = this.stage.size
    return [Math.max(left - wide, 0), Math.max(top - high, 0), Math.min(right + wide, width), Math.min(bottom + high, height)]
  }
}

function contains(outer, inner) {
  return outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3]
}
