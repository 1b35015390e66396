import { expect, it } from 'vitest'
import { peerKeyOf, peerOf } from './peer-address.ts'

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::ffff', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ['not an address', undefined],
  ['', undefined],
])('the peer of %s is %s', (address, expected) => {
  expect(peerKeyOf(address)).toBe(expected)
})

const requestOf = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as never

it('believes X-Forwarded-For only when it comes from a proxy on this machine, and only its last address', () => {
  expect(peerOf(requestOf('127.0.0.1', '192.0.2.1, 192.0.2.7'), true)).toBe('192.0.2.7')
  expect(peerOf(requestOf('::ffff:127.0.0.1', '2001:db8:1:2::9'), true)).toBe('2001:db8:1:2::/64')
  expect(peerOf(requestOf('::1', '[2001:db8:1:2::9]:443'), true)).toBe('2001:db8:1:2::/64')
  expect(peerOf(requestOf('127.0.0.1', '192.0.2.7:5000'), true)).toBe('192.0.2.7')
  expect(peerOf(requestOf('127.0.0.1', 'nonsense'), true)).toBe('127.0.0.1')
  expect(peerOf(requestOf('127.0.0.1', '192.0.2.7'), false)).toBe('127.0.0.1')
  expect(peerOf(requestOf('192.0.2.9', '192.0.2.7'), true)).toBe('192.0.2.9')
})
