import * as Automerge from '@automerge/automerge'
import { changeLimits } from '../change-limits.ts'
import { decoded, listOf, type HostileKind, type HostileOp } from './hostile-victim.testkit.ts'

const many = (make: (index: number) => HostileOp): HostileOp[] =>
  Array.from({ length: changeLimits.maxOps }, (_, index) => make(index))

/** Bodies as large as the limits permit: right in themselves, and the slowest to check. */
export const largeChanges: Readonly<Record<string, HostileKind>> = {
  mostKeys: {
    make: decoded((change) => {
      change.ops = many((index) => ({
        action: 'set',
        obj: '_root',
        key: `key ${index}`,
        value: index,
        datatype: 'int',
        pred: [],
      }))
    }),
    mayPass: true,
  },
  mostOverwrites: {
    make: decoded((change, { actor }) => {
      change.ops = many((index) => ({
        action: 'set',
        obj: '_root',
        key: 'mine',
        value: 1,
        datatype: 'int',
        pred: index === 0 ? [] : [`${change.startOp + index - 1}@${actor}`],
      }))
    }),
    mayPass: true,
  },
  mostElements: {
    make: decoded((change, victim) => {
      change.ops = many((index) => ({
        action: 'set',
        obj: listOf(victim),
        elemId: index === 0 ? '_head' : `${change.startOp + index - 1}@${victim.actor}`,
        insert: true,
        value: 1,
        datatype: 'int',
        pred: [],
      }))
    }),
    mayPass: true,
  },
  mostObjects: {
    make: decoded((change) => {
      change.ops = many((index) => ({ action: 'makeMap', obj: '_root', key: `key ${index}`, pred: [] }))
    }),
    mayPass: true,
  },
  longestKeys: {
    make: decoded((change) => {
      change.ops = many((index) => ({ action: 'makeMap', obj: '_root', key: `${'k'.repeat(20)} ${index}`, pred: [] }))
    }),
    mayPass: true,
  },
  mostChanges: {
    make: ({ read }) => {
      let doc = Automerge.clone(read, { actor: Automerge.getActorId(read) })
      return Array.from({ length: changeLimits.maxChanges }, (_, index) => {
        doc = Automerge.change(
          doc,
          { time: 0 },
          (draft) => void ((draft as unknown as Record<string, number>)['mine'] = index),
        )
        return Automerge.getLastLocalChange(doc)!
      })
    },
    mayPass: true,
  },
}
