import type { DeviceId } from '@tonestead/crdt/ids'
import type { Token } from '@tonestead/crdt/listening/packed-playback'
import { isBelow } from '@tonestead/crdt/listening/playback-document'
import {
  holds,
  isSameToken,
  type Heard,
  type Step,
  type TokenEffect,
  type TokenEvent,
  type TokenMessage,
  type TokenModel,
} from './token-model.ts'

// [T1] Who sounds. A pure step; the rules TK are in SPEC.md.

/** [TK4] Messages without an answer are sent again this long after the first time, and then once in the last of these. */
export const resendAfterMs = [150, 400, 1_000, 2_000] as const
/** [TK5] A holder that says nothing for this long is superseded. */
export const silentAfterMs = 3_000
/** [TK5] A device that was not heard for this long is cut off, and is not asked. Longer than two heartbeats. */
const cutOffAfterMs = 12_000

export const stepToken = (before: TokenModel, event: TokenEvent, nowMs: number): Step => {
  const { model, effects } = take(before, event, nowMs)
  const pursued = pursue(model, nowMs)
  return { model: pursued.model, effects: [...effects, ...pursued.effects] }
}

const quiet = (model: TokenModel): Step => ({ model, effects: [] })

const take = (model: TokenModel, event: TokenEvent, nowMs: number): Step => {
  switch (event.kind) {
    case 'want':
      return quiet({ ...model, taking: newTaking(event.id, nowMs) })
    case 'sounds':
      return beginSounding(model, event.id, nowMs)
    case 'unwanted':
      return quiet({ ...model, taking: undefined })
    case 'silent':
      return grantWhenSilent({ ...model, sound: 'silent' }, nowMs)
    case 'heard':
      return hear(model, event.heard, nowMs)
    case 'learned':
      return learnFromDocument(model, event, nowMs)
    case 'joined':
      return { model: { ...model, joinedAtMs: nowMs }, effects: [{ kind: 'say' }] }
    case 'left':
      return quiet({ ...model, joinedAtMs: undefined })
    case 'tick':
      return resendGrant(model, nowMs)
  }
}

const newTaking = (id: string, nowMs: number) => ({ id, sinceMs: nowMs, sends: 0, nextMs: nowMs })

const beginSounding = (model: TokenModel, id: string, nowMs: number): Step =>
  quiet({ ...model, sound: 'sounding', taking: holds(model) ? undefined : newTaking(id, nowMs) })

const learnFromDocument = (
  model: TokenModel,
  { token, isSounding }: Extract<TokenEvent, { kind: 'learned' }>,
  nowMs: number,
): Step => {
  const known = model.others.get(token.to)
  const other = { heardAtMs: known?.heardAtMs, isSounding: known?.isSounding ?? isSounding }
  return learn({ ...model, others: new Map([...model.others, [token.to, other]]) }, token, nowMs)
}

/** [TK1] A higher token counts from when it is seen: who has another one is silent. */
const learn = (model: TokenModel, token: Token | undefined, nowMs: number): Step => {
  if (token === undefined || !isBelow(model.token, token)) return quiet(model)
  const { taking, sound } = model
  const isOther = token.to !== model.self
  const mustPause = isOther && sound === 'sounding'
  return {
    model: {
      ...model,
      token,
      granting: undefined,
      sound: mustPause ? 'pausing' : sound,
      taking: taking && { ...taking, sinceMs: nowMs, sends: 0, nextMs: nowMs },
    },
    effects: mustPause ? [{ kind: 'pause' }] : [],
  }
}

const hear = (before: TokenModel, { from, token, isSounding, message }: Heard, nowMs: number): Step => {
  const others = new Map([...before.others, [from, { heardAtMs: nowMs, isSounding }]])
  const { model, effects } = learn({ ...before, others }, token, nowMs)
  const isBehind = isBelow(token, model.token ?? { epoch: 0, to: model.self }) && model.token !== undefined
  // [TK1] Who sounds under a lower token hears of the higher one at once.
  const said: TokenEffect[] = isBehind && isSounding && message === undefined ? [{ kind: 'say' }] : []
  if (message === undefined) return { model, effects: [...effects, ...said] }
  const answered = answer(model, { from, message }, nowMs)
  return { model: answered.model, effects: [...effects, ...answered.effects] }
}

type Asked = { readonly from: DeviceId; readonly message: TokenMessage }

const answer = (model: TokenModel, { from, message }: Asked, nowMs: number): Step => {
  switch (message.kind) {
    case 'take':
      return answerTake(model, { from, id: message.id, token: message.token }, nowMs)
    case 'grant':
      return { model, effects: [{ kind: 'send', to: from, message: { kind: 'ack', id: message.id } }] }
    case 'ack':
      return quiet(model.granting?.id === message.id ? { ...model, granting: undefined } : model)
  }
}

