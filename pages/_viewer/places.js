// Buttons that lead to places of the picture; no word to Python is needed for that.

class Places {
  constructor(stage, root) {
    this.stage = stage
    this.line = root.querySelector(".places")
  }

  // The same places keep their buttons, and with them the keyboard's focus.
  setUp(places, lead) {
    this.line.querySelector(".lead").textContent = lead
    if (JSON.stringify(places) === JSON.stringify(this.places)) return
    this.places = places
    this.line.hidden = !places.length
    this.line.querySelector(".group").replaceChildren(...places.map((place) => this.button(place)))
  }

  button({ label, box }) {
    const made = element("button", label)
    made.type = "button"
    made.onclick = () => this.stage.lookAt(box)
    return made
  }
}
