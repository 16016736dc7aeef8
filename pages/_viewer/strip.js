// The palette bar. Rare entries get MIN_WIDTH; where not all fit in one row, the strip goes on in further rows.

const MIN_WIDTH = 6
const COPIED_MS = 2000
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }
const CHECKS = "repeating-conic-gradient(#8a8a8a 0 25%, #a8a8a8 0 50%) 0 0 / 10px 10px"
const strips = new WeakMap()

// "#rrggbb" as it is; "#rrggbbaa", partly transparent, on a checkerboard.
const layered = (color) => (color.length > 7 ? `linear-gradient(${color} 0 0), ${CHECKS}` : color)

// [entry, width] in rows that are about equally long: every entry gets the least, its share of the rest on top.
function cutRows(shares, width) {
  const count = shares.length
  const rows = Math.max(Math.ceil((count * MIN_WIDTH * 1.25) / width), 1)
  const total = shares.reduce((sum, share) => sum + share, 0) || 1
  const rest = rows * width - MIN_WIDTH * count
  const cut = [[]]
  let [left, filled] = [rows * width, 0]
  shares.forEach((share, index) => {
    const wide = MIN_WIDTH + (share / total) * rest
    if (filled + wide / 2 > left / (rows - cut.length + 1) && filled && cut.length < rows) {
      left -= filled
      filled = 0
      cut.push([])
    }
    filled += wide
    cut.at(-1).push([index, wide])
  })
  return cut
}

function percentOf(share) {
  const percent = share * 100
  return `${percent >= 10 ? percent.toFixed(0) : percent >= 0.01 ? percent.toPrecision(2) : "under 0.01"} %`
}

class Strip {
  constructor(root) {
    this.rows = root.querySelector(".rows")
    this.facts = root.querySelector(".facts")
    this.copied = root.querySelector(".copied")
    this.selected = null
    this.follow = () => this.followViewer()
    shelf.bell.addEventListener("change", this.follow)
    this.watch = new ResizeObserver(() => this.layOut())
    this.watch.observe(this.rows)
    this.rows.onclick = (event) => this.choose(this.entryOf(event.target))
    this.rows.onpointerover = (event) => this.tell(this.entryOf(event.target))
    this.rows.onpointerleave = () => this.tell(this.selected)
    this.rows.addEventListener("focusin", (event) => this.tell(this.entryOf(event.target)))
    this.rows.onkeydown = (event) => this.key(event)
  }

  update(data) {
    const before = this.data
    this.data = data
    const kept = before?.colors[this.selected] === data.colors[this.selected]
    if (data.selected !== before?.selected) this.selected = data.selected
    else if (!kept) this.selected = null
    const same = before && String([before.colors, before.shares]) === String([data.colors, data.shares])
    if (same) this.mark()
    else this.layOut(true)
    this.followViewer()
  }

  layOut(anew = false) {
    const width = this.rows.clientWidth
    if (!this.data || !width || (!anew && width === this.width)) return
    this.width = width
    const focused = this.entryOf(this.rows.getRootNode().activeElement ?? this.rows)
    const cut = cutRows(this.data.shares, width)
    this.rows.dataset.rows = cut.length
    this.rows.replaceChildren(...cut.map((row) => this.makeRow(row)))
    this.mark()
    if (focused !== null) this.entries[Math.min(focused, this.entries.length - 1)].focus()
  }

  makeRow(row) {
    const made = document.createElement("div")
    made.className = "row"
    made.setAttribute("role", "presentation")
    made.append(...row.map(([index, wide]) => this.makeEntry(index, wide)))
    return made
  }

  makeEntry(index, wide) {
    const [color, share] = [this.data.colors[index], this.data.shares[index]]
    const made = document.createElement("div")
    made.className = "entry"
    made.dataset.entry = index
    made.setAttribute("role", "option")
    made.setAttribute("aria-label", `Number ${index + 1}, ${color}, ${percentOf(share)}`)
    made.style.background = layered(color)
    made.style.flexGrow = wide
    return made
  }

  get entries() {
    return [...this.rows.querySelectorAll(".entry")]
  }

  entryOf(target) {
    const entry = target.closest(".entry")?.dataset.entry
    return entry === undefined ? null : Number(entry)
  }

  // One entry can be tabbed to: the selected one, else the first.
  mark() {
    this.entries.forEach((entry, index) => {
      entry.setAttribute("aria-selected", index === this.selected)
      entry.tabIndex = index === (this.selected ?? 0) ? 0 : -1
    })
    this.tell(this.selected)
  }

  tell(index) {
    if (index === null) return this.facts.replaceChildren()
    const [patch, code] = [document.createElement("i"), document.createElement("code")]
    patch.style.background = layered(this.data.colors[index])
    code.textContent = this.data.colors[index]
    const [number, share] = [`no. ${index + 1}`, percentOf(this.data.shares[index])].map((text) => {
      const span = document.createElement("span")
      span.textContent = text
      return span
    })
    this.facts.replaceChildren(number, patch, code, share)
  }

  // A second click takes the selection back.
  choose(index) {
    if (index === null) return
    this.selected = index === this.selected ? null : index
    this.mark()
    this.stage?.chosen.fromPalette(this.selected, this.data.colors)
    if (this.selected !== null) this.copy(this.data.colors[index])
    this.send("choose", { entry: this.selected })
  }

  async copy(color) {
    const done = await navigator.clipboard?.writeText(color).then(() => true, () => false)
    if (!done) return
    this.copied.textContent = "Copied"
    clearTimeout(this.silence)
    this.silence = setTimeout(() => (this.copied.textContent = ""), COPIED_MS)
  }

  key(event) {
    const { entries } = this
    const here = this.entryOf(event.target)
    const target = { Home: 0, End: entries.length - 1 }[event.key] ?? here + STEPS[event.key]
    if (event.key === "Enter" || event.key === " ") this.choose(here)
    else if (Number.isNaN(target)) return
    else entries[Math.min(Math.max(target, 0), entries.length - 1)].focus()
    event.preventDefault()
    event.stopPropagation()
  }

  get stage() {
    return shelf.stages.get(this.data.viewer)
  }

  // What is selected in the viewer, if it is of this palette.
  followViewer() {
    const chosen = this.stage?.selection
    if (chosen === undefined || chosen === this.followed) return
    this.followed = chosen
    const index = chosen === null ? -1 : this.data.colors.indexOf(chosen.hex)
    this.selected = index < 0 ? null : index
    this.mark()
  }

  leave() {
    shelf.bell.removeEventListener("change", this.follow)
    this.watch.disconnect()
  }
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  let strip = strips.get(parentElement)
  if (!strip) strips.set(parentElement, (strip = new Strip(parentElement.querySelector(".strip"))))
  strip.send = setTriggerValue
  strip.update(data)
  laidOut("strip")
  return () => {
    strip.leave()
    strips.delete(parentElement)
  }
}
