// The stage: lays the panes out, keeps them on the same part of the picture, and does what is asked.

const GAP = 12
const LABEL_HEIGHT = 26
const WINDOW_SHARE = 0.7
const SCREEN_MARGINS = 48 // in full screen, of the section and between its parts
const HINT_MS = 2000
const stages = new WeakMap()

class Stage {
  constructor(root, key) {
    this.root = root
    this.key = key
    this.box = root.querySelector(".panes")
    this.foot = root.querySelector(".foot")
    this.panes = []
    this.sides = [0, 1]
    this.view = FIT
    this.bar = new Bar(this, root)
    this.wipe = new Wipe(this.box, () => this.teller.later())
    this.inspector = new Inspector(this, root)
    this.chosen = new Selection(this)
    this.fade = new Fade(this)
    this.errors = new ErrorMap(this)
    this.places = new Places(this, root)
    this.crop = new Crop(this)
    this.teller = new Teller(this)
    this.coming = new Coming(this)
    this.live = new Live(this)
    this.gestures = new Gestures(this, this.box)
    this.follow = () => this.update()
    shelf.bell.addEventListener("change", this.follow)
    shelf.stages.set(key, this)
    this.watch = new ResizeObserver(() => this.layOut())
    this.watch.observe(this.box)
  }

  update() {
    const paged = shelf.scenes.get(this.key)
    if (!paged) return
    const scene = this.live.choose(paged)
    // The first one keeps the room of its pictures before they are there.
    if (!this.scene) this.setUp(scene)
    this.box.toggleAttribute("data-coming", scene !== this.scene)
    if (scene !== this.scene) return this.coming.expect(scene)
    this.coming.leave() // back to what is shown, before what was to come is there
    scene.panes.forEach((pane, index) => {
      this.panes[index].show(pane.digest)
      this.panes[index].showPart(pane.part, scene.part, this.size)
    })
    this.derive()
  }

  // A scene whose pictures are decoded: all of it at once.
  take(scene, made) {
    this.setUp(scene)
    scene.panes.forEach(({ digest, part }, index) => {
      const [pane, { image, part: fresh }] = [this.panes[index], made[index]]
      if (image) pane.put(image, digest)
      if (fresh || !part) pane.putPart(fresh)
    })
    this.derive()
    this.update() // perhaps another one has come meanwhile
  }

  derive() {
    this.refresh()
    this.teller.later()
  }

  // What is derived from the pictures on the page.
  refresh() {
    this.fade.refresh()
    this.errors.refresh()
    this.inspector.look(this.inspector.spot)
  }

  setUp(scene) {
    const [before, size] = [this.scene, scene.size]
    this.scene = scene
    if (scene.mode !== before?.mode) this.chosenMode = null
    if (String(size) !== String(this.size)) this.view = FIT
    this.size = size
    const fresh = !before || scene.look?.origin !== before.look?.origin
    if (fresh) this.crop.asked = scene.part
    this.bar.button("error").hidden = !scene.compares
    this.setUpPanes(scene.panes)
    this.chosen.setUp(scene.selected, before?.selected)
    this.places.setUp(scene.places, scene.lead)
    if (fresh && scene.look) this.begin(scene.look)
    this.layOut()
    if (fresh) this.teller.settle(scene.part)
    if (before && scene.bring && scene.bring[1] !== before.bring?.[1]) this.bring(scene.bring[0])
  }

  bring(index) {
    if (this.mode === "wipe") this.choose(1, index)
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"
    this.panes[index].figure.scrollIntoView({ block: "center", behavior })
  }

  // Another picture, or one that somebody comes to with a link: shown as it was looked at there.
  begin({ at, mode, sides, wipe, heat, selected }) {
    this.view = FIT
    this.anchor = at
    this.at = at
    this.chosenMode = mode
    this.chosenSides = Boolean(sides?.every((side) => side < this.panes.length))
    this.sides = this.chosenSides ? [...sides] : this.firstSides
    this.wipe.set(wipe)
    this.errors.set(heat)
    const pane = this.panes.findIndex(({ palette }) => palette.includes(selected))
    if (pane >= 0) this.chosen.set(pane, this.panes[pane].palette.indexOf(selected))
    else this.chosen.set()
  }

