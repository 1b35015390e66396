import * as Automerge from '@automerge/automerge'
import { concat, fromHex, type Bytes } from '@tonestead/protocol/bytes'
import { run, sleb, uleb } from './change-bytes.testkit.ts'
import { actorOf } from '../honest-history.testkit.ts'
import {
  concurrentOp,
  decoded,
  elementOf,
  entriesOf,
  honestBytes,
  listOf,
  oneOf,
  parts,
  setTitle,
  visibleTitle,
  type HostileKind,
} from './hostile-victim.testkit.ts'

/** Bodies that Automerge can decode, and whose header or operations are wrong. */
export const hostileOperations: Readonly<Record<string, HostileKind>> = {
  startOp: {
    make: decoded((change, _, random) => {
      const other = [1, 2, change.startOp - 1, change.startOp + 1, change.startOp + 7, 1e6, 2 ** 31, 2 ** 32 - 3]
      change.startOp = oneOf(
        random,
        other.filter((value) => value !== change.startOp),
      )
      change.ops = [{ action: 'set', obj: '_root', key: 'fine', value: 'x', pred: [] }]
    }),
  },
  hugeStartOp: {
    make: parts((change, random) => (change.startOp = uleb(oneOf(random, [0, 2 ** 32 + 5, 2 ** 53 - 5, 2n ** 63n])))),
  },
  seq: {
    make: decoded((change, _, random) => {
      change.seq = oneOf(
        random,
        [1, 2, 3, 5, 1e6, 2 ** 32].filter((value) => value !== change.seq),
      )
    }),
  },
  hugeSeq: { make: parts((change, random) => (change.seq = uleb(oneOf(random, [0, 2 ** 53 - 1, 2n ** 64n - 1n])))) },
  time: { make: parts((change, random) => (change.time = sleb(oneOf(random, [2n ** 62n, -(2n ** 62n), 2n ** 53n])))) },
  longMessage: { make: decoded((change) => (change.message = 'm'.repeat(300))) },
  noDeps: { make: decoded((change) => (change.deps = [])) },
  unknownDep: { make: decoded((change) => change.deps.push('ab'.repeat(32) as never)) },
  sameDepTwice: { make: parts((change) => change.deps.push(...change.deps)) },
  depsOrder: {
    make: parts((change) => change.deps.unshift(fromHex('ff'.repeat(32)))),
  },
  oldDeps: {
    // Builds on the first change alone, beside its own earlier ones: their counters would be used twice.
    make: decoded((change, victim) => {
      const first = Automerge.decodeChange(Automerge.getAllChanges(victim.read)[0]!)
      change.deps = [first.hash]
      change.startOp = first.startOp + first.ops.length
      change.ops = [{ action: 'set', obj: '_root', key: 'fine', value: 'x', pred: [] }]
    }),
    mayPass: true,
  },
  wrongActor: {
    make: decoded(
      (change, _, random) =>
        (change.actor = oneOf(random, [actorOf('honest 1'), actorOf('nobody'), '00', 'ab'.repeat(40)])),
    ),
  },
  unknownObject: {
    make: decoded(
      (change, { actor }) => (change.ops = [{ action: 'set', obj: `1@${actor}`, key: 'k', value: 'x', pred: [] }]),
    ),
  },
  futureObject: {
    make: decoded(
      (change, { actor }, random) =>
        (change.ops = [
          {
            action: 'set',
            obj: `${change.startOp + Math.floor(random() * 3)}@${actor}`,
            key: 'k',
            value: 'x',
            pred: [],
          },
        ]),
    ),
  },
  scalarObject: {
    make: decoded(
      (change, victim) => (change.ops = [{ action: 'set', obj: elementOf(victim), key: 'k', value: 'x', pred: [] }]),
    ),
  },
  concurrentObject: {
    make: decoded(
      (change, victim) =>
        (change.ops = [{ action: 'set', obj: concurrentOp(victim, 'makeMap'), key: 'k', value: 'x', pred: [] }]),
    ),
  },
  unknownElement: {
    make: decoded(
      (change, victim, random) =>
        (change.ops = [
          {
            action: 'set',
            obj: listOf(victim),
            elemId: oneOf(random, [`77@${victim.actor}`, `3@${actorOf('nobody')}`, `1@00`]),
            insert: random() < 0.5,
            value: 'x',
            pred: [],
          },
        ]),
    ),
  },
  concurrentElement: {
    make: decoded(
      (change, victim) =>
        (change.ops = [
          {
            action: 'set',
            obj: listOf(victim),
            elemId: concurrentOp(victim, 'set'),
            insert: true,
            value: 'x',
            pred: [],
          },
        ]),
    ),
  },
  otherList: {
    make: decoded(
      (change, victim) =>
        (change.ops = [
          { action: 'makeList', obj: '_root', key: 'mine', pred: [] },
          {
            action: 'set',
            obj: `${change.startOp}@${victim.actor}`,
            elemId: elementOf(victim),
            insert: true,
            value: 'x',
            pred: [],
          },
        ]),
    ),
  },
  keyInList: {
    make: decoded(
      (change, victim) => (change.ops = [{ action: 'set', obj: listOf(victim), key: 'k', value: 'x', pred: [] }]),
    ),
  },
  elementInMap: {
    make: decoded(
      (change, victim, random) =>
        (change.ops = [
          {
            action: 'set',
            obj: oneOf(random, ['_root', entriesOf(victim)]),
            elemId: oneOf(random, ['_head', elementOf(victim)]),
            insert: true,
            value: 'x',
            pred: [],
          },
        ]),
    ),
  },
  headWithoutInsert: {
    make: decoded(
      (change, victim) =>
        (change.ops = [{ action: 'set', obj: listOf(victim), elemId: '_head', value: 'x', pred: [] }]),
    ),
  },
  unknownPred: {
    make: decoded(
      (change, victim) => (change.ops = [setTitle(victim, { pred: [...visibleTitle(victim), `88@${victim.actor}`] })]),
    ),
  },
  predOfOtherKey: {
    make: decoded(
      (change, victim, random) =>
        (change.ops = [
          setTitle(victim, {
            key: oneOf(random, ['title', 'odd']),
            pred: [oneOf(random, [entriesOf(victim), listOf(victim)])],
          }),
        ]),
    ),
  },
  predOfOtherObject: {
    make: decoded((change, victim) => (change.ops = [setTitle(victim, { obj: entriesOf(victim) })])),
  },
  concurrentPred: {
    make: decoded(
      (change, victim) =>
        (change.ops = [
          setTitle(victim, {
            pred: [
              ...visibleTitle(victim),
              `${victim.concurrent.startOp + victim.concurrent.ops.length - 1}@${victim.concurrent.actor}`,
            ],
          }),
        ]),
    ),
  },
  doubledPred: {
    make: decoded((change, victim, random) => {
      const preds = visibleTitle(victim)
      change.ops = [setTitle(victim, { action: oneOf(random, ['set', 'del']), pred: [...preds, ...preds] })]
      if (change.ops[0]!.action === 'del') delete change.ops[0]!['value']
    }),
  },
  missingPred: { make: decoded((change, victim) => (change.ops = [setTitle(victim, { pred: [] })])) },
  oldPred: { make: decoded((change, victim) => (change.ops = [setTitle(victim, { pred: ['1@00'] })])) },
  piledValues: {
    make: decoded(
      (change, victim) =>
        (change.ops = Array.from({ length: 500 }, (_, index) =>
          setTitle(victim, { key: 'pile', value: index, datatype: 'int', pred: [] }),
        )),
    ),
  },
  deleteNothing: {
    make: decoded(
      (change, _, random) =>
        (change.ops = [{ action: 'del', obj: '_root', key: oneOf(random, ['title', 'gone']), pred: [] }]),
    ),
  },
  deleteTwice: {
    make: decoded((change, victim) => {
      const op = { action: 'del', obj: '_root', key: 'title', pred: visibleTitle(victim) }
      change.ops = [op, { ...op }]
    }),
  },
  insertWithPred: {
    make: decoded(
      (change, victim) =>
        (change.ops = [
          { action: 'set', obj: listOf(victim), elemId: '_head', insert: true, value: 'x', pred: [elementOf(victim)] },
        ]),
    ),
  },
  insertedDelete: {
    make: decoded(
      (change, victim, random) =>
        (change.ops = [
          {
            action: 'del',
            obj: listOf(victim),
            elemId: '_head',
            insert: true,
            pred: random() < 0.5 ? [] : [elementOf(victim)],
          },
        ]),
    ),
  },
  otherActions: {
    make: decoded(
      (change, victim, random) =>
        (change.ops = [
          oneOf(random, [
            { action: 'inc', obj: '_root', key: 'title', value: 1, datatype: 'int', pred: visibleTitle(victim) },
            { action: 'makeTable', obj: '_root', key: 'l', pred: [] },
          ]),
        ]),
    ),
  },
  actionNumbers: {
    make: parts((change, random) => change.columns.set(66, run(1, uleb(oneOf(random, [5, 6, 7, 8, 100, 2n ** 60n]))))),
  },
  bytesValue: {
    make: (victim) => [
      Automerge.getLastLocalChange(
        Automerge.change(
          Automerge.clone(victim.read, { actor: victim.actor }),
          { time: 0 },
          (draft) => void ((draft as unknown as Record<string, unknown>)['title'] = new Uint8Array(10)),
        ),
      )!,
    ],
  },
  bigInteger: {
    make: parts((change) => {
      change.columns.set(86, run(1, uleb((9n << 4n) | 4n)))
      change.columns.set(87, sleb(2n ** 60n))
    }),
  },
  notANumber: {
    make: parts((change) => {
      change.columns.set(86, run(1, uleb((8n << 4n) | 5n)))
      change.columns.set(87, Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x7f))
    }),
  },
  notUtf8: {
    make: parts((change) => {
      change.columns.set(86, run(1, uleb((2n << 4n) | 6n)))
      change.columns.set(87, Uint8Array.of(0xc3, 0x28))
    }),
  },
  mark: {
    make: (victim) => [
      Automerge.getLastLocalChange(
        Automerge.change(
          Automerge.change(
            Automerge.clone(victim.read, { actor: victim.actor }),
            { time: 0 },
            (draft) => void (draft.notes = 'some notes'),
          ),
          { time: 0 },
          (draft) => Automerge.mark(draft, ['notes'], { start: 0, end: 3, expand: 'both' }, 'bold', true),
        ),
      )!,
    ],
  },
  paddedNumber: {
    make: parts((change) => (change.seq = concat(Uint8Array.of(change.seq[0]! | 128), Uint8Array.of(0)))),
  },
  splitRuns: {
    make: parts((change) => {
      const action = change.columns.get(66)!
      change.columns.set(66, concat(action, sleb(0), uleb(0)))
    }),
  },
  emptyColumn: {
    make: parts(
      (change) =>
        (change.columns = new Map(
          [...change.columns, [115, new Uint8Array()] as [number, Bytes]].sort(([a], [b]) => a - b),
        )),
    ),
  },
  actorsOrder: { make: parts((change) => change.otherActors.push(fromHex(actorOf('unused')))) },
  deep: {
    make: decoded(
      (change, { actor }) =>
        (change.ops = Array.from({ length: 40 }, (_, index) => ({
          action: 'makeMap',
          obj: index === 0 ? '_root' : `${change.startOp + index - 1}@${actor}`,
          key: 'deep',
          pred: [],
        }))),
    ),
  },
  tooManyOps: {
    make: decoded(
      (change) =>
        (change.ops = Array.from({ length: 8_193 }, (_, index) => ({
          action: 'set',
          obj: '_root',
          key: `k${index}`,
          value: 1,
          datatype: 'int',
          pred: [],
        }))),
    ),
  },
  oversized: { make: decoded((change, victim) => (change.ops = [setTitle(victim, { value: 'x'.repeat(300_000) })])) },
  tooManyChanges: {
    make: (victim, random) => new Array<Uint8Array>(1_025).fill(honestBytes(victim, random)),
  },
  sameChangeTwice: {
    make: (victim, random) => {
      const bytes = honestBytes(victim, random)
      return [bytes, bytes]
    },
  },
  objectInList: {
    make: decoded((change, victim) => {
      change.ops = [{ action: 'makeMap', obj: listOf(victim), elemId: '_head', insert: true, pred: [] }]
    }),
  },
  counterValue: {
    make: decoded((change, victim) => {
      change.ops = [setTitle(victim, { value: 1, datatype: 'counter' })]
    }),
  },
  reusedCounters: {
    // The second change does not follow the first one, so both give their operations the same ids.
    make: (victim, random) => {
      const first = honestBytes(victim, random)
      const second = Automerge.decodeChange(honestBytes(victim, random))
      return [first, Automerge.encodeChange({ ...second, seq: second.seq + 1, message: 'second' })]
    },
  },
  forkedChanges: { make: (victim, random) => [honestBytes(victim, random), honestBytes(victim, random)] },
}
