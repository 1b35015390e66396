/** `<cover id>#<rrggbb>`, or the id alone of a saved release; any other value is not a cover. */
export const coverOf = (image: string | undefined): { readonly id: string; readonly color: string } | undefined => {
  const parts = /^([0-9a-f]{64})(#[0-9a-f]{6})?$/.exec(image ?? '')
  return parts?.[1] === undefined ? undefined : { id: parts[1], color: parts[2] ?? 'transparent' }
}
