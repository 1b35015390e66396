import type { ReactNode } from 'react'
import { Artwork } from '../controls/artwork.tsx'
import { classNames } from '../state/class-names.ts'
import { otherServerText } from './absence-text.ts'
import css from './saved-shelf.module.css'

type AbsentCardProps = { title: string; isRound?: boolean; /** Before the reason. */ children?: ReactNode }

/** A thing that this server does not have: there is no page to go to. */
export const AbsentCard = ({ title, isRound = false, children }: AbsentCardProps) => (
  <article className={classNames(css['absent'], isRound && css['round'])}>
    <Artwork
      className={css['art']}
      cover={undefined}
      title={title}
      size="(width < 640px) 45vw, 220px"
      isRound={isRound}
    />
    <bdi className={css['title']}>{title}</bdi>
    <span className={css['reason']}>
      {children}
      {otherServerText}
    </span>
  </article>
)
