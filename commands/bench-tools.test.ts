import { expect, test } from 'vitest'
import { findBenchTools, readBenchTools } from './bench-tools.ts'

test('the tools are those that the benchmark requires and those of its peers', () => {
  expect(readBenchTools("runBench({ requiredTools: ['chromium'], peerTools: ['nginx', 'ffmpeg'] })")).toEqual([
    'chromium',
    'ffmpeg',
    'nginx',
  ])
  expect(readBenchTools("runBench({ name: 'nginx' })")).toEqual([])
})

test('a tool that no command can find is refused', () => {
  expect(() => readBenchTools("peerTools: ['apache']")).toThrow('apache')
})

test('a name that no benchmark has needs no tools', async () => {
  expect(await findBenchTools('nothing-here')).toEqual([])
})
