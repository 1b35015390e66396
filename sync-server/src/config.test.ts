import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig } from './config.ts'

it('reads flags, with defaults for what is not given', () => {
  expect(readConfig(['--open'], {})).toMatchObject({
    isOpen: true,
    dataFolder: resolve('relay-data'),
    port: 4534,
    host: '127.0.0.1',
    isProxied: false,
    origins: [],
    databaseUrl: undefined,
    logLevel: 'warn',
  })
  const args = ['--pass-key', 'a', '--pass-key', 'b', '--origin', 'https://a.example/x', '--origin', '*', '--data', 'd']
  expect(readConfig(args, { INIT_CWD: '/srv' })).toMatchObject({
    isOpen: false,
    passKeys: ['a', 'b'],
    origins: ['https://a.example', '*'],
    dataFolder: resolve('/srv/d'),
  })
  expect(readConfig(['--help'], {})).toBe('help')
})

it.each([
  [[], 'Say who may use this relay'],
  [['--open', '--port', '70000'], '--port is more than 65535'],
  [['--open', '--limits', '0'], '--limits is less than 1'],
  [['--open', '--origin', 'nonsense'], '--origin'],
  [['--open', '--database-url', 'mysql://x'], '--database-url is not a postgresql address'],
  [['--open', '--unknown'], 'Unknown option'],
])('refuses %j with a sentence', (args, sentence) => {
  expect(() => readConfig(args, {})).toThrow(sentence)
})
