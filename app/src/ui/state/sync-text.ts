import type { SyncStatus } from '../../engine/documents/documents.ts'
import { counted, formatMoment } from './format-time.ts'

/** What the status of sync says, in a few words and in a sentence that says what to do. `tone`: `bad` needs a person. */
export type SyncText = { readonly tone: 'good' | 'quiet' | 'bad'; readonly short: string; readonly long: string }

/** `isKnown`: the server gave this account a right; who has none keeps everything on his device. */
export const syncText = (status: SyncStatus, { nowMs, isKnown }: { nowMs: number; isKnown: boolean }): SyncText => {
  switch (status.kind) {
    case 'starting':
      return { tone: 'quiet', short: 'Starting', long: 'What is kept on this device is being opened.' }
    case 'synced':
      return {
        tone: 'good',
        short: `Synced · ${formatMoment(status.atMs, nowMs)}`,
        long: 'Everything is on this device and, sealed, on the relay of this server.',
      }
    case 'waiting':
      return waitingText(status, isKnown)
    case 'offline':
      return isKnown ? offlineText(status.atMs, nowMs) : aloneText
    case 'needs-you':
      return { tone: 'bad', ...needs[status.reason] }
    case 'unavailable':
      return { tone: 'bad', ...faults[status.reason] }
  }
}

const aloneText: SyncText = {
  tone: 'quiet',
  short: 'On this device',
  long: 'This server does not know your account yet, so what you save stays on this device. After an invitation it is synced by itself.',
}

const waitingText = (
  { changes, isConnected }: Extract<SyncStatus, { kind: 'waiting' }>,
  isKnown: boolean,
): SyncText => {
  if (!isKnown) return aloneText
  const long = isConnected
    ? 'They are kept on this device and are being sent.'
    : 'They are kept on this device and are sent as soon as the server can be reached.'
  return { tone: 'quiet', short: `${counted(changes, 'change')} waiting`, long }
}

const offlineText = (atMs: number | undefined, nowMs: number): SyncText => ({
  tone: 'quiet',
  short: 'Offline',
  long:
    atMs === undefined
      ? 'Nothing of yours waits. What was changed elsewhere comes as soon as the server can be reached.'
      : `Last synced ${formatMoment(atMs, nowMs)}. Nothing of yours waits; what was changed elsewhere since then comes as soon as the server can be reached.`,
})

type Words = Pick<SyncText, 'short' | 'long'>
const needs: Readonly<Record<Extract<SyncStatus, { kind: 'needs-you' }>['reason'], Words>> = {
  frozen: {
    short: 'Sync stopped: needs you',
    long: 'The relay of this server contradicts itself, so nothing more is sent to it. What is on this device is kept. Tell whoever runs the server, and copy the diagnostics below for them.',
  },
  'update-needed': {
    short: 'Update needed',
    long: 'Another of your devices uses a newer version. Close all tabs of this page and open it again.',
  },
  'key-missing': {
    short: 'A key is missing',
    long: 'Something was written that this device cannot read yet. Open this page on another of your devices; it hands the key on.',
  },
  'storage-failed': {
    short: 'Not saved: needs you',
    long: 'This device could not write to its storage, so the last change was not kept. Make room on the disk, then make the change again. Nothing that was kept before is lost.',
  },
}
const faults: Readonly<Record<Extract<SyncStatus, { kind: 'unavailable' }>['reason'], Words>> = {
  'not-supported': {
    short: 'Nothing is kept',
    long: 'This browser cannot keep saved music and playlists. A newer browser, or one that is not in private mode, can.',
  },
  'storage-failed': {
    short: 'Nothing is kept',
    long: 'The storage of this browser could not be opened. Nothing in it was changed. Restart the browser; if it stays so, make room on the disk.',
  },
  'not-begun': {
    short: 'Not kept yet',
    long: 'The relay of this server was never reached, and without it nothing can be kept. It begins by itself when the server answers.',
  },
}
