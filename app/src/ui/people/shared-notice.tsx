import type { SharedWith } from './use-people.ts'
import { Notice } from '../controls/notice.tsx'
import css from './people.module.css'

/** Says what this person may not do (any more) in a shared playlist; nothing to who may write. */
export const SharedNotice = ({ membership }: Pick<SharedWith, 'membership'>) => {
  if (membership === undefined) return undefined
  const { role } = membership.you
  if (role === 'viewer')
    return (
      <div className={css['notice']}>
        <Notice tone="info" title="You listen here">
          Editors and owners change this playlist; what they do shows here at once.
        </Notice>
      </div>
    )
  return role === undefined ? (
    <div className={css['notice']}>
      <Notice tone="info" title="You do not take part any more">
        This is the copy that you had. It gets nothing new, and cannot be changed. Somebody who takes part can invite
        you again.
      </Notice>
    </div>
  ) : undefined
}
