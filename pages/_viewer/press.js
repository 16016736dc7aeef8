// Between press and release nothing is drawn anew: a browser clicks only what is still there.

class Press {
  constructor(place, draw) {
    place.addEventListener("pointerdown", ({ button }) => (this.held = button === 0))
    this.release = () => setTimeout(() => {
      const later = this.later
      this.held = this.later = null
      if (later) draw(later)
    })
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, this.release)
  }

  // Whether this is to be drawn later, and then it is.
  keeps(data) {
    this.later = this.held ? data : null
    return this.held
  }

  leave() {
    for (const end of ["pointerup", "pointercancel"]) removeEventListener(end, this.release)
  }
}
