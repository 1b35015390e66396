import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findFfmpeg } from './recording.testkit.ts'
import { createSilentFile } from './silent-file.ts'

const ffmpeg = findFfmpeg()

test.skipIf(ffmpeg === undefined)('the probe file is one second of silence that decodes without a warning', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tonestead-silent-'))
  try {
    const path = join(folder, 'silent.m4a')
    writeFileSync(path, createSilentFile())
    const samples = execFileSync(ffmpeg!, [
      '-v',
      'warning',
      '-err_detect',
      'explode',
      '-xerror',
      '-i',
      path,
      '-f',
      's16le',
      '-ac',
      '1',
      'pipe:1',
    ])
    expect(Math.abs(samples.length / 2 - 48_000)).toBeLessThanOrEqual(1024)
    expect(samples.every((byte) => byte === 0)).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
