// While a slider is moved the viewer shows what the server says comes of it, before the page is drawn anew.
// One question at a time, for the place where the slider is by then.

const LATE_MS = 1500 // so long a scene of the page has to wait that is of another place than the slider's
const [DOUBT_MS, RESTED] = [1000, 5] // so often a page has to be found at rest before a slider is doubted
const REST_MS = 2000 // before a server is asked again that had no time
const HELD = ["pointerdown", "pointerup", "pointercancel"]

class Live {
  constructor(stage) {
    this.stage = stage
    this.watch = new MutationObserver(() => this.move())
    this.scene = null
    this.rest = 0
    // Streamlit's own mark of a knob that is held stays for ever where the page is drawn anew meanwhile.
    this.hear = ({ type, target }) => (this.isHeld = type === "pointerdown" && Boolean(this.control?.contains(target)))
    for (const type of HELD) addEventListener(type, this.hear, true)
  }

  // Of the page's scene and the slider's, which is there sooner, that which is to be shown.
  choose(paged) {
    if (paged !== this.paged) {
      this.paged = paged
      this.heard = performance.now()
      this.follow(paged.live)
    }
    if (this.scene && this.isOver()) this.take(null)
    const chosen = this.scene ?? paged
    if (paged.live) document.documentElement.toggleAttribute("data-ahead", chosen.live.place !== paged.live.place)
    return chosen
  }

  follow(offer) {
    if (offer?.token !== this.offer?.token) this.rest = 0
    this.offer = offer
    const control = offer && document.querySelector(`.st-key-${offer.control}`)
    if (control === this.control) return
    this.watch.disconnect()
    this.control = control
    this.isHeld = false
    if (control) this.watch.observe(control, { subtree: true, attributeFilter: ["aria-valuetext"] })
  }

  // Where the slider is: ahead of the page while it is moved.
  get place() {
    const slider = this.control?.querySelector('input[type="range"]:enabled')
    return slider ? Number(slider.value) : undefined
  }

  // Whether the page has caught up: what it says of a place that the slider has left longer ago is no news.
  isOver() {
    const { offer, place, scene } = this
    if (scene.live.token !== offer?.token || place === undefined) return true
    if (offer.place === scene.live.place || offer.place === place) return true
    if (this.since > this.heard) return false
    if (Math.abs(offer.place - place) <= Math.abs(scene.live.place - place)) return true
    const left = this.heard + LATE_MS - performance.now()
    clearTimeout(this.timer)
    if (left > 0) this.timer = setTimeout(ring, left + 1)
    return left <= 0
  }

  // What takes its time is asked for where the slider rests while it is held; after a key the page comes anyway.
  move() {
    clearTimeout(this.resting)
    if (!this.offer?.pause || this.place === this.offer.place) this.ask()
    else this.resting = setTimeout(() => this.isHeld && this.ask(), this.offer.pause)
  }

  async ask() {
    const { offer, place } = this
    if (this.asking || !offer || place === undefined || performance.now() < this.rest) return
    if (place === offer.place || place === this.scene?.live.place) return ring()
    this.asking = true
    const answer = await fetch(`./live/${offer.token}/${place}`).catch(() => null)
    const data = answer?.ok ? await answer.arrayBuffer().catch(() => null) : null
    this.asking = false
    if (offer.token === this.offer?.token) {
      if (data && this.offer.place !== place) this.take(read(new Uint8Array(data)))
      if (!data) this.rest = answer?.status === 404 ? Infinity : performance.now() + REST_MS
      ring()
    }
    if (this.place !== place) this.move()
  }

  // A scene that is held here, or none.
  take(scene) {
    const before = this.scene
    this.scene = scene
    this.since = performance.now()
    this.rested = 0
    scene?.brought.forEach((digest) => hold(digest, scene))
    before?.brought.forEach((digest) => release(digest, before))
    clearInterval(this.doubt)
    if (scene) this.doubt = setInterval(() => this.wonder(), DOUBT_MS)
  }

  // A page that rests for a while has not heard of the slider and never will: what it shows is so.
  wonder() {
    const state = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState
    this.rested = this.isHeld || state !== "notRunning" ? 0 : this.rested + 1
    if (this.rested < RESTED) return
    this.take(null)
    ring()
  }

  leave() {
    for (const type of HELD) removeEventListener(type, this.hear, true)
    this.watch.disconnect()
    clearTimeout(this.timer)
    clearTimeout(this.resting)
    if (this.offer) document.documentElement.removeAttribute("data-ahead")
    this.offer = this.control = undefined
    if (this.scene) this.take(null)
  }
}

// Four bytes that tell how long the JSON is, that, and the pictures one after the other.
function read(data) {
  let at = 4 + new DataView(data.buffer).getUint32(0)
  const { scene, pictures } = JSON.parse(new TextDecoder().decode(data.subarray(4, at)))
  for (const [digest, length] of pictures) shelve(digest, data.slice(at, (at += length)))
  return { ...scene, brought: pictures.map(([digest]) => digest) }
}
