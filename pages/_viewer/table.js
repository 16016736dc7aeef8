// The table of a fixed palette: a row for each entry. Its block shows it in the viewer; on and off, lock, change and
// move go to Python. Rows stay where they are while an answer comes.

const boards = new WeakMap()

const ICONS = {
  lock: '<rect x="6" y="11" width="12" height="9" rx="1.5"/><path class="shackle" d="M8 11V8a4 4 0 0 1 8 0v3"/>',
  edit: '<path d="M4 20l1-4L16 5l3 3L8 19zM14 7l3 3"/>',
  earlier: '<path d="M12 19V5M6 11l6-6 6 6"/>',
  later: '<path d="M12 5v14M6 13l6 6 6-6"/>',
}

function make(tag, part, label, ...children) {
  const made = document.createElement(tag)
  made.className = part
  made.dataset.part = part
  if (tag === "button") made.type = "button"
  if (label) made.setAttribute("aria-label", label)
  if (label) made.title = label
  made.append(...children)
  return made
}

function icon(name) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  made.setAttribute("viewBox", "0 0 24 24")
  made.setAttribute("aria-hidden", "true")
  made.innerHTML = ICONS[name]
  return made
}

class Board {
  constructor(root) {
    this.root = root
    this.rest = root.querySelector("details")
    ;[this.list, this.others] = root.querySelectorAll(".rows")
    this.follow = () => this.mark()
    shelf.bell.addEventListener("change", this.follow)
    this.press = new Press(root, (data) => this.update(data))
  }

  // Row by row the same again changes nothing, so that a focus stays where it is.
  update(data) {
    const text = JSON.stringify(data)
    if (this.press.keeps(data) || text === this.text) return
    const focused = this.root.getRootNode().activeElement?.closest?.("[data-part]")
    const [row, part] = [focused?.closest("li"), focused?.dataset.part]
    this.data = data
    this.text = text
    this.groups = [[], []]
    data.rows.forEach(({ folded }, index) => this.groups[Number(folded)].push(index))
    const [shown, rest] = this.groups.map((group) => group.map((index) => this.makeRow(data.rows[index], index)))
    this.list.replaceChildren(...shown)
    this.others.replaceChildren(...rest)
    this.rest.hidden = !rest.length
    this.rest.querySelector("summary").textContent = data.rest
    this.mark()
    if (row) this.find(row)?.querySelector(`[data-part="${part}"]`)?.focus()
  }

  // The row that somebody was at: it may have moved, or have another colour.
  find(row) {
    const same = this.root.querySelector(`[data-row="${row.dataset.row}"]`)
    if (same?.dataset.color === row.dataset.color) return same
    return this.root.querySelector(`[data-color="${row.dataset.color}"]`) ?? same
  }

  makeRow(entry, index) {
    const row = document.createElement("li")
    row.className = "row"
    row.dataset.row = index
    row.dataset.color = entry.hex
    row.dataset.used = entry.used
    row.style.setProperty("--entry", entry.hex)
    row.append(this.makeSwitch(entry, index), this.makeBlock(entry), this.makeText(entry), this.makeTools(entry, index))
    if (this.data.canChange) this.letDrag(row, index)
    return row
  }

  // A row that is dropped on another of its group takes that one's place.
  letDrag(row, index) {
    const drop = (place) => {
      for (const other of this.root.querySelectorAll("[data-drop]")) delete other.dataset.drop
      if (place) row.dataset.drop = place
    }
    row.draggable = true
    row.ondragstart = (event) => {
      this.dragged = { index, hex: row.dataset.color }
      event.dataTransfer.effectAllowed = "move"
      event.dataTransfer.setData("text/plain", row.dataset.color)
    }
    row.ondragover = (event) => {
      if (!this.dragged || !this.groups.find((rows) => rows.includes(index)).includes(this.dragged.index)) return
      event.preventDefault()
      drop(index < this.dragged.index ? "before" : "after")
    }
    row.ondrop = (event) => {
      event.preventDefault()
      const { index: from, hex } = this.dragged
      if (from !== index && this.data.rows[from]?.hex === hex) this.ask("move", from, index)
    }
    row.ondragend = () => {
      this.dragged = null
      drop()
    }
  }

  named({ hex, name }) {
    return name ? `${hex} ${name}` : hex
  }

  makeSwitch(entry, index) {
    const box = make("input", "switch", `Use ${this.named(entry)}`)
    box.type = "checkbox"
    box.checked = entry.on
    box.disabled = entry.on && this.data.rows.filter(({ on }) => on).length === 1
    box.onchange = () => this.ask(entry.on ? "off" : "on", index)
    return box
  }

  makeBlock(entry) {
    const block = make("button", "block", `Show ${entry.hex} in the picture`)
    block.disabled = !this.data.palette.includes(entry.hex)
    block.onclick = () => this.choose(entry.hex)
    return block
  }

  makeText(entry) {
    const [head, line] = [document.createElement("b"), document.createElement("span")]
    head.textContent = entry.name || entry.hex
    line.textContent = entry.name ? `${entry.hex} · ${entry.use}` : entry.use
    const text = make("div", "text", "", head, line)
    text.title = `${entry.name || entry.hex}, ${line.textContent}`
    return text
  }

  makeTools(entry, index) {
    const tools = make("div", "tools", "")
    if (this.data.canLock) tools.append(this.makeLock(entry, index))
    if (!this.data.canChange) return tools
    const input = document.createElement("input")
    input.type = "color"
    input.value = entry.hex
    input.setAttribute("aria-label", `Replace ${entry.hex}`)
    input.onchange = () => this.ask("edit", index, input.value)
    const edit = make("label", "edit", "", icon("edit"), input)
    edit.title = `Replace ${entry.hex}`
    tools.append(edit, this.makeMove(entry, index, -1), this.makeMove(entry, index, 1))
    return tools
  }

  makeLock({ hex, locked }, index) {
    const lock = make("button", "lock", locked ? `Unlock ${hex}` : `Lock ${hex}: always among the best`, icon("lock"))
    lock.setAttribute("aria-pressed", locked)
    lock.onclick = () => this.ask(locked ? "unlock" : "lock", index)
    return lock
  }

  // To the place of what stands beside it, which need not be the next of the table.
  makeMove({ hex }, index, step) {
    const name = step < 0 ? "earlier" : "later"
    const group = this.groups.find((rows) => rows.includes(index))
    const to = group[group.indexOf(index) + step]
    const move = make("button", name, `Move ${hex} ${name}`, icon(name))
    move.disabled = to === undefined
    move.onclick = () => this.ask("move", index, to)
    return move
  }

  ask(action, row, to = null) {
    this.send("act", { action, row, color: this.data.rows[row].hex, to })
  }

  get stage() {
    return shelf.stages.get(this.data?.viewer)
  }

  // A second click takes the selection back.
  choose(hex) {
    const entry = this.stage?.selection?.hex === hex ? null : this.data.palette.indexOf(hex)
    this.stage?.chosen.fromPalette(entry, this.data.palette)
  }

  mark() {
    const chosen = this.stage?.selection?.hex
    for (const row of this.root.querySelectorAll(".row"))
      row.querySelector(".block").setAttribute("aria-pressed", row.dataset.color === chosen)
  }

  leave() {
    shelf.bell.removeEventListener("change", this.follow)
    this.press.leave()
  }
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  let board = boards.get(parentElement)
  if (!board) boards.set(parentElement, (board = new Board(parentElement.querySelector(".table"))))
  board.send = setTriggerValue
  board.update(data)
  laidOut("table")
  return () => {
    board.leave()
    boards.delete(parentElement)
  }
}
