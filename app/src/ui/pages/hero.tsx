import type { Cover } from '@tonestead/protocol/catalog'
import type { ReactNode } from 'react'
import { Artwork } from '../controls/artwork.tsx'
import css from './hero.module.css'

type HeroProps = {
  /** Instead of `cover`. */ art?: ReactNode
  cover: Cover | undefined
  title: string
  /** Instead of the heading with `title`. */ heading?: ReactNode
  /** A button beside the title. */ titleAction?: ReactNode
  kind: string
  facts: ReactNode
  badges?: readonly (string | undefined)[]
  isRound?: boolean
  children: ReactNode
}

/** The head of a release's or an artist's page: cover, title, facts, actions. */
export const Hero = (props: HeroProps) => {
  const { art, cover, title, heading, titleAction, kind, facts, badges = [], isRound = false, children } = props
  return (
    <header className={css['hero']}>
      {art ?? (
        <Artwork
          className={css['art']}
          cover={cover}
          title={title}
          size="(width < 640px) 80vw, 232px"
          isRound={isRound}
          isEager
        />
      )}
      <div className={css['words']}>
        <p className={css['kind']}>
          {kind}
          {badges.map((badge) =>
            badge === undefined ? undefined : (
              <span key={badge} className={css['badge']}>
                {badge}
              </span>
            ),
          )}
        </p>
        <div className={css['heading']}>
          {heading ?? (
            <h1 className={css['title']}>
              <bdi>{title}</bdi>
            </h1>
          )}
          {titleAction}
        </div>
        <p className={css['facts']}>{facts}</p>
        <div className={css['actions']}>{children}</div>
      </div>
    </header>
  )
}
