// node commands/run.mjs COMMAND [arguments]. In JavaScript, because an old Node must be able to run it and print that it is too old.
const needed = 24
const [command, ...rest] = process.argv.slice(2)
if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(
    `Tonestead needs Node ${needed}; this is ${process.versions.node}. "npm ci" installs it on Linux (glibc), macOS and Windows. On other systems (musl, other processors) install Node ${needed} yourself.`,
  )
  process.exit(1)
}
process.argv.splice(2, process.argv.length - 2, ...rest)
await import(new URL(`./${command}.ts`, import.meta.url).href)
