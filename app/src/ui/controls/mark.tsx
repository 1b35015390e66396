import css from './mark.module.css'

/** The logo: a gable of two facing brackets over a dot. The same drawing is in public/icons. */
export const Mark = ({ size = 28 }: { size?: number }) => (
  <svg className={css['mark']} width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path
      d="M13.500 4.500 4.500 15l4.500 12.500M18.500 4.500l9 10.500L23 27.500"
      fill="none"
      stroke="currentColor"
      strokeWidth="3"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
    <circle cx="16" cy="18" r="2.600" fill="currentColor" />
  </svg>
)

export const Wordmark = () => <span className={css['word']}>tonestead</span>
