/** Polls until the condition holds; works outside of tests too. `what` names the condition for the error. */
export const until = async (what: string, isSo: () => Promise<boolean> | boolean, limitMs = 90_000): Promise<void> => {
  for (const began = performance.now(); performance.now() - began < limitMs;) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  throw new Error(`after ${limitMs / 1000} s this is not true: ${what}`)
}
