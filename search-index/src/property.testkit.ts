// Shared by the property tests of this workspace: one seed, so that a run can be repeated exactly, and hostile texts.
import fc from 'fast-check'

const seed = Number(process.env['FC_SEED'] ?? 20_261_123)
const times = Number(process.env['FC_TIMES'] ?? 1)

/** Runs a property. fast-check prints the smallest counterexample that it finds in 30 s, with seed and path. FC_SEED: another seed; FC_TIMES: more runs. */
export function property<T>(values: fc.Arbitrary<T>, check: (value: T) => void, numRuns = 500): void {
  fc.assert(fc.property(values, check), { seed, numRuns: numRuns * times, interruptAfterTimeLimit: 30_000 * times })
}

const unit = fc.constantFrom(
  ...Array.from('aAzZ09 .,\'’"“”:&+$!?*()[]{}\\/|^-_#%<>=~`'),
  ...[
    '\0',
    '\u0007',
    '\n',
    '\t',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\ufe0f',
    '\ufffd',
    '\uffff',
  ],
  ...['\ud800', '\udc00', '\ud83d\ude00', '👨\u200d👩\u200d👧', '🏳\ufe0f\u200d🌈', '\u{1f1e9}\u{1f1ea}'],
  ...[
    'é',
    'e\u0301',
    'ß',
    'İ',
    'ı',
    'ŉ',
    'ﬃ',
    '½',
    '™',
    '\u0301',
    '\u0489',
    'Z\u0351\u036b\u0343\u032a\u0302',
    '各',
    '名',
    'カ',
    'ﾞ',
    '゙',
    '한',
    'ㄱ',
    'ส',
    'ั',
    'ह',
    'ि',
    'ش',
    'ّ',
    '٣',
    'ש',
    'Σ',
  ],
  ...[
    'artist:',
    'album:',
    'year:',
    'year:1975',
    'is:lossless',
    'in:library',
    'year:1-',
    '.*',
    '(a+)+$',
    "' OR 1=1 --",
    '__proto__',
    'constructor',
  ],
)

/** Mostly short; up to 10 000 UTF-16 units. */
export const hostileText = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit, maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.string({ unit, minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 2_000 }))
      .map(([part, times]) => part.repeat(times).slice(0, 10_000)),
  },
)
