import { maxUploadBytes } from '@tonestead/protocol/upload'
import { expect, test } from 'vitest'
import type { ChosenFile, Uploader, UploadOutcome } from '../../ports/uploader.ts'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import { createCell } from '../cell.ts'
import { createUploads } from './create-uploads.ts'

const hidden = { isPublic: false } as const
const fileOf = (name: string, sizeBytes = 100): ChosenFile => ({ name, sizeBytes, content: undefined })

const createWorld = () => {
  const isOnline = createCell(true)
  const discarded: string[] = []
  const calls: {
    name: string
    isPublic: boolean
    progress: (sent: number) => void
    end: (outcome: UploadOutcome) => void
  }[] = []
  const uploader: Uploader = {
    send: (file, { progress, signal }) =>
      new Promise((end) => {
        signal.addEventListener('abort', () => end({ kind: 'offline' }))
        calls.push({ name: file.name, isPublic: file.isPublic, progress, end })
      }),
    discard: (file) => Promise.resolve(void discarded.push(file.name)),
  }
  const uploads = createUploads({ uploader, log, server: { isOnline, report: (answered) => isOnline.set(answered) } })
  const states = () =>
    uploads.view
      .get()
      .map(({ name, state }) => `${name} ${state.kind}${state.kind === 'sending' ? ` ${state.percent}` : ''}`)
  const end = async (outcome: UploadOutcome): Promise<void> => {
    calls.at(-1)?.end(outcome)
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { isOnline, uploads, calls, discarded, states, end }
}

test('files are sent one after the other, with progress in whole per cents', async () => {
  const { uploads, calls, states, end } = createWorld()
  await uploads.add([fileOf('a.wav'), fileOf('b.wav')], hidden)
  calls[0]?.progress(33.4)
  expect(states()).toEqual(['a.wav sending 33', 'b.wav waiting'])
  await end({ kind: 'received' })
  expect(states()).toEqual(['a.wav received', 'b.wav sending 0'])
})

test('nothing is sent while the server does not answer; afterwards it goes on', async () => {
  const { uploads, calls, states, end, isOnline } = createWorld()
  await uploads.add([fileOf('a.wav'), fileOf('b.wav')], hidden)
  await end({ kind: 'offline' })
  expect([isOnline.get(), calls.length, ...states()]).toEqual([false, 1, 'a.wav waiting', 'b.wav waiting'])
  isOnline.set(true)
  expect(calls.length).toBe(2)
  isOnline.set(false)
  await end({ kind: 'offline' })
  expect(states()).toEqual(['a.wav waiting', 'b.wav waiting'])
})

test('a refusal says what to do, and can be tried again', async () => {
  const { uploads, states, end } = createWorld()
  await uploads.add([fileOf('a.wav')], hidden)
  await end({ kind: 'refused', code: 'storage-full', title: 'The server has no room left' })
  expect(uploads.view.get()[0]?.state).toEqual({
    kind: 'failed',
    title: 'The server has no room left',
    cure: 'Its administrator can free some space; then try again.',
    mayRetry: true,
  })
  uploads.retry(uploads.view.get()[0]?.id ?? 0)
  expect(states()).toEqual(['a.wav sending 0'])
})

test('a file that is too large fails at once; files beside recordings in a folder are left out', async () => {
  const { uploads, states } = createWorld()
  expect(
    await uploads.add(
      [
        fileOf('big.wav', maxUploadBytes + 1),
        fileOf('Rain/cover.jpg'),
        fileOf('Rain/.DS_Store'),
        fileOf('Rain/01.flac'),
        fileOf('cover.jpg'),
      ],
      hidden,
    ),
  ).toEqual({ leftOut: 2 })
  expect(states()).toEqual(['big.wav failed', 'Rain/01.flac sending 0', 'cover.jpg waiting'])
})

test('removing the file that is being sent stops it, and the next one starts', async () => {
  const { uploads, states, discarded } = createWorld()
  await uploads.add([fileOf('a.wav'), fileOf('b.wav')], hidden)
  uploads.remove(uploads.view.get()[0]?.id ?? 0)
  await new Promise((resolve) => setTimeout(resolve))
  expect(discarded).toEqual(['a.wav'])
  expect(states()).toEqual(['b.wav sending 0'])
})

test('the choice that everyone may listen belongs to the files that were added with it', async () => {
  const { uploads, calls, end, isOnline } = createWorld()
  await uploads.add([fileOf('a.wav')], { isPublic: true })
  await uploads.add([fileOf('b.wav')], hidden)
  await end({ kind: 'offline' })
  isOnline.set(true)
  await end({ kind: 'received' })
  await end({ kind: 'received' })
  // The first call ended because the server did not answer; the second one resumes it.
  expect(calls.map(({ name, isPublic }) => [name, isPublic])).toEqual([
    ['a.wav', true],
    ['a.wav', true],
    ['b.wav', false],
  ])
  expect(uploads.view.get().map(({ name, isPublic }) => [name, isPublic])).toEqual([
    ['a.wav', true],
    ['b.wav', false],
  ])
})
