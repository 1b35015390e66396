/** Tells the tabs of a profile that it belongs to another account now: they load again. */
export const accountChannel = 'tonestead-account'
