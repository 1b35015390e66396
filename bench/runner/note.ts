/** What a benchmark says besides its rows goes to stderr: stdout holds rows only. */
export const note = (text: string): void => console.error(text)
