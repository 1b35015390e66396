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
