// Plays a run: the picture, its colours, the error and the words go in step. Nothing is asked of the server until
// somebody moves a centre: that is another run.

const players = new WeakMap()
const TELL_MS = 500
const MOST_OWN = 32

class Player {
  constructor(root) {
    this.root = root
    this.find = (selector) => root.querySelector(selector)
    this.picture = new RunPicture(this.find("canvas.picture"))
    this.cloud = new RunCloud(this.find("canvas.cloud"))
    this.chart = new RunChart(this.find(".chart"), (until) => this.tellUntil(until))
    this.slider = this.find(".slider")
    this.undone = []
    this.step = 0
    this.chosen = null
    for (const button of root.querySelectorAll("[data-do]")) {
      if (GLYPHS[button.dataset.do]) button.innerHTML = glyph(button.dataset.do)
      button.onclick = () => this.do(button.dataset.do)
    }
    this.slider.oninput = () => this.go(Number(this.slider.value))
    this.find(".lit input").onchange = () => this.draw()
    this.find(".chosen input").onchange = (event) => this.recolor(event.target.value)
    root.onkeydown = (event) => this.follow(event)
    root.ontransitionend = (event) => event.target === root && this.draw()
    this.letDrag()
    this.find("canvas.picture").onclick = (event) => this.drop(event)
    this.watcher = new ResizeObserver(() => this.draw())
    this.watcher.observe(this.find("canvas.cloud"))
    this.hear = () => this.open()
    films.bell.addEventListener("change", this.hear)
  }

  update(data) {
    const old = this.data
    if (old) this.keepWayBack(old, data)
    this.data = data
    this.chart.take(data.until, data.origin)
    this.tellTask(data.task)
    if (data.film === this.opening) this.asked = false
    if (old && old.step !== data.step && old.film === data.film && data.origin !== old.origin) this.go(data.step, false)
    else this.draw()
    this.open()
  }

  // Which task is worked on, what it asks, and how far it is.
  tellTask(task) {
    const line = this.find(".task")
    line.hidden = !task
    if (!task) return
    const [title, answer] = [document.createElement("b"), document.createElement("span")]
    title.textContent = task[0]
    answer.textContent = task[2]
    line.dataset.done = task[2].startsWith("✓")
    line.replaceChildren(title, task[1], answer)
  }

  // What is done to centres beside the player is taken back here, too.
  keepWayBack(old, data) {
    const isOther = data.own.length && data.own.join() !== old.own.join()
    if (isOther && !this.asked && data.origin === old.origin)
      this.undone.push({ centers: old.own, clusters: old.clusters, step: this.step })
  }

  // Whether another run is on its way, or would be if a centre were let go here.
  get waiting() {
    return Boolean(this.held || this.asked) || this.data.film !== this.opening
  }

  // A film is shown as soon as it is there and unpacked; until then the old one stays.
  async open() {
    const name = this.data?.film
    if (!name || name === this.opening || !films.packed.has(name)) return
    this.opening = name
    const film = await openFilm(films.packed.get(name))
    if (this.opening !== name) return
    // Another run that was asked for below is looked at here.
    const isCalled = this.film && film.start === "own" && !this.asked
    this.film = film
    this.held = null
    this.asked = false
    this.chosen = this.chosen !== null && this.chosen < film.k ? this.chosen : null
    this.stop()
    this.slider.max = film.last
    this.find(".deeds").replaceChildren(...listDeeds(film).map(makeDeed))
    this.root.style.setProperty("--ratio", film.width / film.height)
    this.told = Math.min(this.data.step, film.last)
    this.go(this.told, false)
    this.root.dataset.ready = name
    laidOut("viewer")
    if (isCalled) this.callEyes()
  }

  callEyes() {
    if (this.find("canvas.picture").getBoundingClientRect().bottom > 100) return
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    this.root.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" })
  }

