import { Pause, Play } from 'lucide-react'
import type { ReleaseId } from '@tonestead/crdt/ids'
import { Artwork } from '../controls/artwork.tsx'
import { creditText, type CreditLine } from '../state/credit-text.ts'
import { Icon } from '../controls/icon.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { usePlayRelease } from './use-play-release.ts'
import css from './card.module.css'

/** What a card shows of a release. */
export type CardRelease = {
  readonly id: ReleaseId
  readonly title: string
  readonly credits: CreditLine
  readonly cover?: { readonly id: string; readonly color: string } | undefined
}

export const ReleaseCard = ({ release, line }: { release: CardRelease; line?: string }) => {
  const { isOn, toggle } = usePlayRelease(release.id)
  return (
    <div className={css['box']}>
      <article className={css['card']}>
        <AppLink href={`/release/${release.id}`} className={css['link']}>
          <Artwork
            className={css['art']}
            cover={release.cover}
            title={release.title}
            size="(width < 640px) 45vw, 220px"
          />
          <bdi className={css['title']}>{release.title}</bdi>
          <span className={css['line']}>{line ?? <bdi>{creditText(release.credits)}</bdi>}</span>
        </AppLink>
        <button
          type="button"
          className={css['play']}
          data-on={isOn ? '' : undefined}
          aria-label={`${isOn ? 'Pause' : 'Play'} ${release.title}`}
          onClick={toggle}
        >
          <Icon of={isOn ? Pause : Play} />
        </button>
      </article>
    </div>
  )
}
