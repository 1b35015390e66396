import { describe, expect, it } from 'vitest'
import { defaultConfig, help, readConfig } from './config.ts'

describe('the flags', () => {
  it.each([
    [['--nonsense'], /nonsense/],
    [['--port', '0'], /--port is less than 1/],
    [['--port', '65536'], /--port is more than 65535/],
    [['--port', 'eighty'], /--port is not a whole number/],
    [['--port'], /port/],
    [['--workers', '0'], /--workers/],
    [['--public-url', 'ftp://x'], /--public-url/],
    [['--public-url', 'not a url'], /--public-url/],
    [['--tls-cert', 'x.pem'], /--tls-cert and --tls-key go together/],
    [['--name', ' '], /--name is empty/],
    [['--data', ''], /--data is empty/],
    [['--data', '/x', '--data='], /--data is empty/],
  ])('refuse %j with one sentence that names the flag', (args, expected) => {
    expect(() => readConfig(args, {})).toThrow(expected)
    expect(() => readConfig(args, {})).toThrow(
      expect.objectContaining({ code: 'start-refused', message: expect.not.stringContaining('\n') }),
    )
  })

  it('refuse wrong settings in the environment by their names', () => {
    expect(() => readConfig([], { LOG_LEVEL: 'loud' })).toThrow(/LOG_LEVEL is not one of/)
    expect(() => readConfig([], { TONESTEAD_TRANSCODER: 'lame' })).toThrow(/TONESTEAD_TRANSCODER is not one of/)
    expect(() => readConfig([], { FFMPEG_PATH: '' })).toThrow(/FFMPEG_PATH is empty/)
  })

  it('have safe defaults: loopback, the demo, nothing public', () => {
    expect(readConfig([], {})).toEqual(defaultConfig())
    expect(defaultConfig()).toMatchObject({
      host: '127.0.0.1',
      port: 4533,
      isDemoWanted: true,
      areFoldersPublic: false,
      folders: [],
      workers: 1,
      tool: 'auto',
      logLevel: 'warn',
      publicUrl: undefined,
    })
  })

  it('are read, also with folders between them', () => {
    const config = readConfig(
      ['/music', '--public', '--port', '80', '/more', '--no-demo', '--public-url', 'https://music.example', '/music'],
      {},
    )
    expect(config).toMatchObject({
      folders: ['/music', '/more'],
      areFoldersPublic: true,
      port: 80,
      isDemoWanted: false,
      publicUrl: new URL('https://music.example'),
    })
    expect(readConfig(['--help', '--port', 'x'], {})).toBe('help')
    expect(help).toContain('--data')
  })
})
