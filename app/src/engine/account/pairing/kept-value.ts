/** The name of the value with the intents that a profile takes along to another account, until they are in its journal. */
export const keptValue = 'carried-over'
