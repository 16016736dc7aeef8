// A text to take along, and the button that copies it. Where a browser refuses that, the text is selected instead.

const TELL_MS = 4000
const ROWS = 5

function fit(area) {
  area.style.height = "auto"
  const most = parseFloat(getComputedStyle(area).lineHeight) * ROWS + 14
  area.style.height = `${Math.min(area.scrollHeight + 2, most)}px`
}

async function copy(area, status) {
  const done = await navigator.clipboard?.writeText(area.value).then(() => true, () => false)
  if (!done) {
    area.focus()
    area.select()
  }
  status.textContent = done ? "Copied" : "Selected: press Ctrl+C, or ⌘C, to copy it"
  clearTimeout(status.silence)
  status.silence = setTimeout(() => (status.textContent = ""), TELL_MS)
}

export default function ({ data: [data], parentElement }) {
  const [area, button, status] = ["textarea", "button", "[role=status]"].map((name) => parentElement.querySelector(name))
  parentElement.querySelector(".copier").dataset.first = data.first
  area.value = data.text
  area.setAttribute("aria-label", data.name)
  button.textContent = data.label
  button.onclick = () => copy(area, status)
  area.onfocus = () => area.select()
  const watch = new ResizeObserver(() => fit(area))
  watch.observe(parentElement.querySelector(".copier"))
  return () => watch.disconnect()
}
