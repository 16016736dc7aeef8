// The stage: lays the panes out and keeps them on the same part of the picture.

const GAP = 12
const LABEL_HEIGHT = 26
const WINDOW_SHARE = 0.7
const stages = new WeakMap()

class Stage {
  constructor(root, key) {
    this.root = root
    this.key = key
    this.box = root.querySelector(".panes")
    this.panes = []
    this.view = FIT
    this.follow = () => this.update()
    shelf.bell.addEventListener("change", this.follow)
    this.watch = new ResizeObserver(() => this.layOut())
    this.watch.observe(root)
  }

  update() {
    const scene = shelf.scenes.get(this.key)
    if (!scene) return
    if (scene !== this.scene) this.setUp(scene)
    scene.panes.forEach((pane, index) => this.panes[index].show(pane.digest))
  }

  setUp(scene) {
    this.scene = scene
    this.size = scene.panes[0].size
    while (this.panes.length > scene.panes.length) this.panes.pop().remove()
    while (this.panes.length < scene.panes.length) this.addPane()
    scene.panes.forEach((pane, index) => this.panes[index].describe(pane))
    this.layOut()
  }

  addPane() {
    const pane = new Pane(this.panes.length)
    this.panes.push(pane)
    this.box.append(pane.figure)
  }

  layOut() {
    const width = this.root.clientWidth
    if (!this.scene || !width) return
    const room = this.scene.height ?? Math.round(innerHeight * WINDOW_SHARE)
    const { columns, frame } = arrange(this.panes.length, width, room, this.size, GAP, LABEL_HEIGHT)
    this.frame = frame
    this.box.style.setProperty("--columns", columns)
    this.box.style.setProperty("--frame-height", `${frame[1]}px`)
    this.move()
  }

  move() {
    const spot = place(this.view, this.frame, this.size, devicePixelRatio)
    this.panes.forEach((pane) => pane.move(spot))
  }

  leave() {
    shelf.bell.removeEventListener("change", this.follow)
    this.watch.disconnect()
    this.panes.forEach((pane) => pane.remove())
  }
}

export default function ({ data, parentElement }) {
  let stage = stages.get(parentElement)
  if (!stage) {
    stage = new Stage(parentElement.querySelector(".viewer"), data.key)
    stages.set(parentElement, stage)
  }
  stage.update()
  return () => {
    stage.leave()
    stages.delete(parentElement)
  }
}
