// The tray: thumbnails of a visitor's own pictures. One of them is shown; a click shows another or takes one out.

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }
// Of a name that is too long so much stands at its end, in narrow letters: there pictures of one kind differ.
const TAIL = 9
const trays = new WeakMap()

// The end of a name, by whole characters; wide ones count twice.
function tailOf(name) {
  const letters = [...name]
  let [from, width] = [letters.length, 0]
  while (from && width < TAIL) width += letters[--from] >= "\u2e80" ? 2 : 1
  return letters.slice(from).join("")
}

class Tray {
  constructor(root) {
    this.list = root
    this.list.onclick = (event) => this.click(event.target.closest("button"))
    this.list.onkeydown = (event) => this.key(event)
    this.list.onscroll = () => this.fade()
    new ResizeObserver(() => this.fade()).observe(this.list)
  }

  update({ pictures, current }) {
    const before = this.pictures
    this.pictures = pictures
    if (JSON.stringify(before) !== JSON.stringify(pictures)) this.draw()
    const moved = current !== this.current || pictures.length !== before?.length
    this.current = current
    this.mark()
    if (moved) this.bring(this.showing?.parentElement)
  }

  // Only this row: what the browser does by itself moves the page, too.
  bring(item) {
    if (!item) return
    const [row, place] = [this.list.getBoundingClientRect(), item.getBoundingClientRect()]
    this.list.scrollLeft += Math.max(0, place.right - row.right + 8) + Math.min(0, place.left - row.left - 8)
  }

  // Fades an edge beyond which there are more.
  fade() {
    const { scrollLeft, clientWidth, scrollWidth } = this.list
    this.list.classList.toggle("before", scrollLeft > 4)
    this.list.classList.toggle("after", scrollLeft + clientWidth < scrollWidth - 4)
  }

  draw() {
    const place = this.shows.indexOf(this.list.getRootNode().activeElement?.closest(".picture")?.firstChild)
    this.list.replaceChildren(...this.pictures.map((picture) => this.make(picture)))
    this.mark()
    this.fade()
    if (place >= 0) this.shows[Math.min(place, this.shows.length - 1)]?.focus()
  }

  make({ key, name, thumbnail }) {
    const [item, show, image, label, out] = ["li", "button", "img", "span", "button"].map((tag) =>
      document.createElement(tag),
    )
    item.className = "picture"
    Object.assign(show, { className: "show", title: name, type: "button" })
    Object.assign(out, { className: "out", title: `Take ${name} out`, type: "button", textContent: "×" })
    out.setAttribute("aria-label", `Take ${name} out`)
    image.alt = ""
    // What is enlarged keeps its pixels.
    image.onload = () => image.classList.toggle("tiny", image.naturalWidth < 96 && image.naturalHeight < 64)
    if (thumbnail) image.src = thumbnail
    const [head, tail] = [document.createElement("span"), document.createElement("span")]
    tail.textContent = tailOf(name)
    head.textContent = name.slice(0, name.length - tail.textContent.length)
    head.className = "head"
    label.className = "name"
    label.append(head, tail)
    show.setAttribute("aria-label", name)
    show.dataset.key = out.dataset.key = key
    show.append(image, label)
    item.append(show, out)
    return item
  }

  get shows() {
    return [...this.list.querySelectorAll(".show")]
  }

  get showing() {
    return this.shows.find((show) => show.dataset.key === this.current)
  }

  // One picture can be tabbed to, and then its way out: the current one, else the first.
  mark() {
    const reached = this.showing ?? this.shows[0]
    for (const show of this.shows) {
      show.setAttribute("aria-pressed", show.dataset.key === this.current)
      show.tabIndex = show.nextSibling.tabIndex = show === reached ? 0 : -1
    }
  }

  click(button) {
    if (!button) return
    const { key } = button.dataset
    if (button.className === "out") return this.send("out", { key })
    this.current = key
    this.mark()
    this.send("show", { key })
  }

  key(event) {
    const { shows } = this
    const here = shows.indexOf(event.target.closest(".picture")?.firstChild)
    if (event.key === "Delete" && here >= 0) this.send("out", { key: shows[here].dataset.key })
    const target = { Home: 0, End: shows.length - 1 }[event.key] ?? here + STEPS[event.key]
    if (Number.isNaN(target) || here < 0) return
    const next = shows[Math.min(Math.max(target, 0), shows.length - 1)]
    for (const show of shows) show.tabIndex = show.nextSibling.tabIndex = show === next ? 0 : -1
    next.focus()
    event.preventDefault()
  }
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  let tray = trays.get(parentElement)
  if (!tray) trays.set(parentElement, (tray = new Tray(parentElement.querySelector(".pictures"))))
  tray.send = setTriggerValue
  tray.update(data)
  return () => trays.delete(parentElement)
}