  // What is told of all that.
  get look() {
    if (!this.scene.look) return {}
    return {
      origin: this.scene.look.origin,
      at: this.at,
      mode: this.chosenMode,
      sides: this.chosenSides ? this.sides : null,
      wipe: Math.round(this.wipe.percent),
      heat: this.errors.on,
      selected: this.selection?.hex ?? null,
    }
  }

  get busy() {
    return this.gestures.busy || this.wipe.held
  }

  setUpPanes(described) {
    const count = described.length
    const changed = this.panes.length !== count
    while (this.panes.length > count) this.panes.pop().remove()
    while (this.panes.length < count) this.addPane()
    if (changed) this.chosenSides = false
    if (!this.chosenSides) this.sides = this.firstSides
    described.forEach((pane, index) => this.panes[index].describe(pane))
  }

  addPane() {
    const pane = new Pane(this.panes.length, () => this.refresh())
    this.panes.push(pane)
    this.wipe.handle.before(pane.figure)
  }

  // The panes that a wipe compares as long as nobody chose others.
  get firstSides() {
    return [...(this.scene.sides ?? [0, this.scene.panes.length - 1])]
  }

  // What the person chose; else, on a phone, two pictures lie on each other, so that the controls stay in sight.
  get mode() {
    if (this.panes.length < 2) return "side"
    if (this.chosenMode) return this.chosenMode
    const aPair = this.panes.length === 2 || this.scene.sides
    return aPair && this.box.clientWidth < NARROW ? "wipe" : this.scene.mode
  }

  layOut() {
    const width = this.box.clientWidth
    if (!this.scene || !width) return
    const mode = this.mode
    const shown = mode === "wipe" ? 1 : this.panes.length
    const fill = this.root.matches(":fullscreen")
    const { columns, frame } = arrange(shown, width, this.room, this.size, GAP, LABEL_HEIGHT, fill)
    this.frame = frame
    this.box.dataset.mode = mode
    this.box.style.setProperty("--columns", columns)
    this.box.style.setProperty("--frame-height", `${frame[1]}px`)
    if (this.anchor) this.view = viewOfAll(this.anchor, frame, this.size, devicePixelRatio)
    this.panes.forEach((pane, index) => (pane.figure.dataset.side = ["left", "right"][this.sides.indexOf(index)] ?? ""))
    this.bar.describe(this.scene.panes.map((pane) => pane.label), mode, this.sides)
    this.show(this.view)
    laidOut("viewer")
  }

  // The height that the pictures may take.
  get room() {
    if (!this.root.matches(":fullscreen")) return this.scene.height ?? Math.max(this.windowRoom, this.pairsRoom)
    const others = [...this.root.children].filter((child) => child !== this.box)
    return innerHeight - others.reduce((sum, child) => sum + child.offsetHeight, 0) - SCREEN_MARGINS
  }

  get windowRoom() {
    return Math.round(innerHeight * WINDOW_SHARE)
  }

  // On a phone many panes stand two in a row and three one above the other, and one scrolls, or each would be a stamp.
  get pairsRoom() {
    const width = this.box.clientWidth
    if (width >= NARROW) return 0
    const columns = this.panes.length === 3 ? 1 : 2
    const [rows, wide] = [Math.ceil(this.panes.length / columns), (width - GAP * (columns - 1)) / columns]
    const high = Math.ceil((wide * this.size[1]) / this.size[0]) + LABEL_HEIGHT
    return Math.min(rows * (high + GAP) - GAP, 2 * innerHeight)
  }

  show(view) {
    this.view = settle(view, this.frame, this.size, devicePixelRatio)
    const spot = place(this.view, this.frame, this.size, devicePixelRatio)
    this.spot = spot
    this.panes.forEach((pane) => pane.move(spot))
    this.box.dataset.movable = spot.width > this.frame[0] + 1 || spot.height > this.frame[1] + 1
    this.teller.later()
    this.bar.showZoom(spot.scale * devicePixelRatio * 100, this.fits)
  }

  // By a person: from now on the view is theirs.
  move(view) {
    this.anchor = null
    this.show(view)
    this.note()
  }

