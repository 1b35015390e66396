/** What a key does with the rows of an editable list. */
export type EditKey = 'extend-up' | 'extend-down' | 'move-up' | 'move-down' | 'toggle' | 'all' | 'clear' | 'remove'

type Pressed = {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

const keys: Readonly<Record<string, EditKey>> = {
  'shift ArrowUp': 'extend-up',
  'shift ArrowDown': 'extend-down',
  'alt ArrowUp': 'move-up',
  'alt ArrowDown': 'move-down',
  'mod  ': 'toggle',
  'mod a': 'all',
  'none Escape': 'clear',
  'none Delete': 'remove',
  'none Backspace': 'remove',
}

/** undefined: the key is about something else. */
export const editKeyOf = ({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): EditKey | undefined => {
  const modifiers = [ctrlKey || metaKey ? 'mod' : '', altKey ? 'alt' : '', shiftKey ? 'shift' : ''].filter(Boolean)
  return keys[`${modifiers.join('+') || 'none'} ${key.length === 1 ? key.toLowerCase() : key}`]
}
