/** zod, and the module that configures it, in one chunk: so zod is configured before a module of any other chunk makes its first schema. */
export const zodChunk = {
  codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\/|\/zod-without-eval\.ts$/ }] },
}
