// Brings a film: 32 characters that name it, then its bytes.

export default function ({ data }) {
  const digest = new TextDecoder("ascii").decode(data.subarray(0, DIGEST))
  if (films.packed.has(digest)) return
  for (const old of [...films.packed.keys()].slice(0, -3)) films.packed.delete(old)
  films.packed.set(digest, data.slice(DIGEST))
  films.bell.dispatchEvent(new Event("change"))
}
