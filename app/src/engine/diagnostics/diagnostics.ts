/** What a person may paste into a bug report. It holds no title, name, search text, id, key or token. */
export type Diagnostics = { text(): Promise<string> }
