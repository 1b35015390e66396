import type { Cover } from '@tonestead/protocol/catalog'
import type { ReactNode } from 'react'
import { Artwork } from '../controls/artwork.tsx'
import css from './hero.module.css'

type HeroProps = {
  cover: Cover | undefined
  title: string
  kind: string
  facts: ReactNode
  badges?: readonly (string | undefined)[]
  isRound?: boolean
  children: ReactNode
}

/** The head of a release's or an artist's page: cover, title, facts, actions. */
export const Hero = ({ cover, title, kind, facts, badges = [], isRound = false, children }: HeroProps) => (
  <header className={css['hero']}>
    <Artwork
      className={css['art']}
      cover={cover}
      title={title}
      size="(width < 640px) 80vw, 232px"
      isRound={isRound}
      isEager
    />
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
      <h1 className={css['title']}>
        <bdi>{title}</bdi>
      </h1>
      <p className={css['facts']}>{facts}</p>
      <div className={css['actions']}>{children}</div>
    </div>
  </header>
)
