/** A change of one file of the product. `find` must be there exactly once. */
export type Patch = { readonly file: string; readonly find: string; readonly replace: string }
/** A bug that the simulation must find. */
export type PlantedBug = { readonly name: string; readonly patches: readonly Patch[] }

const replica = 'app/src/engine/replica'
const log = 'protocol/src/sync/log'
const bug = (
  name: string,
  ...patches: readonly (readonly [file: string, find: string, replace: string])[]
): PlantedBug => ({
  name,
  patches: patches.map(([file, find, replace]) => ({ file, find, replace })),
})

/** Each is a rule of the design that is left out, or a mistake that was made once. */
export const plantedBugs: readonly PlantedBug[] = [
  bug('an own envelope is sent and not journalled', [
    `${replica}/writing/seal-intent.ts`,
    'turn.writes.push(pendingRow(state, envelope), {',
    'turn.writes.push({',
  ]),
  bug('the journal is never strict', [
    `${replica}/replica-turn.ts`,
    'writes, isStrict })',
    'writes, isStrict: false && isStrict })',
  ]),
  bug(
    'membership items do not name the newest one',
    [`${log}/check-membership.ts`, "if (header.base !== facts.now?.base) return never('base-moved')", ''],
    [`${log}/verify-membership.ts`, "if (header.base !== now?.base) return never('base-moved')", ''],
  ),
  bug('who leaves makes no epoch stale', [
    `${log}/fold-membership.ts`,
    'return { members: without(state.members, [account]), isStale: true }',
    'return { members: without(state.members, [account]) }',
  ]),
  bug('the relay does not look at deps', [
    'sync-server/src/log/relay-rules.ts',
    'checkItem(factsOf(log, item), item, knowledgeOf(log, at))',
    "checkItem(factsOf(log, item), item.kind === 'envelope' ? { ...item, header: { ...item.header, deps: [] } } : item, knowledgeOf(log, at))",
  ]),
  bug('who is removed stays a member', [
    `${log}/fold-membership.ts`,
    'return { members: without(state.members, [operation.account]) }',
    'return {}',
  ]),
  bug(
    'an epoch is sealed for too few',
    [
      `${replica}/goals/make-item.ts`,
      'const recipients = recipientsOfDraft(ground.now, { header, account }).epoch',
      'const recipients = recipientsOfDraft(ground.now, { header, account }).epoch.slice(ground.now === undefined ? 0 : 1)',
    ],
    [
      `${log}/check-boxes.ts`,
      "return isEqual(epoch.recipients, ids) ? undefined : 'recipients-wrong'",
      'return undefined',
    ],
  ),
  bug('viewers may write', [
    `${log}/rights.ts`,
    "if (found === undefined || !reaches(found.member.role, 'editor')) return 'no-right'",
    "if (found === undefined) return 'no-right'",
  ]),
  bug('feeds of a device are not random', [
    'protocol/src/sync/derived-ids.ts',
    'optionalIdToBytes(prev), random(nonceBytes))',
    'random(nonceBytes).fill(0))',
  ]),
  bug('a feed is continued after a restart', [
    `${replica}/loading/load-collection.ts`,
    'await readFacts(context, state)',
    `await readFacts(context, state)
  const last = state.log.lastOfDevice(context.device.device)
  if (last !== undefined) state.feed = { feed: last.feed, number: last.number, prev: last.id }`,
  ]),
  bug('what is dead is not issued again', [
    `${replica}/collection/reissue.ts`,
    'for (const intent of intents) if (!live.has(intent.id)) addTodo(state, turn.writes, { document, intent })',
    'void [document, intents, live]',
  ]),
  bug('the cursor is ahead of the log', [
    `${replica}/links/create-links.ts`,
    'const after = state.log.length()',
    'const after = state.log.length() === 0 ? 0 : state.log.length() + 1',
  ]),
  bug('a process of the relay does not look what others did', [
    'sync-server/src/relay/create-relay.ts',
    'const head = await heads.fresh(collection)',
    'const head = heads.known(collection)',
  ]),
  bug('seen need not be on the chain', [
    `${log}/named-place.ts`,
    "return named.chain === place.chain ? undefined : never('seen-off-chain')",
    'return undefined',
  ]),
  bug(
    'an intent is issued twice',
    [`${replica}/collection/reissue.ts`, 'if (!live.has(intent.id)) addTodo', 'addTodo'],
    [
      'crdt/src/slots/slot-changes.ts',
      '!list.has(slotOf(id, intent, suffix)) && recordOf(tools.before ?? draft, id) === undefined',
      'list.length() >= 0 && [id, suffix].length > 0',
    ],
  ),
  bug('the chain is not compared with the receipt', [
    `${replica}/log/read-items.ts`,
    'start + wanted.length !== receipt.seq || chains.at(-1) !== receipt.chain',
    'start + wanted.length !== receipt.seq',
  ]),
  bug('a receipt for a place that is here is not compared', [
    `${replica}/links/take-receipt.ts`,
    'if (receipt.chain !== state.log.chainAt(receipt.seq))',
    'if (receipt.seq < 0)',
  ]),
  bug('signatures of items are not verified', [
    `${log}/check-item.ts`,
    "if (!(await verifierOf(deps).verifyItem(item, key))) return never('signature')",
    '',
  ]),
  bug(
    'receipts before the disk has synced',
    [
      'sync-server/src/platform/memory/memory-log-store.ts',
      "deps.disk('durable').logs.get(collection) ?? noLog",
      "deps.disk('working').logs.get(collection) ?? noLog",
    ],
    [
      'sync-server/src/platform/memory/memory-log-store.ts',
      '    await deps.synced()\n    for (const collection of changed)',
      '    void deps.synced().catch(() => undefined)\n    for (const collection of changed)',
    ],
  ),
  bug('anybody may put snapshots', [
    `${log}/check-snapshot.ts`,
    'findRightFault(facts.now, header, header.place.seq) ?? findEpochFault(facts, header.epoch)',
    'findEpochFault(facts, header.epoch)',
  ]),
  bug(
    'a snapshot is not checked',
    [
      `${replica}/snapshots/check-snapshots.ts`,
      '{ item, parts, isChecked: false }',
      '{ item, parts, isChecked: true }',
    ],
    [
      `${replica}/snapshots/check-snapshots.ts`,
      'const isTrue = isSame(opened.bytes, own.bytes) && own.voids.join() === item.header.voids.join()',
      'const isTrue = isSame(own.bytes, own.bytes)',
    ],
  ),
  bug('a snapshot does not name the void items that it omits', [
    `${replica}/snapshots/make-snapshots.ts`,
    'voids: content.voids,',
    'voids: [],',
  ]),
  bug('bodies of a snapshot are given to void items too', [
    `${replica}/snapshots/use-snapshot.ts`,
    'filter(({ id }) => !omitted.has(id))',
    'filter(({ id }) => omitted.size >= 0 && id.length > 0)',
  ]),
  bug('a relay drops bodies of void items', [
    `${log}/confirmed-snapshots.ts`,
    'keeps: new Set(newest.flatMap(({ header }) => header.voids))',
    'keeps: new Set()',
  ]),
  bug('a snapshot holds the envelopes in another order', [
    `${replica}/snapshots/document-content.ts`,
    'const counting = all.filter(({ id }) => !state.voids.has(id))',
    'const counting = all.filter(({ id }) => !state.voids.has(id)).toReversed()',
  ]),
  bug('snapshots may name anything as void', [
    `${log}/check-snapshot.ts`,
    "if (!header.voids.every(facts.isLogged)) return never('target-wrong')",
    '',
  ]),
  bug('number 1 may follow on an envelope of a former feed', [
    `${log}/check-envelope.ts`,
    "if (header.prev === undefined || facts.isLogged(header.prev)) return never('prev-wrong')",
    "if (header.prev === undefined) return never('prev-wrong')\n  if (facts.isLogged(header.prev)) return header.number === 1 ? undefined : never('prev-wrong')",
  ]),
  bug('a re-homing cuts nothing', [
    `${replica}/links/re-homing.ts`,
    'await cutLog(context, state, keeps.seq)',
    'void cutLog',
  ]),
  bug('what a re-homing cuts off is forgotten', [
    `${replica}/links/re-homing.ts`,
    'for (const logged of tail) makePending(context, state, { logged, envelope: bodies.get(logged.item.id) })',
    'void [tail, bodies, makePending]',
  ]),
  bug('bodies are not checked', [
    `${replica}/change-check/create-change-check.ts`,
    'const reason = checkHeader(context, decoded.change) ?? checkOperations(context, decoded)',
    'const reason = undefined as VoidReason | undefined\n  void [checkHeader, checkOperations]',
  ]),
  bug('rights may have been broken since', [
    `${log}/rights.ts`,
    "return found.member.since > seenSeq || found.device.since > seenSeq ? 'right-broken' : undefined",
    'return undefined',
  ]),
  bug(
    'sealed while the epoch is stale',
    [`${log}/named-place.ts`, "return state.isStale ? 'epoch-stale' : undefined", 'return undefined'],
    [`${replica}/writing/can-seal.ts`, 'now === undefined || now.isStale ||', 'now === undefined ||'],
  ),
  bug('a head is compared with receipts that came after the question', [
    `${replica}/links/take-receipt.ts`,
    'if (isSameHome && receipt.seq < asked.seq)',
    'if (isSameHome && receipt.seq < (state.receipt?.seq ?? 0))',
  ]),
  bug('a refused subscription is not repeated', [
    `${replica}/links/handle-frame.ts`,
    'if (refused !== undefined) context.wakeAfter(subscribeAgainMs',
    'if (refused !== undefined && link.subscribed.size < 0) context.wakeAfter(subscribeAgainMs',
  ]),
]
