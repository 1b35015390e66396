import type { Pool, PoolClient } from 'pg'

/** Runs `work` in a transaction on a connection of its own. Whatever fails rolls it back and throws. */
export const inPostgresTransaction = async <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> => {
  const client = await pool.connect()
  let fault: unknown
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    fault = error
    await client.query('ROLLBACK').catch((second: unknown) => (fault = new AggregateError([error, second])))
    throw fault
  } finally {
    // A connection whose rollback failed is not used again.
    client.release(fault instanceof AggregateError)
  }
}
