// The next scene, until all that it shows is there and decoded. Pictures, captions and palettes of one scene go to
// the page together: no caption ever stands over a picture of another result.

class Coming {
  constructor(stage) {
    this.stage = stage
    this.scene = null
  }

  // Take a scene over, as soon as that can be done; asked again whenever something is brought.
  async expect(scene) {
    if (scene === this.scene) return
    const digests = scene.panes.flatMap(({ digest, part }) => (part ? [digest, part] : [digest]))
    if (scene.mask) digests.push(scene.mask)
    if (!digests.every((digest) => shelf.pictures.has(digest))) return
    this.scene = scene
    digests.forEach((digest) => hold(digest, scene))
    const made = await Promise.all(scene.panes.map((pane, index) => this.make(pane, this.stage.panes[index], scene)))
    if (this.scene === scene) {
      this.scene = null
      this.stage.take(scene, made)
    } else made.forEach(({ part }) => part?.leave())
    digests.forEach((digest) => release(digest, scene))
  }

  // What a pane does not show yet.
  async make({ digest, part }, pane, { part: rect, size }) {
    const made = { image: null, part: null }
    if (digest !== pane?.digest) made.image = await decoded(shelf.pictures.get(digest).url)
    if (part && part !== pane?.part?.digest) {
      made.part = new Part(part, rect, size)
      await made.part.load()
    }
    return made
  }

  leave() {
    this.scene = null
  }
}

async function decoded(url) {
  const image = new Image()
  image.draggable = false
  image.src = url
  await image.decode().catch(() => {})
  return image
}
