type Policy = { createScriptURL(url: string): unknown }
type TrustedTypes = { createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy }

/** The one policy of this app: the only scripts that are ever made from text are its workers, by their addresses. Made once: its name may not be used again. */
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
