import { accessSync, constants } from 'node:fs'

/** Programs of the machine that benchmarks use. `npm run bench` finds them and passes their paths in these variables. */
const variables = {
  chromium: { variable: 'TONESTEAD_CHROMIUM', title: 'Chromium' },
  ffmpeg: { variable: 'TONESTEAD_REFERENCE_FFMPEG', title: 'ffmpeg' },
  nginx: { variable: 'TONESTEAD_NGINX', title: 'nginx' },
} as const
export type Tool = keyof typeof variables
export type ToolPaths = Readonly<Partial<Record<Tool, string>>>

/** The tools that were given, and a sentence for each that was not. */
export const readGivenTools = (
  tools: readonly Tool[],
  environment: Readonly<Record<string, string | undefined>>,
): { readonly paths: ToolPaths; readonly missing: readonly string[] } => {
  const paths: Partial<Record<Tool, string>> = {}
  const missing: string[] = []
  for (const tool of tools) {
    const { variable, title } = variables[tool]
    const path = environment[variable]
    if (path === undefined || path === '')
      missing.push(`${title} is missing: give the path of the program in the environment variable ${variable}.`)
    else if (!isExecutable(path))
      missing.push(`${title} is missing: ${variable} is ${path}, and no program can be started there.`)
    else paths[tool] = path
  }
  return { paths, missing }
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
