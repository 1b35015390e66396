/** [OS3] Whether a hit is of another server: its id is a `savedKey`. */
export const isOfOtherServer = ({ id }: { readonly id: string }): boolean => id.includes('/')
