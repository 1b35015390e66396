/** The commands of the page-wide shortcuts. */
export type Command =
  | 'toggle'
  | 'next'
  | 'previous'
  | 'seek-back'
  | 'seek-forward'
  | 'mute'
  | 'shuffle'
  | 'repeat'
  | 'save'
  | 'queue'
  | 'now-playing'
  | 'search'
  | 'shortcuts'
  | 'go-home'
  | 'go-library'
  | 'go-settings'

export type KeyPress = {
  readonly key: string
  readonly isMod: boolean
  readonly isShift: boolean
  readonly isAlt: boolean
}
/** What has the focus: a text field, a control that handles keys itself, or neither. */
export type Focus = 'text' | 'control' | 'page'
/** `second`: G was pressed a moment ago. */
export type KeyContext = { readonly focus: Focus; readonly hasSingleKeys: boolean; readonly second: boolean }

const single: Readonly<Record<string, Command>> = {
  k: 'next',
  j: 'previous',
  m: 'mute',
  s: 'shuffle',
  r: 'repeat',
  l: 'save',
  q: 'queue',
  f: 'now-playing',
  '/': 'search',
  '?': 'shortcuts',
}
const afterG: Readonly<Record<string, Command>> = { h: 'go-home', l: 'go-library', s: 'go-settings' }
const onPage: Readonly<Record<string, Command>> = { ' ': 'toggle', ArrowLeft: 'seek-back', ArrowRight: 'seek-forward' }
const withShift: Readonly<Record<string, Command>> = { ArrowRight: 'next', ArrowLeft: 'previous' }

/** The command of a key press; undefined leaves the key to the browser. In a text field only Mod+K is a command. */
export const commandOf = (pressed: KeyPress, context: KeyContext): Command | undefined => {
  if (pressed.isMod) return isModK(pressed) ? 'search' : undefined
  if (context.focus === 'text' || pressed.isAlt) return undefined
  const ofPage = context.focus === 'page' ? (pressed.isShift ? withShift : onPage)[pressed.key] : undefined
  return ofPage ?? (context.hasSingleKeys ? singleCommand(pressed, context) : undefined)
}

const isModK = ({ key, isShift, isAlt }: KeyPress): boolean => key.toLowerCase() === 'k' && !isShift && !isAlt

const singleCommand = ({ key, isShift }: KeyPress, { second }: KeyContext): Command | undefined => {
  // "?" needs Shift on most keyboards, "/" on some.
  if (isShift && key !== '?' && key !== '/') return undefined
  return (second ? afterG[key.toLowerCase()] : undefined) ?? single[key.toLowerCase()]
}
