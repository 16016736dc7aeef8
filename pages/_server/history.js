// One entry in the browser's history for each thing that a person does. Streamlit leaves two for a new page, one
// without choices and one with them, and one more for whatever follows from a click: then "back" seemed to do nothing.
// What is written before a person does the next thing takes the place of the last entry.

const push = history.pushState
let acted = true

for (const name of ["pointerdown", "keydown", "wheel", "change", "drop", "paste"]) {
  addEventListener(name, () => (acted = true), { capture: true, passive: true })
}

history.pushState = function (...entry) {
  const write = acted ? push : this.replaceState
  acted = false
  return write.apply(this, entry)
}
