/** The present path of a file that this process has open under the number `descriptor`; undefined where the system does not say it. Rejects when it is not open. */
export type OpenFilePath = (descriptor: number) => Promise<string | undefined>
