import type { Mark } from '../../engine/search/search.ts'
import { markedParts } from './marked-parts.ts'
import css from './marked-text.module.css'

/** A title or name, isolated from the text direction around it (bdi). The parts that match a search are marked. */
export const MarkedText = ({
  text,
  marks = [],
  className,
  title,
}: {
  text: string
  marks?: readonly Mark[] | undefined
  className?: string | undefined
  title?: string
}) => (
  <bdi className={className} title={title}>
    {marks.length === 0
      ? text
      : markedParts(text, marks).map((part, index) =>
          part.isMarked ? (
            <mark key={index} className={css['mark']}>
              {part.text}
            </mark>
          ) : (
            part.text
          ),
        )}
  </bdi>
)
