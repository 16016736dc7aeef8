// The wipe: the right pane lies on the left one, cut off at a line that mouse, finger and keys move.

const WIPE_KEYS = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10 }

class Wipe {
  // `onmove` is called when a person moved it.
  constructor(box, onmove) {
    this.box = box
    this.onmove = onmove
    this.handle = box.querySelector(".wipe")
    this.set(50)
    this.handle.onpointerdown = (event) => this.handle.setPointerCapture(event.pointerId)
    this.handle.onpointermove = (event) => this.drag(event)
    this.handle.onkeydown = (event) => this.key(event)
  }

  get held() {
    return this.handle.matches(":active")
  }

  set(percent) {
    this.percent = clamp(percent, 0, 100)
    this.box.style.setProperty("--wipe", `${this.percent}%`)
    this.handle.setAttribute("aria-valuenow", Math.round(this.percent))
    this.handle.setAttribute("aria-valuetext", `${Math.round(this.percent)} % from the left`)
  }

  drag(event) {
    if (!this.handle.hasPointerCapture(event.pointerId)) return
    const { left, width } = this.box.getBoundingClientRect()
    this.set(((event.clientX - left) / width) * 100)
    this.onmove()
  }

  key(event) {
    const step = WIPE_KEYS[event.key]
    const end = { Home: 0, End: 100 }[event.key]
    if (step === undefined && end === undefined) return
    event.preventDefault()
    event.stopPropagation()
    this.set(end ?? this.percent + step)
    this.onmove()
  }
}
