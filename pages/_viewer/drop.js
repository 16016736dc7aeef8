// Files that are dropped anywhere on the page go to the file input that is named here, as if dropped there.

// Streamlit's own: there a drop is heard already.
const TAKING = '[data-testid="stFileUploaderDropzone"]'
const [TRIES, TRY_MS] = [100, 100]

class Drop {
  constructor(root) {
    this.root = root
    this.on = { dragenter: this.over, dragover: this.over, dragleave: this.leave, drop: this.drop, dragend: this.hide }
    for (const [name, act] of Object.entries(this.on)) {
      this.on[name] = act.bind(this)
      document.addEventListener(name, this.on[name], true)
    }
  }

  bringsFiles(event) {
    return [...(event.dataTransfer?.types ?? [])].includes("Files")
  }

  over(event) {
    if (!this.bringsFiles(event)) return
    const isTaken = event.composedPath()[0]?.closest?.(TAKING)
    this.root.hidden = Boolean(isTaken)
    if (isTaken) return
    event.preventDefault() // else the browser opens the file in place of the page
    event.dataTransfer.dropEffect = "copy"
  }

  leave(event) {
    if (!event.relatedTarget) this.hide() // out of the window
  }

  drop(event) {
    this.hide()
    if (!this.bringsFiles(event) || event.composedPath()[0]?.closest?.(TAKING)) return
    event.preventDefault()
    const given = new DataTransfer() // the event's own is empty later
    for (const file of event.dataTransfer.files) given.items.add(file)
    if (given.files.length) this.give(given.files, TRIES)
  }

  // While a page is loaded its script may come after who drops a file.
  give(files, left) {
    const input = document.querySelector(this.input)
    if (!input || input.disabled) return left && setTimeout(() => this.give(files, left - 1), TRY_MS)
    input.files = files
    input.dispatchEvent(new Event("change", { bubbles: true }))
  }

  hide() {
    this.root.hidden = true
  }

  end() {
    for (const [name, act] of Object.entries(this.on)) document.removeEventListener(name, act, true)
  }
}

const drops = new WeakMap()

export default function ({ data: [data], parentElement }) {
  let drop = drops.get(parentElement)
  if (!drop) drops.set(parentElement, (drop = new Drop(parentElement.querySelector(".drop"))))
  drop.input = data.input
  return () => {
    drop.end()
    drops.delete(parentElement)
  }
}
