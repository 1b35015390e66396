import type { Kysely } from 'kysely'
import type { PlayStore } from '../../ports/play-store.ts'
import type { Database } from './sqlite-schema.ts'

export const createSqlitePlayStore = (db: Kysely<Database>): PlayStore => ({
  count: async (track, day) => {
    await db
      .insertInto('plays')
      .values({ track_id: track, day, times: 1 })
      .onConflict((conflict) =>
        conflict.columns(['track_id', 'day']).doUpdateSet((row) => ({ times: row('plays.times', '+', 1) })),
      )
      .execute()
  },
  forgetBefore: async (day) => {
    await db.deleteFrom('plays').where('day', '<', day).execute()
  },
})
