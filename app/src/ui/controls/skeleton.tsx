import { classNames } from '../state/class-names.ts'
import css from './skeleton.module.css'

const many = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

export const Bone = ({
  className,
  width,
  height,
}: {
  className?: string | undefined
  width?: string
  height?: string
}) => <span className={classNames(css['bone'], className)} style={{ width, height }} aria-hidden="true" />

export const CardBones = ({ count = 12 }: { count?: number }) => (
  <div className={css['cards']} aria-hidden="true">
    {many(count).map((index) => (
      <div key={index}>
        <Bone className={css['square']} />
        <Bone width="80%" height="14px" />
        <Bone width="55%" height="12px" />
      </div>
    ))}
  </div>
)

export const RowBones = ({ count = 8 }: { count?: number }) => (
  <div className={css['rows']} aria-hidden="true">
    {many(count).map((index) => (
      <div key={index} className={css['row']}>
        <Bone width="40px" height="40px" />
        <span>
          <Bone width={`${30 + ((index * 13) % 25)}%`} height="13px" />
          <Bone width={`${18 + ((index * 7) % 15)}%`} height="11px" />
        </span>
      </div>
    ))}
  </div>
)

export const HeroBones = () => (
  <div className={css['hero']} aria-hidden="true">
    <Bone className={css['cover']} />
    <div className={css['words']}>
      <Bone width="72px" height="12px" />
      <Bone width="min(420px, 80%)" height="44px" />
      <Bone width="220px" height="14px" />
      <Bone width="120px" height="44px" />
    </div>
  </div>
)

export const PageSkeleton = () => (
  <div className={css['page']}>
    <Bone width="180px" height="32px" />
    <CardBones />
  </div>
)
