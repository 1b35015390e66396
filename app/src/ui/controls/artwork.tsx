import { useState, type CSSProperties } from 'react'
import { classNames } from '../state/class-names.ts'
import { placeholderOf } from '../state/placeholder.ts'
import css from './artwork.module.css'

type Cover = { readonly id: string; readonly color: string }
type ArtworkProps = {
  cover: Cover | undefined
  title: string
  /** Width on the page in pixels, or a `sizes` value. */ size: number | string
  isRound?: boolean
  className?: string | undefined
  isEager?: boolean
}

/** The cover, or initials on a colour made from the title when there is no cover. Decorative: the title is always beside it. */
export const Artwork = ({ cover: given, title, size, isRound = false, className, isEager = false }: ArtworkProps) => {
  const sizes = typeof size === 'number' ? `${size}px` : size
  const [missing, setMissing] = useState<string>()
  const cover = given?.id === missing ? undefined : given
  const { initials, hue } = placeholderOf(title)
  const style: CSSProperties = {
    '--hue': hue,
    ...(cover === undefined ? {} : { backgroundColor: cover.color }),
    ...(typeof size === 'number' ? { width: size } : {}),
  } as CSSProperties
  return (
    <span
      className={classNames(css['art'], cover === undefined && css['placeholder'], isRound && css['round'], className)}
      style={style}
      aria-hidden="true"
    >
      {cover === undefined ? (
        <span className={css['initials']}>{initials}</span>
      ) : (
        <img
          src={coverUrl(cover, 320)}
          srcSet={`${coverUrl(cover, 96)} 96w, ${coverUrl(cover, 320)} 320w, ${coverUrl(cover, 1024)} 1024w`}
          sizes={sizes}
          alt=""
          loading={isEager ? 'eager' : 'lazy'}
          decoding="async"
          draggable={false}
          onError={() => setMissing(cover.id)}
        />
      )}
    </span>
  )
}

const coverUrl = (cover: Cover, size: 96 | 320 | 1024): string => `/covers/${cover.id}/${size}.webp`
