// What the person looks at, and how, and the part that the previews are too coarse for: told to Python together,
// once a move has ended. Nothing is told that Python knows: a page at rest stays at rest.

const TELL_AFTER_MS = 250

class Teller {
  constructor(stage) {
    this.stage = stage
    this.turn = 0
  }

  // What is on the screen now is what Python said.
  settle(part) {
    this.told = this.words({ part })
  }

  // After every change.
  later() {
    clearTimeout(this.timer)
    if (this.words() !== this.told) this.timer = setTimeout(() => this.tell(), TELL_AFTER_MS)
  }

  tell() {
    const words = this.words()
    if (words === this.told) return
    if (this.stage.busy) return this.later()
    this.told = words
    this.stage.crop.asked = JSON.parse(words).part
    this.turn += 1 // the same words again after others are news
    this.stage.keep("look", { ...JSON.parse(this.told), turn: this.turn })
  }

  words(other) {
    return JSON.stringify({ ...this.stage.look, part: this.stage.crop.wanted, ...other })
  }

  leave() {
    clearTimeout(this.timer)
  }
}
