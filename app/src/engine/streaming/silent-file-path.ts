/** Where the worker answers with one second of silence: what plays there tells whether this way works in this browser. */
export const silentFilePath = '/stream/self-test.m4a'
