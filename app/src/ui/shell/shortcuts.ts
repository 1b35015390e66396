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

/** The list that `?` opens. */
export const shortcutList: readonly {
  readonly group: string
  readonly keys: readonly (readonly [keys: string, what: string])[]
}[] = [
  {
    group: 'Playback',
    keys: [
      ['Space', 'Play or pause'],
      ['K or Shift →', 'Next'],
      ['J or Shift ←', 'Previous'],
      ['← →', 'Seek 10 seconds'],
      ['M', 'Mute'],
      ['S', 'Shuffle'],
      ['R', 'Repeat'],
      ['L', 'Save what plays, or remove it'],
    ],
  },
  {
    group: 'Going places',
    keys: [
      ['/ or Ctrl K, ⌘ K', 'Search'],
      ['G then H', 'Home'],
      ['G then L', 'Library'],
      ['G then S', 'Settings'],
      ['Q', 'Queue'],
      ['F', 'Now playing'],
      ['?', 'This list'],
      ['Esc', 'Close the dialog or the queue'],
    ],
  },
  {
    group: 'In the search',
    keys: [
      ['Enter', 'Play the top result, or open it'],
      ['↓', 'To the suggestions, then to the results'],
      ['← → there', 'Move along a line'],
      ['↑ at the top', 'Back to the field'],
      ['Esc in the field', 'Clear it; once more, leave it'],
    ],
  },
  {
    group: 'In a list of tracks',
    keys: [
      ['↑ ↓ Page ↑ ↓ Home End', 'Move through the rows'],
      ['← →', 'Move inside a row'],
      ['A letter', 'Go to titles that begin with it'],
      ['Enter', 'Play'],
      ['Ctrl Enter, ⌘ Enter', 'Play next'],
      ['Shift Enter', 'Add to queue'],
      ['Alt ↑ ↓', 'Move a row of the queue or of a playlist'],
      ['Delete', 'Remove a row of the queue or of a playlist'],
    ],
  },
  {
    group: 'In a playlist',
    keys: [
      ['Shift ↑ ↓', 'Select more rows'],
      ['Ctrl Space, ⌘ Space', 'Select this row, or not any more'],
      ['Ctrl A, ⌘ A', 'Select all'],
      ['Esc', 'Select none'],
      ['Ctrl Z, ⌘ Z', 'Take back the last change'],
      ['Ctrl Shift Z, ⇧ ⌘ Z', 'Do it again'],
    ],
  },
]
