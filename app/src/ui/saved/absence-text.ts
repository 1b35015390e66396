/** Why a saved thing cannot be played here. */
export const otherServerText = 'On another server'
export const goneFromServerText = 'No longer in the library of this server'
