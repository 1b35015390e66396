/** The worker serves one second of silence here: the page probes with it whether this browser plays what the worker serves. */
export const silentFilePath = '/stream/self-test.m4a'