  do(what) {
    const deeds = {
      first: () => this.go(0),
      last: () => this.go(this.film.last),
      back: () => this.go(this.step - 1),
      forward: () => this.go(this.step + 1, true, true),
      play: () => (this.playing ? this.stop() : this.play()),
      undo: () => this.undo(),
      remove: () => this.remove(),
      unselect: () => this.choose(null),
    }
    if (!this.film) return
    if (what !== "play") this.stop()
    deeds[what]()
  }

  follow(event) {
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return
    const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first" }
    const what = keys[event.key] ?? (event.key === " " && !event.target.matches("button") ? "play" : null)
    const deed = event.key === "Delete" && this.chosen !== null ? "remove" : event.key === "End" ? "last" : what
    if (!deed) return
    event.preventDefault()
    this.do(deed)
  }

  play() {
    if (this.step >= this.film.last) this.go(0)
    this.playing = true
    this.markPlaying()
    let next = performance.now() + this.pause
    const tick = (now) => {
      if (!this.playing) return
      if (now >= next) {
        this.go(this.step + 1, true, true)
        next = Math.max(next + this.pause, now)
      }
      if (this.step >= this.film.last) this.stop()
      else requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  }

  stop() {
    if (!this.playing) return
    this.playing = false
    this.markPlaying()
    this.tell()
  }

  markPlaying() {
    const button = this.find('[data-do="play"]')
    button.innerHTML = glyph(this.playing ? "pause" : "play")
    button.setAttribute("aria-label", this.playing ? "Pause" : "Play")
    this.find(".said span").setAttribute("aria-live", this.playing ? "off" : "polite")
  }

  get pause() {
    return 1000 / Number(this.find(".speed select").value)
  }

  go(step, tells = true, glides = false) {
    if (!this.film) return
    this.step = Math.max(0, Math.min(this.film.last, step))
    this.held = null
    this.glide(glides && this.step && this.pause > 100 && this.film.steps[this.step].kind === "move")
    this.draw()
    if (tells) this.tell()
  }

  // Centers go their way instead of being there at once, unless somebody wants no movement.
  glide(wanted) {
    cancelAnimationFrame(this.gliding)
    this.between = 1
    if (!wanted || matchMedia("(prefers-reduced-motion: reduce)").matches) return
    const [begun, length] = [performance.now(), Math.min(350, 0.9 * this.pause)]
    this.between = 0
    const tick = (now) => {
      this.between = Math.max(0, Math.min(1, (now - begun) / length))
      this.drawCloud()
      if (this.between < 1) this.gliding = requestAnimationFrame(tick)
    }
    this.gliding = requestAnimationFrame(tick)
  }

  get centers() {
    return this.held?.centers ?? this.film.centers(this.step)
  }

  get shownCenters() {
    const now = this.centers
    if (this.held || this.between >= 1 || !this.step) return now
    const before = this.film.centers(this.step - 1)
    const share = 1 - (1 - this.between) ** 3
    return now.map((value, n) => before[n] + share * (value - before[n]))
  }

  // Streamlit may put the player's parts on the page anew; who still waits for a frame or a size then draws no more.
  get isWhole() {
    return this.root.isConnected && this.find(".count") !== null
  }

  draw() {
    const { film, step } = this
    if (!film || !this.isWhole) return
    this.drawPicture()
    this.drawCloud()
    this.chart.draw(film, step)
    this.slider.value = step
    this.root.dataset.step = step
    this.find(".count").textContent = `${step} of ${film.last}`
    this.root.dataset.waiting = this.waiting
    const [said, line] = [this.sayNow(), this.find(".said span")]
    if (line.textContent !== said) line.textContent = said
    this.find(".which").textContent = this.waiting ? "" : film.name
    const lit = litDeeds(film, step)
    this.root.querySelectorAll(".deeds li").forEach((item, n) => {
      if (lit.includes(n)) item.setAttribute("aria-current", "step")
      else item.removeAttribute("aria-current")
    })
    this.dim({ first: !step, back: !step, forward: step === film.last, undo: !this.undone.length })
    this.drawCenters()
  }

  // What cannot be done now is said so, and keeps the focus that it has.
  dim(deeds) {
    for (const [deed, cannot] of Object.entries(deeds)) this.find(`[data-do="${deed}"]`).setAttribute("aria-disabled", cannot)
  }

  sayNow() {
    if (this.drag?.place && this.held) return "Let go, and the run begins anew from there."
    return this.waiting ? "Computing …" : sayStep(this.film, this.step)
  }

  drawPicture() {
    const { film, step, held } = this
    const labels = held?.labels ?? (step ? film.plane(step) : null)
    const lights = this.find(".lit input").checked && !held ? film.litPixels(step) : null
    this.picture.draw(film, this.centers, labels, lights, this.chosen)
    const words = { start: "as it is", assign: "assigned", move: "with moved centres" }
    this.find(".now").textContent = held ? "with your centre" : `${words[film.steps[step].kind]} · click: a new centre there`
  }

  drawCloud() {
    const { film } = this
    if (!film) return
    const style = getComputedStyle(this.root)
    const [centers, moves] = [this.shownCenters, film.moves(this.step)]
    const trails = Array.from({ length: film.k }, (_, j) => {
      const way = film.places.slice(0, moves + (this.between < 1 ? 0 : 1)).map((places) => places.slice(3 * j, 3 * j + 3))
      return [...way, centers.slice(3 * j, 3 * j + 3)]
    })
    const counts = this.step ? film.steps[this.step].counts : null
    const look = { ink: style.color, page: style.backgroundColor }
    this.cloud.draw({ film, centers, trails: this.held ? [] : trails, counts, chosen: this.chosen, ...look })
  }

  // A block for each center, in its order; what is the same stays, and so does a focus.
  drawCenters() {
    const { film, step } = this
    const list = this.find(".centers")
    const codes = film.codes(this.centers)
    while (list.children.length > codes.length) list.lastChild.remove()
    while (list.children.length < codes.length) {
      const [item, button, j] = [document.createElement("li"), document.createElement("button"), list.children.length]
      button.type = "button"
      button.append(document.createElement("i"), document.createElement("span"))
      button.onclick = () => this.choose(this.chosen === j ? null : j)
      item.append(button)
      list.append(item)
    }
    codes.forEach((code, j) => {
      const button = list.children[j].firstChild
      const share = step && !this.waiting ? percent(film.steps[step].counts[j] / film.total) : ""
      button.style.setProperty("--entry", code)
      button.lastChild.textContent = share
      button.setAttribute("aria-pressed", this.chosen === j)
      button.setAttribute("aria-label", `Centre ${j + 1}, ${code}${share && `, ${share} of the pixels`}`)
      button.title = `${code}: show its pixels alone`
    })
    const row = this.find(".chosen")
    const isNone = this.chosen === null
    // A focus that would fall out of the page stays in the run, where keys are heard.
    if (isNone && row.contains(row.getRootNode().activeElement)) this.root.focus({ preventScroll: true })
    row.inert = isNone
    this.find(".hint").inert = !isNone
    if (isNone) return
    row.querySelector("span").textContent = `Centre ${this.chosen + 1}, ${codes[this.chosen]}`
    row.querySelector("input").value = codes[this.chosen]
    this.dim({ remove: film.k < 2 })
  }

  choose(j) {
    this.chosen = j
    this.draw()
  }

  letDrag() {
    const canvas = this.find("canvas.cloud")
    canvas.onpointerdown = (event) => {
      if (!this.film || event.button) return
      this.stop()
      this.glide(false)
      const j = this.cloud.centerAt(this.centers, event)
      this.drag = { j, x: event.clientX, y: event.clientY, turn: [...this.cloud.turn] }
      if (j !== null) this.drag.place = [...this.centers.slice(3 * j, 3 * j + 3)]
      canvas.setPointerCapture(event.pointerId)
      event.preventDefault()
    }
    canvas.onpointermove = (event) => {
      if (!this.drag) {
        if (this.film) canvas.dataset.over = this.cloud.centerAt(this.centers, event) !== null
        return
      }
      const [dx, dy] = [event.clientX - this.drag.x, event.clientY - this.drag.y]
      if (this.drag.j === null) this.cloud.turn = turned(this.drag.turn, dx, dy)
      else this.hold(this.drag.j, this.cloud.unproject(dx, dy).map((way, axis) => this.drag.place[axis] + way))
      cancelAnimationFrame(this.dragging)
      this.dragging = requestAnimationFrame(() => (this.held ? this.draw() : this.drawCloud()))
    }
    canvas.onpointerup = () => {
      const moved = this.drag?.j !== null && this.held
      if (this.drag && this.drag.j !== null && !moved) this.choose(this.drag.j === this.chosen ? null : this.drag.j)
      this.drag = null
      if (moved) this.ask(this.film.codes(this.held.centers))
    }
    canvas.onpointercancel = () => {
      this.drag = null
      this.held = null
      this.draw()
    }
  }

  // What it would be with a center elsewhere, seen while it is moved.
  hold(j, place) {
    const centers = Float32Array.from(this.held?.centers ?? this.centers)
    place.forEach((value, axis) => (centers[3 * j + axis] = Math.max(0, Math.min(255, value))))
    this.held = { centers, labels: this.film.assign(centers) }
  }

  recolor(code) {
    const parts = [1, 3, 5].map((at) => parseInt(code.slice(at, at + 2), 16))
    this.hold(this.chosen, parts)
    this.draw()
    this.ask(this.film.codes(this.held.centers))
  }

  drop(event) {
    const { film } = this
    if (!film || film.k >= MOST_OWN) return
    this.stop()
    const i = this.picture.pixelAt(film, event)
    if (film.planes.at(-1)[i] === CLEAR) return
    const centers = Float32Array.from([...this.centers, ...film.pixels.slice(3 * i, 3 * i + 3)])
    this.ask(film.codes(centers))
  }

  remove() {
    if (this.chosen === null || this.film.k < 2 || this.waiting) return
    const codes = this.film.codes(this.centers)
    codes.splice(this.chosen, 1)
    // A swatch that goes takes no focus along.
    if (this.find(".centers").contains(this.root.getRootNode().activeElement)) this.root.focus({ preventScroll: true })
    this.chosen = null
    this.ask(codes)
  }

  // Another run, from these centers: it begins where they have just been assigned.
  ask(centers) {
    if (centers.join() === this.data.own.join()) return this.go(1)
    this.undone.push({ centers: this.data.own, clusters: this.data.clusters, step: this.step })
    this.want({ centers, clusters: this.data.clusters, step: 1 })
  }

  undo() {
    const before = this.undone.pop()
    if (!before) return
    const { own, clusters } = this.data
    if (before.centers.join() === own.join() && before.clusters === clusters) this.go(before.step)
    else this.want(before)
  }

  want(run) {
    this.asked = true
    this.send("act", run)
    this.draw()
  }

  // The step goes into the address once somebody rests there.
  tell() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      if (this.playing || this.step === this.told || this.waiting) return
      this.told = this.step
      this.keep("at", { step: this.step, film: this.data.film })
    }, TELL_MS)
  }

  // Criteria, too, once somebody rests there.
  tellUntil(until) {
    clearTimeout(this.later)
    this.later = setTimeout(() => this.keep("until", until), TELL_MS)
  }

  leave() {
    this.stop()
    this.opening = null
    clearTimeout(this.timer)
    clearTimeout(this.later)
    this.watcher.disconnect()
    films.bell.removeEventListener("change", this.hear)
  }
}

function turned([yaw, pitch], dx, dy) {
  return [yaw + dx / 120, Math.max(-1.5, Math.min(1.5, pitch + dy / 120))]
}

export default function ({ data: [data], parentElement, setTriggerValue, setStateValue }) {
  let player = players.get(parentElement)
  if (player && !player.isWhole) {
    player.playing = false
    player.leave()
    player = null
  }
  if (!player) players.set(parentElement, (player = new Player(parentElement.querySelector(".run"))))
  player.send = setTriggerValue
  player.keep = setStateValue
  player.update(data)
  return () => {
    player.leave()
    players.delete(parentElement)
  }
}
