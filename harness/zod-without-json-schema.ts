import type { Plugin } from 'vite'

const leftOut = /\/node_modules\/zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js$/
const exported = /^export (?:const|function) (\w+)/gm
const message = 'JSON Schema is left out of the page: harness/zod-without-json-schema.ts'

/** Each schema of zod refers to the code that writes it as JSON Schema, so it would be loaded with the page, which writes none: 7 kB of Brotli. */
export const zodWithoutJsonSchema = (): Plugin => ({
  name: 'zod-without-json-schema',
  apply: 'build',
  transform: (code, id) => {
    if (!leftOut.test(id)) return undefined
    const names = [...code.matchAll(exported)].map((match) => match[1] ?? '')
    const lines = names.map((name) => `export const ${name} = missing`)
    if (code.includes('export { processSchema as process }')) lines.push('export { processSchema as process }')
    return {
      code: [`const missing = () => { throw new Error(${JSON.stringify(message)}) }`, ...lines].join('\n'),
      map: null,
    }
  },
})
