import { classNames } from '../state/class-names.ts'
import css from './skeleton.module.css'

const many = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

export const SkeletonBlock = ({
  className,
  width,
  height,
}: {
  className?: string | undefined
  width?: string
  height?: string
}) => <span className={classNames(css['skeletonBlock'], className)} style={{ width, height }} aria-hidden="true" />

export const CardSkeletons = ({ count = 12 }: { count?: number }) => (
  <div className={css['cards']} aria-hidden="true">
    {many(count).map((index) => (
      <div key={index}>
        <SkeletonBlock className={css['square']} />
        <SkeletonBlock width="80%" height="14px" />
        <SkeletonBlock width="55%" height="12px" />
      </div>
    ))}
  </div>
)

export const RowSkeletons = ({ count = 8 }: { count?: number }) => (
  <div className={css['rows']} aria-hidden="true">
    {many(count).map((index) => (
      <div key={index} className={css['row']}>
        <SkeletonBlock width="40px" height="40px" />
        <span>
          <SkeletonBlock width={`${30 + ((index * 13) % 25)}%`} height="13px" />
          <SkeletonBlock width={`${18 + ((index * 7) % 15)}%`} height="11px" />
        </span>
      </div>
    ))}
  </div>
)

export const HeroSkeleton = () => (
  <div className={css['hero']} aria-hidden="true">
    <SkeletonBlock className={css['cover']} />
    <div className={css['words']}>
      <SkeletonBlock width="72px" height="12px" />
      <SkeletonBlock width="min(420px, 80%)" height="44px" />
      <SkeletonBlock width="220px" height="14px" />
      <SkeletonBlock width="120px" height="44px" />
    </div>
  </div>
)

export const PageSkeleton = () => (
  <div className={css['page']}>
    <SkeletonBlock width="180px" height="32px" />
    <CardSkeletons />
  </div>
)
