type Policy = { createScriptURL(url: string): unknown }
type TrustedTypes = { createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy }

/** The one Trusted Types policy of this app: the only script URLs it allows are those of its workers. Call it once: the name of a policy may not be used again. */
export const createScriptTrust = (scripts: readonly string[]): ((url: string) => string) => {
  const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  const policy = factory?.createPolicy('app', {
    createScriptURL: (url) => {
      if (!scripts.includes(url)) throw new TypeError('not a script of this app')
      return url
    },
  })
  return (url) => (policy?.createScriptURL(url) ?? url) as string
}
