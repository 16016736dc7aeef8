// Swatches: a card for each entry. The block shows the entry in the viewer, its lines copy themselves, and pin, name,
// edit and remove go to Python. Cards stay where they are while a new palette comes.

const TOLD_MS = 2000
const MANY = 24
const boards = new WeakMap()

const ICONS = {
  pin: "M8 3h8M9.5 3v6L6 13v2h12v-2l-3.5-4V3M12 15v6",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  remove: "M6 6l12 12M18 6L6 18",
}

function icon(name) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  made.setAttribute("viewBox", "0 0 24 24")
  made.setAttribute("aria-hidden", "true")
  made.append(document.createElementNS("http://www.w3.org/2000/svg", "path"))
  made.firstChild.setAttribute("d", ICONS[name])
  return made
}

function make(tag, name, label, ...children) {
  const made = document.createElement(tag)
  made.className = name
  made.dataset.part = name
  if (tag === "button") made.type = "button"
  if (label) made.setAttribute("aria-label", label)
  if (label) made.title = label
  made.append(...children)
  return made
}

class Board {
  constructor(root) {
    this.list = root.querySelector(".cards")
    this.told = root.querySelector(".told")
    this.follow = () => this.mark()
    shelf.bell.addEventListener("change", this.follow)
    this.press = new Press(this.list, (data) => this.update(data))
  }

  // Pin by pin the same again changes nothing, so that a focus stays where it is.
  update(data) {
    const text = JSON.stringify(data)
    if (this.press.keeps(data) || text === this.text) return
    const focused = this.list.getRootNode().activeElement?.closest?.("[data-part]")
    const [card, part] = [focused?.closest("li"), focused?.dataset.part]
    this.data = data
    this.text = text
    this.list.dataset.many = data.entries.length > MANY
    this.drawing = true
    this.list.replaceChildren(...data.entries.map((entry, index) => this.makeCard(entry, index)))
    this.drawing = false
    this.mark()
    const there = this.list.children[card?.dataset.entry]
    const next = there?.querySelector(`[data-part="${part}"]`)
    next?.focus()
    // Somebody is writing a name: the answer to what they did before takes nothing of it away.
    if (part !== "name" || there?.dataset.color !== card.dataset.color) return
    next.value = focused.value
    next.setSelectionRange(focused.selectionStart, focused.selectionEnd)
  }

  makeCard(entry, index) {
    const card = document.createElement("li")
    card.className = "card"
    card.dataset.entry = index
    card.dataset.color = entry.hex
    card.style.setProperty("--entry", entry.hex)
    card.append(this.makeBlock(entry), this.makeTools(entry), this.makeText(entry))
    return card
  }

  makeBlock(entry) {
    const share = document.createElement("b")
    share.textContent = entry.share
    const block = make("button", "block", `Show ${entry.hex} in the picture`, share)
    block.onclick = () => this.choose(entry.hex)
    return block
  }

  makeTools({ hex, pinned }) {
    const pin = make("button", "pin", pinned ? `Unpin ${hex}` : `Pin ${hex}`, icon("pin"))
    pin.title = pinned ? `Unpin ${hex}` : `Pin ${hex}: it stays as it is, and those not pinned are chosen anew around it`
    pin.setAttribute("aria-pressed", pinned)
    pin.onclick = () => this.ask(pinned ? "unpin" : "pin", hex)
    const input = document.createElement("input")
    input.type = "color"
    input.value = hex
    input.setAttribute("aria-label", `Edit ${hex}`)
    input.onchange = () => this.ask("edit", hex, input.value)
    const edit = make("label", "edit", "", icon("edit"), input)
    edit.title = `Edit ${hex}`
    const remove = make("button", "remove", `Remove ${hex}`, icon("remove"))
    remove.disabled = this.data.entries.length <= this.data.least
    remove.onclick = () => this.ask("remove", hex)
    return make("div", "tools", "", pin, edit, remove)
  }

  makeText(entry) {
    const lines = ["hex", "rgb", "oklch"].map((name) => {
      const line = make("button", name, `Copy ${entry[name]}`)
      line.textContent = entry[name]
      line.onclick = () => this.copy(entry[name])
      return line
    })
    return make("div", "text", "", this.makeName(entry), ...lines)
  }

  // A name to write over. Without one the nearest CSS name tells what it is like, and is plainly no name.
  makeName({ hex, name, css }) {
    const input = document.createElement("input")
    input.className = "name"
    input.dataset.part = "name"
    input.type = "text"
    input.dir = "auto"
    input.value = name
    input.placeholder = `like ${css}`
    input.maxLength = this.data.longest
    input.autocomplete = "off"
    input.spellcheck = false
    input.setAttribute("aria-label", `Name of ${hex}`)
    input.title = `Name of ${hex}, kept in palette files and in the address; nearest CSS name: ${css}`
    // Not onchange, which does not tell of what was written before the cards were drawn anew.
    input.onblur = () => !this.drawing && input.value !== name && this.ask("name", hex, input.value)
    input.onkeydown = (event) => {
      if (event.key === "Escape") input.value = name
      if (event.key === "Escape" || event.key === "Enter") input.blur()
    }
    return input
  }

  ask(action, color, to = null) {
    this.send("act", { action, color, to, shown: this.data.entries.map((entry) => entry.hex) })
  }

  async copy(text) {
    const done = await navigator.clipboard?.writeText(text).then(() => true, () => false)
    if (!done) return
    this.told.textContent = `Copied ${text}`
    clearTimeout(this.silence)
    this.silence = setTimeout(() => (this.told.textContent = ""), TOLD_MS)
  }

  get stage() {
    return shelf.stages.get(this.data?.viewer)
  }

  // A second click takes the selection back.
  choose(hex) {
    const entry = this.stage?.selection?.hex === hex ? null : this.data.palette.indexOf(hex)
    this.stage?.chosen.fromPalette(entry, this.data.palette)
    if (entry !== null) this.copy(hex)
  }

  mark() {
    const chosen = this.stage?.selection?.hex
    for (const card of this.list.children)
      card.querySelector(".block").setAttribute("aria-pressed", card.dataset.color === chosen)
  }

  leave() {
    shelf.bell.removeEventListener("change", this.follow)
    this.press.leave()
  }
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  let board = boards.get(parentElement)
  if (!board) boards.set(parentElement, (board = new Board(parentElement.querySelector(".swatches"))))
  board.send = setTriggerValue
  board.update(data)
  laidOut("swatches")
  return () => {
    board.leave()
    boards.delete(parentElement)
  }
}
