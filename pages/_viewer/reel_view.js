// Where frames stand and how large: both places show the same part of theirs.

const GAP = 12
const LABEL_HEIGHT = 26
const WINDOW_SHARE = 0.34 // figures and files below are to be seen, too

class FrameView {
  layOut() {
    const width = this.box.clientWidth
    if (!this.original || !width || !this.isWhole) return
    const room = Math.round(innerHeight * WINDOW_SHARE)
    const { columns, frame } = arrange(2, width, room, this.original.size, GAP, LABEL_HEIGHT, false)
    this.room = frame
    this.box.style.setProperty("--columns", columns)
    this.box.style.setProperty("--frame-height", `${frame[1]}px`)
    this.label()
    this.show(this.view)
    laidOut("viewer")
  }

  show(view) {
    const { size, shown } = this.original
    this.view = settle(view, this.room, size, devicePixelRatio)
    const spot = (this.spot = place(this.view, this.room, size, devicePixelRatio))
    for (const { style } of this.canvases) {
      style.left = `${spot.left}px`
      style.top = `${spot.top}px`
      style.width = `${spot.width}px`
      style.height = `${spot.height}px`
      // Above 100 % every pixel is a square; below, the browser averages.
      style.imageRendering = spot.width * devicePixelRatio >= shown[0] ? "pixelated" : "auto"
    }
    this.box.dataset.movable = spot.width > this.room[0] + 1 || spot.height > this.room[1] + 1
    const percent = spot.scale * devicePixelRatio * 100
    this.find(".zoom").textContent = `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`
    this.find('[data-do="fit"]').setAttribute("aria-pressed", this.fits)
    this.find('[data-do="full-size"]').setAttribute("aria-pressed", Math.abs(percent - 100) < 1e-6)
  }

  get fits() {
    return this.view.scale === null
  }

  zoomTo(scale, point = this.room.map((length) => length / 2)) {
    this.show(zoomAt(this.view, scale, point, this.room, this.original.size, devicePixelRatio))
  }

  zoomBy(factor, point) {
    this.zoomTo(this.spot.scale * factor, point)
  }

  zoomStep(direction) {
    const percent = (scale) => scale * devicePixelRatio * 100
    const fit = fitScale(this.room, this.original.size, devicePixelRatio)
    this.zoomTo(nextStop(percent(this.spot.scale), percent(fit), direction) / 100 / devicePixelRatio)
  }

  panBy(right, down) {
    const { scale, x, y } = this.view
    if (scale !== null) this.show({ scale, x: x - right / this.spot.width, y: y - down / this.spot.height })
  }
}
