// An element without a face: brings one picture (32 characters of digest, then PNG bytes) or one scene.

const DIGEST_LENGTH = 32
const brought = new WeakMap()

function bringPicture(data, courier) {
  const digest = new TextDecoder("ascii").decode(data.subarray(0, DIGEST_LENGTH))
  const before = brought.get(courier)
  if (digest === before) return
  shelve(digest, data.subarray(DIGEST_LENGTH))
  hold(digest, courier)
  if (before) release(before, courier)
  brought.set(courier, digest)
  ring()
}

function bringScene(scene, courier) {
  brought.set(courier, scene)
  shelf.scenes.set(scene.key, scene)
  ring()
}

function leave(courier) {
  const last = brought.get(courier)
  if (typeof last === "string") release(last, courier)
  else if (shelf.scenes.get(last?.key) === last) shelf.scenes.delete(last?.key)
  brought.delete(courier)
}

export default function ({ data, parentElement }) {
  if (data instanceof Uint8Array) bringPicture(data, parentElement)
  else bringScene(data[0], parentElement)
  return () => leave(parentElement)
}
