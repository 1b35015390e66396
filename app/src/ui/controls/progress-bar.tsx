import css from './progress-bar.module.css'

export const ProgressBar = ({ label, value, max }: { label: string; value: number; max: number }) => {
  const share = max > 0 ? Math.min(1, value / max) : 0
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={`${Math.round(share * 100)} per cent`}
      className={css['track']}
    >
      <span className={css['fill']} style={{ width: `${share * 100}%` }} />
    </div>
  )
}
