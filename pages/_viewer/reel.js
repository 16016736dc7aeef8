// Plays an animation: original and result go in step, as each frame is drawn in both places at once or in none.
// While the server works on another result the old one plays on; the new one takes its place when all of it is here.

const HINT_MS = 2000
const TELL_MS = 500
// As browsers do with frames that say they last hardly any time.
const [LEAST_MS, INSTEAD_MS] = [11, 100]
const reels = new WeakMap()

class FrameGestures extends Gestures {
  keydown() {} // the whole reel hears keys
}

class Reel extends FrameView {
  constructor(root, key) {
    super()
    this.root = root
    this.key = key
    this.find = (selector) => root.querySelector(selector)
    this.box = this.find(".panes")
    this.canvases = [...root.querySelectorAll("canvas")]
    this.slider = this.find(".slider")
    this.sheets = new Sheets()
    this.view = FIT
    this.frame = null
    this.wanted = 0
    for (const button of root.querySelectorAll("[data-do]")) this.connect(button)
    this.slider.oninput = () => {
      this.stop()
      this.go(Number(this.slider.value))
    }
    root.onkeydown = (event) => this.follow(event)
    root.onkeyup = (event) => {
      if (event.key.toLowerCase() === "o") this.flip(false)
      // Firefox would press a button then, whatever was done at keydown.
      if (this.playsBySpace(event)) event.preventDefault()
    }
    this.gestures = new FrameGestures(this, this.box)
    this.watcher = new ResizeObserver(() => this.layOut())
    this.watcher.observe(this.box)
    this.hear = () => this.update()
    shelf.bell.addEventListener("change", this.hear)
  }

  connect(button) {
    const name = button.dataset.do
    if (GLYPHS[name]) button.innerHTML = glyph(name)
    if (name !== "flip") return (button.onclick = () => this.act(name))
    button.onpointerdown = (event) => {
      button.setPointerCapture(event.pointerId)
      this.flip(true)
    }
    button.addEventListener("keydown", (event) => [" ", "Enter"].includes(event.key) && this.flip(true))
    for (const end of ["pointerup", "pointercancel", "keyup", "blur"]) button.addEventListener(end, () => this.flip(false))
    button.oncontextmenu = (event) => event.preventDefault()
  }

  // What was brought is taken when all of it is here.
  update() {
    const original = this.arrived("original")
    if (original && original !== this.original) this.take(original)
    const result = this.arrived("result")
    if (result && result !== this.result && result.film === this.original?.film) this.takeResult(result)
    if (this.data && this.original && this.data.origin !== this.origin) this.begin()
  }

  arrived(part) {
    const scene = shelf.scenes.get(`${this.key}-${part}`)
    return scene?.sheets.every((digest) => shelf.pictures.has(digest)) ? scene : null
  }

  take(scene) {
    const before = this.original
    this.swap("original", scene)
    if (scene.film === before?.film) return
    this.swap("result", null)
    this.expected = null
    this.view = FIT
    this.frame = null
    for (const { dataset } of this.canvases) dataset.empty = true
    this.slider.max = scene.durations.length - 1
    this.root.dataset.single = scene.durations.length === 1
    this.layOut()
    this.begin()
  }

  async takeResult(scene) {
    if (this.expected === scene) return
    this.expected = scene
    await this.sheets.fetch(cellOf(scene, this.wanted).digest)
    if (this.expected !== scene || scene.film !== this.original?.film) return
    this.swap("result", scene)
    this.root.dataset.ready = scene.name
    this.label()
    this.go(this.wanted, false)
  }

  // Holds the sheets of what is shown, also when who brought them has left.
  swap(part, scene) {
    const before = this[part]
    scene?.sheets.forEach((digest) => hold(digest, scene))
    this[part] = scene
    before?.sheets.forEach((digest) => release(digest, before))
  }

  // Where the address says; without a frame there it plays, unless somebody wants no movement.
  begin() {
    if (!this.data) return
    this.origin = this.data.origin
    const frame = Math.min(this.data.frame, this.last)
    this.told = frame
    this.stop(false)
    this.go(frame, false)
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    if (!still && !frame && this.last) this.play()
  }

  get last() {
    return (this.original?.durations.length ?? 1) - 1
  }

  label() {
    const [, name] = [...this.root.querySelectorAll("figcaption b")]
    const [first, second] = [...this.root.querySelectorAll("figcaption span")]
    name.textContent = this.result?.label ?? "…"
    first.textContent = this.original?.caption ?? ""
    second.textContent = this.result?.caption ?? ""
    this.canvases[1].setAttribute("aria-label", this.result?.label ?? "Result")
  }

  // Streamlit may put the parts on the page anew; who still waits for a sheet or a size then draws no more.
  get isWhole() {
    return this.root.isConnected && this.find(".count") !== null
  }

  act(name) {
    const deeds = {
      first: () => this.go(0),
      last: () => this.go(this.last),
      back: () => this.go((this.wanted || this.last + 1) - 1),
      forward: () => this.go((this.wanted + 1) % (this.last + 1)),
      play: () => (this.playing ? this.stop() : this.play()),
      in: () => this.zoomStep(1),
      out: () => this.zoomStep(-1),
      fit: () => this.show(FIT),
      "full-size": () => this.zoomTo(1 / devicePixelRatio),
    }
    if (!this.original) return
    if (["first", "last", "back", "forward"].includes(name)) this.stop()
    deeds[name]()
  }

