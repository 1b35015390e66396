import * as Automerge from '@automerge/automerge'
import { readFile } from 'node:fs/promises'

// Loads a saved Automerge document. Argument: its file. Prints milliseconds from reading the file until all entries are plain data; nothing is checked.

const [file = ''] = process.argv.slice(2)
const began = performance.now()
const document = Automerge.load<{ entries: Record<string, unknown> }>(await readFile(file))
if (Object.keys(document.entries).length === 0) throw new Error('the file has no entries')
console.log(performance.now() - began)
