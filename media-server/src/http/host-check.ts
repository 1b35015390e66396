import { isIP } from 'node:net'
import { ProblemError } from '@tonestead/protocol/problem'

/** Checks Host and Origin. DNS rebinding needs a host name that an attacker owns, so IP addresses and local names are safe; other names must be configured with --public-url. */
export const createHostCheck = (
  publicUrl: URL | undefined,
): ((request: { host: string | undefined; origin: string | undefined }) => void) => {
  const isOurs = (host: string): boolean => {
    const name = nameOf(host)
    return (
      name === 'localhost' ||
      name.endsWith('.localhost') ||
      isIP(name.replace(/^\[|\]$/g, '')) !== 0 ||
      name === publicUrl?.hostname
    )
  }
  return ({ host, origin }) => {
    if (host === undefined || !isOurs(host))
      throw new ProblemError(
        'origin-refused',
        'This server does not answer under that host name. Start it with --public-url if it should.',
      )
    if (origin !== undefined && !isSameOrigin(origin, host, publicUrl)) throw new ProblemError('origin-refused')
  }
}

const nameOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase()

/** Ignores the scheme: behind a proxy that ends TLS the page has https and this server has http. */
const isSameOrigin = (origin: string, host: string, publicUrl: URL | undefined): boolean => {
  if (!URL.canParse(origin)) return false
  const from = new URL(origin)
  return from.host === host.toLowerCase() || from.origin === publicUrl?.origin
}
