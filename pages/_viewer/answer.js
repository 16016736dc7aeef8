// Answers a question of the server, by its number: any message holds how all controls stand.

const QUIET_MS = 700 // longer than a slider waits before it tells where it is

const heard = new WeakMap()

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const asker = heard.get(parentElement) ?? { number: 0 }
  heard.set(parentElement, asker)
  asker.send = setTriggerValue
  if (data <= asker.number) return
  asker.number = data
  clearTimeout(asker.timer)
  asker.timer = setTimeout(() => asker.send("answer", data), QUIET_MS)
}
