// Mouse, touch, wheel and keys on the panes. `stage` offers zoomBy, panBy, act; points are in a frame's pixels.
// The page must go on scrolling under the wheel: it zooms with ctrl or ⌘ (a pinch on a touch pad says ctrl), in
// full screen, and after a click on the picture until the pointer leaves it or Escape is pressed.

const CLICK_SLACK = 4
const ZOOM_KEYS = { "+": "in", "=": "in", "-": "out", 0: "fit", 1: "full-size", f: "screen", w: "switch", e: "error" }
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }
const ZOOM_HINT = /Mac|iP/.test(navigator.platform) ? "⌘ + wheel zooms" : "Ctrl + wheel zooms"
// What one unit of a wheel counts as, by its deltaMode: pixels, lines, pages. A notch is 100 pixels or more, three
// lines, or a page.
const WHEEL_UNITS = [1, 100 / 3, 100]

class Gestures {
  constructor(stage, box) {
    this.stage = stage
    this.box = box
    this.pointers = new Map()
    this.armed = false
    const listen = (name, options) => box.addEventListener(name, (event) => this[name](event), options)
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave"]) listen(name)
    for (const name of ["keydown", "keyup"]) listen(name)
    listen("wheel", { passive: false })
  }

  get busy() {
    return this.pointers.size > 0
  }

  pointerdown(event) {
    if (event.button !== 0 || event.target.closest(".wipe")) return
    const frame = event.target.closest(".frame")
    if (!frame) return
    this.armed = true
    this.frame = frame
    this.still = this.pointers.size === 0
    this.pointers.set(event.pointerId, [event.clientX, event.clientY])
  }

  pointermove(event) {
    const before = this.pointers.get(event.pointerId)
    if (!before) return this.stage.point(event)
    const now = [event.clientX, event.clientY]
    const step = [now[0] - before[0], now[1] - before[1]]
    if (this.still && Math.hypot(...step) < CLICK_SLACK) return
    if (this.still) this.box.setPointerCapture(event.pointerId)
    this.still = false
    if (this.pointers.size === 1) this.stage.panBy(...step)
    if (this.pointers.size === 2) this.pinch(event.pointerId, before, now)
    this.pointers.set(event.pointerId, now)
  }

  // One finger of two moves: zoom by the change of distance about the middle, and follow the middle.
  pinch(moved, before, now) {
    const [other] = [...this.pointers].filter(([id]) => id !== moved).map(([, point]) => point)
    const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1])
    this.stage.panBy((now[0] - before[0]) / 2, (now[1] - before[1]) / 2)
    const middle = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]
    this.stage.zoomBy(apart(now) / Math.max(apart(before), 1), this.inFrame(...middle))
  }

  pointerup(event) {
    if (this.pointers.delete(event.pointerId) && this.still) this.stage.click(event)
    this.still = false
  }

  pointercancel(event) {
    this.pointers.delete(event.pointerId)
  }

  // A finger always leaves; what it pointed at stays to be read.
  pointerleave(event) {
    this.armed = false
    if (event.pointerType === "mouse") this.stage.point(null)
  }

  inFrame(x, y) {
    const { left, top } = this.frame.getBoundingClientRect()
    return [x - left, y - top]
  }

  wheel(event) {
    const forced = event.ctrlKey || event.metaKey || document.fullscreenElement
    const frame = event.target.closest(".frame")
    if (!frame) return
    if (!forced && !this.armed) return this.stage.say(ZOOM_HINT)
    if (!forced && event.deltaY > 0 && this.stage.fits) return
    event.preventDefault()
    this.frame = frame
    const inPixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL
    const pixels = event.deltaY * WHEEL_UNITS[event.deltaMode]
    // A touch pad's pinch comes as ctrl with small steps in pixels.
    const rate = event.ctrlKey && inPixels && Math.abs(pixels) < 50 ? 0.01 : 0.002
    this.stage.zoomBy(Math.exp(-pixels * rate), this.inFrame(event.clientX, event.clientY))
  }

  keydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.box) return
    const action = ZOOM_KEYS[event.key.toLowerCase()]
    if (event.key === "Escape") this.escape()
    else if (event.key === "Enter" || event.key === " ") this.stage.clickMiddle()
    else if (event.key.toLowerCase() === "o") this.stage.flip(true)
    else if (action) this.stage.act(action)
    else if (event.key in ARROWS && !this.stage.fits) this.stage.stepBy(...ARROWS[event.key])
    else return
    event.stopPropagation()
    if (event.key === "Escape") return
    event.preventDefault()
    this.stage.pointMiddle()
  }

  escape() {
    this.armed = false
    this.stage.chosen.change()
    this.stage.point(null)
  }

  keyup(event) {
    if (event.key.toLowerCase() === "o") this.stage.flip(false)
  }
}
