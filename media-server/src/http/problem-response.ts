import { HTTPException } from 'hono/http-exception'
import { problemOf, problems, type Problem, type ProblemCode } from '@tonestead/protocol/problem'

// Problems by RFC 9457. This is the only place where errors become responses.

export const problemType = 'application/problem+json'

/** The problem that the client gets for an error: known codes with their detail, everything else as `internal` without detail. */
export const problemFrom = (error: unknown, instance?: string): Problem => {
  const code = codeOf(error)
  const detail =
    code !== undefined && error instanceof Error && error.message !== problems[code].title ? error.message : undefined
  return { ...problemOf(code ?? 'internal', detail), ...(instance === undefined ? {} : { instance }) }
}

/** The problem code of an error. Compared by name and code, not by class: the error may come from another thread. */
export const codeOf = (error: unknown): ProblemCode | undefined => {
  // Thrown by Hono for a body that is not JSON.
  if (error instanceof HTTPException && error.status === 400) return 'invalid-request'
  const code = error instanceof Error && error.name === 'ProblemError' && 'code' in error ? error.code : undefined
  return typeof code === 'string' && Object.hasOwn(problems, code) ? (code as ProblemCode) : undefined
}

export const problemHeaders = (problem: Problem): Record<string, string> => ({
  'content-type': problemType,
  'cache-control': 'no-store',
  ...(problem.status === 401 ? { 'www-authenticate': 'DPoP algs="EdDSA"' } : {}),
  ...(problem.code === 'rate-limited' ? { 'retry-after': '10' } : {}),
  ...(problem.code === 'not-ready' ? { 'retry-after': '2' } : {}),
})

export const problemResponse = (problem: Problem): Response =>
  new Response(JSON.stringify(problem), { status: problem.status, headers: problemHeaders(problem) })