  // What a person made of it is what is looked at from now on; a window that changed its size is not.
  note() {
    const [left, top, right, bottom] = seen(this.spot, this.frame, this.size)
    const all = right - left === this.size[0] && bottom - top === this.size[1]
    if (!this.anchor) this.at = all ? null : [left, top, right - left, bottom - top]
    this.teller.later()
  }

  get fits() {
    return this.view.scale === null
  }

  lookAt(part) {
    this.move(viewOf(part, this.frame, this.size, devicePixelRatio))
  }

  zoomTo(scale, point = this.frame.map((length) => length / 2)) {
    this.move(zoomAt(this.view, scale, point, this.frame, this.size, devicePixelRatio))
  }

  zoomBy(factor, point) {
    this.zoomTo(this.spot.scale * factor, point)
  }

  zoomStep(direction) {
    const percent = (scale) => scale * devicePixelRatio * 100
    const fit = fitScale(this.frame, this.size, devicePixelRatio)
    this.zoomTo(nextStop(percent(this.spot.scale), percent(fit), direction) / 100 / devicePixelRatio)
  }

  panBy(right, down) {
    const { scale, x, y } = this.view
    if (scale !== null) this.move({ scale, x: x - right / this.spot.width, y: y - down / this.spot.height })
  }

  stepBy(right, down) {
    this.panBy((right * this.frame[0]) / 8, (down * this.frame[1]) / 8)
  }

  act(name) {
    if (name === "in") this.zoomStep(1)
    if (name === "out") this.zoomStep(-1)
    if (name === "fit") this.move(FIT)
    if (name === "full-size") this.zoomTo(1 / devicePixelRatio)
    if (name === "screen") this.toggleScreen()
    if (name === "error") this.errors.toggle()
    if (name === "switch") this.setMode(this.mode === "wipe" ? "side" : "wipe")
    if (name === "side" || name === "wipe") this.setMode(name)
  }

  setMode(mode) {
    this.chosenMode = mode
    this.layOut()
    this.note()
  }

  choose(side, index) {
    if (this.sides[1 - side] === index) this.sides.reverse()
    else this.sides[side] = index
    this.chosenSides = true
    this.layOut()
    this.teller.later()
  }

  toggleScreen() {
    if (document.fullscreenElement) document.exitFullscreen()
    else this.root.requestFullscreen()
  }

  // While held, every pane shows the first picture.
  flip(on) {
    const first = this.panes[0]
    this.bar.button("flip").setAttribute("aria-pressed", on)
    this.panes.slice(1).forEach((pane) => pane.lend(on ? first : null))
  }

  get selection() {
    return this.chosen.current
  }

  point(event) {
    this.inspector.look(this.inspector.locate(event))
  }

  pointMiddle() {
    this.inspector.look(this.inspector.middle)
  }

  click(event) {
    this.chosen.pick(this.inspector.locate(event))
  }

  clickMiddle() {
    this.chosen.pick(this.inspector.middle)
  }

  say(text) {
    const hint = this.foot.querySelector(".hint")
    hint.textContent = text
    clearTimeout(this.silence)
    this.silence = setTimeout(() => (hint.textContent = ""), HINT_MS)
  }

  leave() {
    shelf.bell.removeEventListener("change", this.follow)
    if (shelf.stages.get(this.key) === this) shelf.stages.delete(this.key)
    this.watch.disconnect()
    this.errors.leave()
    this.teller.leave()
    this.coming.leave()
    this.live.leave()
    this.panes.forEach((pane) => pane.remove())
  }
}

// Plotly's charts in space keep the wheel for themselves even where it does nothing: it moves the page, as everywhere.
const passWheel = (event) => event.target.closest?.(".js-plotly-plot .gl-container") && event.stopPropagation()
document.addEventListener("wheel", passWheel, { capture: true, passive: true })

export default function ({ data: [data], parentElement, setStateValue, setTriggerValue }) {
  let stage = stages.get(parentElement)
  if (!stage) {
    stage = new Stage(parentElement.querySelector(".viewer"), data.key)
    stages.set(parentElement, stage)
  }
  stage.send = setTriggerValue
  stage.keep = setStateValue
  stage.update()
  return () => {
    stage.leave()
    stages.delete(parentElement)
  }
}
