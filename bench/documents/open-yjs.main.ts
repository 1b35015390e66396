import { readFile } from 'node:fs/promises'
import * as Y from 'yjs'

// Loads a Yjs document from an update. Argument: its file. Prints milliseconds from reading the file until all entries are plain data; nothing is checked.

const [file = ''] = process.argv.slice(2)
const began = performance.now()
const document = new Y.Doc()
Y.applyUpdate(document, await readFile(file))
if (Object.keys(document.getMap('entries').toJSON()).length === 0) throw new Error('the file has no entries')
console.log(performance.now() - began)