/** [TK2] The holder is silent first, and grants then. [TK3] A question for another token than that of the holder is answered with what it knows. */
const answerTake = (
  model: TokenModel,
  { from, id, token }: { readonly from: DeviceId; readonly id: string; readonly token: Token },
  nowMs: number,
): Step => {
  const { granting, sound } = model
  if (granting?.id === id) return granting.token === undefined ? quiet(model) : sendGrant(model, nowMs)
  if (!isSameToken(model.token, token)) return { model, effects: [{ kind: 'say' }] }
  if (!holds(model)) return quiet(giveWay(model, from, nowMs))
  const next = { ...model, granting: { id, to: from, token: undefined, sends: 0, nextMs: nowMs }, taking: undefined }
  if (sound === 'silent') return grantWhenSilent(next, nowMs)
  return { model: { ...next, sound: 'pausing' }, effects: sound === 'sounding' ? [{ kind: 'pause' }] : [] }
}

/** [TK6] Of two that ask for the token of a holder who says nothing, the one with the higher device id goes first: the other asks anew. */
const giveWay = (model: TokenModel, from: DeviceId, nowMs: number): TokenModel =>
  model.taking === undefined || from < model.self ? model : { ...model, taking: { ...model.taking, sinceMs: nowMs } }

const grantWhenSilent = (model: TokenModel, nowMs: number): Step => {
  const { granting, token } = model
  if (granting === undefined || granting.token !== undefined || token === undefined) return quiet(model)
  const next: Token = { epoch: token.epoch + 1, to: granting.to }
  const sent = sendGrant({ ...model, token: next, granting: { ...granting, token: next } }, nowMs)
  // The grant says where the music was, so it must not come after the document.
  return { model: sent.model, effects: [...sent.effects, { kind: 'keep', token: next }] }
}

const sendGrant = (model: TokenModel, nowMs: number): Step => {
  const { granting } = model
  if (granting?.token === undefined) return quiet(model)
  const { id, to, sends } = granting
  return {
    model: { ...model, granting: { ...granting, sends: sends + 1, nextMs: nowMs + waitAfter(sends) } },
    effects: [{ kind: 'send', to, message: { kind: 'grant', id } }],
  }
}

/** [TK4] A grant that nobody confirms is given up: whoever wants the token asks again. */
const resendGrant = (model: TokenModel, nowMs: number): Step => {
  const { granting } = model
  if (granting?.token === undefined || nowMs < granting.nextMs) return quiet(model)
  if (granting.sends > resendAfterMs.length) return quiet({ ...model, granting: undefined })
  return sendGrant(model, nowMs)
}

const waitAfter = (sends: number): number =>
  (resendAfterMs[sends] ?? 2 * resendAfterMs[3]) - (sends === 0 ? 0 : (resendAfterMs[sends - 1] ?? resendAfterMs[3]))

/** Does what the wish to sound here needs now. */
const pursue = (model: TokenModel, nowMs: number): Step => {
  const { taking, token, granting } = model
  if (model.sound === 'pausing' || taking === undefined || (granting !== undefined && granting.token === undefined))
    return quiet(model)
  if (token !== undefined && !holds(model)) {
    if (!isSilent(model, token.to, nowMs)) return askHolder(model, token, nowMs)
    return supersede(model, { epoch: token.epoch + 1, to: model.self })
  }
  return token === undefined ? supersede(model, { epoch: 1, to: model.self }) : sound(model)
}

/** [TK5] */
const isSilent = ({ others, joinedAtMs, taking }: TokenModel, holder: DeviceId, nowMs: number): boolean => {
  const { heardAtMs, isSounding } = others.get(holder) ?? { heardAtMs: undefined, isSounding: true }
  if (heardAtMs !== undefined && nowMs - heardAtMs < silentAfterMs) return false
  if (heardAtMs !== undefined && nowMs - heardAtMs >= cutOffAfterMs) return true
  if (heardAtMs === undefined && (joinedAtMs === undefined || !isSounding || nowMs - joinedAtMs >= silentAfterMs))
    return true
  return nowMs - (taking?.sinceMs ?? nowMs) >= silentAfterMs
}

const supersede = (model: TokenModel, token: Token): Step => {
  const sounding = sound({ ...model, token })
  return { model: sounding.model, effects: [{ kind: 'keep', token }, ...sounding.effects] }
}

const sound = (model: TokenModel): Step => {
  const isOn = model.sound === 'sounding'
  const effects: TokenEffect[] = isOn ? [{ kind: 'say' }] : [{ kind: 'sound' }, { kind: 'say' }]
  return { model: { ...model, sound: 'sounding', taking: undefined }, effects }
}

const askHolder = (model: TokenModel, token: Token, nowMs: number): Step => {
  const { taking } = model
  if (taking === undefined || nowMs < taking.nextMs) return quiet(model)
  const { id, sends } = taking
  return {
    model: { ...model, taking: { ...taking, sends: sends + 1, nextMs: nowMs + Math.min(1_000, waitAfter(sends)) } },
    effects: [{ kind: 'send', to: undefined, message: { kind: 'take', id, token } }],
  }
}
