import css from './mark.module.css'

/** A house gable drawn by two facing sound brackets over a dot. The same drawing stands in public/icons. */
export const Mark = ({ size = 28 }: { size?: number }) => (
  <svg className={css['mark']} width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path d="M14 5 5.5 16 14 27M18 5l8.500 11L18 27" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
    <circle cx="16" cy="16" r="2.600" fill="currentColor" />
  </svg>
)

export const Wordmark = () => <span className={css['word']}>tonestead</span>
