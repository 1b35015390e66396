import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4, isIPv6 } from 'node:net'

/**
 * Who is limited together: an IPv4 address, or the first 64 bits of an IPv6 address, because one customer gets at least that many addresses.
 * An IPv4 address that is written as IPv6 (::ffff:a.b.c.d) counts as IPv4. Undefined for what is no address.
 */
export const peerKeyOf = (address: string): string | undefined => {
  const plain = address.replace(/%.*$/, '')
  if (isIPv4(plain)) return plain
  if (!isIPv6(plain)) return undefined
  const groups = groupsOf(plain)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight groups of a valid IPv6 address; an IPv4 address at its end takes two of them. */
const groupsOf = (address: string): number[] => {
  const hexadecimal = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
  const [before = [], after] = hexadecimal.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = after === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...(after ?? [])].map((group) =>
    Number.parseInt(group, 16),
  )
}

const isLoopback = (peer: string): boolean => peer.startsWith('127.') || peer === loopbackIpv6
const loopbackIpv6 = '0:0:0:0::/64'

/** Whether a connection comes from a proxy on this machine, which carries the requests of many clients. */
const isFromProxy = (remoteAddress: string | undefined, isProxied: boolean): boolean =>
  isProxied && isLoopback(peerKeyOf(remoteAddress ?? '') ?? '')

/** The peer of a request. Behind a proxy on this machine the client's address is the last one in X-Forwarded-For: that one was written by the proxy. */
export const peerOf = (request: IncomingMessage, isProxied: boolean): string => {
  const direct = peerKeyOf(request.socket.remoteAddress ?? '') ?? 'unknown'
  if (!isFromProxy(request.socket.remoteAddress, isProxied)) return direct
  const forwarded = request.headers['x-forwarded-for']
  const last = (Array.isArray(forwarded) ? forwarded.at(-1) : forwarded)?.split(',').at(-1)?.trim() ?? ''
  return peerKeyOf(withoutPort(last)) ?? direct
}

/** Some proxies add the port: "1.2.3.4:567", "[2001:db8::1]:567". */
const withoutPort = (address: string): string =>
  isIP(address) === 0 ? address.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1') : address

/** A request of a program on this machine, that no proxy carries. */
export const isLocalRequest = (request: IncomingMessage): boolean =>
  isLoopback(peerKeyOf(request.socket.remoteAddress ?? '') ?? '') && request.headers['x-forwarded-for'] === undefined