  follow(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (this.playsBySpace(event)) {
      event.preventDefault()
      if (!event.repeat) this.act("play")
      return
    }
    if (event.target.matches("input, select")) return
    const keys = {
      ArrowLeft: "back",
      ArrowRight: "forward",
      Home: "first",
      End: "last",
      "+": "in",
      "=": "in",
      "-": "out",
      0: "fit",
      1: "full-size",
    }
    const deed = keys[event.key]
    if (event.key.toLowerCase() === "o") this.flip(true)
    if (!deed) return
    event.preventDefault()
    this.act(deed)
  }

  // Anywhere but where space has a meaning of its own: buttons above the pictures, and the list of speeds.
  playsBySpace({ key, target }) {
    return key === " " && !target.closest(".bar, select")
  }

  play() {
    if (!this.last || this.playing) return
    this.playing = true
    this.markPlaying()
    let due = performance.now() + this.lasts(this.wanted)
    const tick = (now) => {
      if (!this.isWhole) return
      this.next = requestAnimationFrame(tick)
      // A frame that is not here yet is waited for, and then lasts as long as any; a tab that nobody saw for a while
      // goes on from where it was.
      if (this.frame !== this.wanted) due = now + this.lasts(this.wanted)
      if (now < due) return
      let next = this.wanted
      if (now - due > 1000) due = now
      while (due <= now) {
        next = (next + 1) % (this.last + 1)
        due += this.lasts(next)
      }
      this.go(next, false)
    }
    this.next = requestAnimationFrame(tick)
  }

  lasts(frame) {
    const said = this.original.durations[frame]
    return (said < LEAST_MS ? INSTEAD_MS : said) / Number(this.find(".speed select").value)
  }

  stop(tells = true) {
    if (!this.playing) return
    this.playing = false
    cancelAnimationFrame(this.next) // else it would go on when playing begins before its turn
    this.markPlaying()
    if (tells) this.tell()
  }

  markPlaying() {
    const button = this.find('[data-do="play"]')
    button.innerHTML = glyph(this.playing ? "pause" : "play")
    button.setAttribute("aria-label", this.playing ? "Pause" : "Play")
    this.root.dataset.playing = this.playing
  }

  go(frame, tells = true) {
    if (!this.original) return
    this.wanted = Math.max(0, Math.min(this.last, frame))
    this.draw()
    if (tells) this.tell()
  }

  // Both places at once, as soon as both sheets are unpacked; the next frame's are unpacked meanwhile.
  async draw() {
    const [wanted, scenes] = [this.wanted, this.scenes]
    const cells = scenes.map((scene) => scene && cellOf(scene, wanted))
    let sheets = cells.map((cell) => cell && this.sheets.get(cell.digest))
    if (cells.some((cell, n) => cell && !sheets[n])) {
      sheets = await Promise.all(cells.map((cell) => cell && this.sheets.fetch(cell.digest)))
      if (wanted !== this.wanted || scenes.some((scene, n) => scene !== this.scenes[n]) || !this.isWhole) return
    }
    this.canvases.forEach((canvas, n) => this.paint(canvas, scenes[n], cells[n], sheets[n]))
    this.frame = wanted
    this.tellFrame()
    const after = (wanted + 1) % (this.last + 1)
    for (const scene of scenes) if (scene) this.sheets.fetch(cellOf(scene, after).digest)
  }

  get scenes() {
    return [this.original, this.flipped ? this.original : this.result]
  }

  paint(canvas, scene, cell, sheet) {
    canvas.dataset.empty = !sheet
    if (!sheet) return
    const [width, height] = scene.shown
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    const context = canvas.getContext("2d")
    context.imageSmoothingEnabled = false
    context.clearRect(0, 0, width, height)
    context.drawImage(sheet, cell.x, cell.y, width, height, 0, 0, width, height)
  }

  tellFrame() {
    const { durations } = this.original
    this.slider.value = this.frame
    this.root.dataset.frame = this.frame
    this.slider.setAttribute("aria-valuetext", `Frame ${this.frame + 1} of ${durations.length}`)
    this.find(".count").textContent = `${this.frame + 1} of ${durations.length} · ${durations[this.frame]} ms`
  }

  // While held, the original is in both places.
  flip(on) {
    if (this.flipped === on || !this.original) return
    this.flipped = on
    this.find('[data-do="flip"]').setAttribute("aria-pressed", on)
    this.draw()
  }

  click() {
    this.act("play")
  }

  point() {}

  say(text) {
    const hint = this.find(".hint")
    hint.textContent = text
    clearTimeout(this.silence)
    this.silence = setTimeout(() => (hint.textContent = ""), HINT_MS)
  }

  // The frame goes into the address once somebody rests there.
  tell() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      if (this.playing || this.wanted === this.told) return
      this.told = this.wanted
      this.keep("at", { frame: this.wanted, film: this.original.film })
    }, TELL_MS)
  }

  leave() {
    this.playing = false
    cancelAnimationFrame(this.next)
    clearTimeout(this.timer)
    clearTimeout(this.silence)
    this.watcher.disconnect()
    shelf.bell.removeEventListener("change", this.hear)
    this.swap("original", null)
    this.swap("result", null)
    this.sheets.leave()
  }
}

export default function ({ data: [data], parentElement, setStateValue }) {
  let reel = reels.get(parentElement)
  if (reel && !reel.isWhole) {
    reel.leave()
    reel = null
  }
  if (!reel) reels.set(parentElement, (reel = new Reel(parentElement.querySelector(".reel"), data.key)))
  reel.keep = setStateValue
  reel.data = data
  reel.update()
  return () => {
    reel.leave()
    if (reels.get(parentElement) === reel) reels.delete(parentElement)
  }
}
