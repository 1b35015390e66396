import { useServices } from '../state/services-context.tsx'
import { useAnswer } from '../state/use-answer.ts'
import { useFrameKind } from '../state/use-frame-kind.ts'
import { Artwork } from '../controls/artwork.tsx'
import { creditText } from '../state/credit-text.ts'
import { AppLink } from '../controls/app-link.tsx'
import css from './rail-releases.module.css'

/** The releases that were added last. Narrow screens have no room for them. */
export const RailReleases = () => (useFrameKind() === 'desktop' ? <RecentReleases /> : undefined)

const RecentReleases = () => {
  const { library } = useServices()
  const { answer } = useAnswer('rail', (signal) => library.releases({ offset: 0, limit: 20, sort: 'recent' }, signal))
  if (answer.kind !== 'ready' || answer.value.items.length === 0) return undefined
  return (
    <div className={css['recent']}>
      <h2 className={css['heading']}>Recently added</h2>
      <ul className={css['list']}>
        {answer.value.items.map((release) => (
          <li key={release.id}>
            <AppLink href={`/release/${release.id}`} className={css['release']}>
              <Artwork cover={release.cover} title={release.title} size={40} />
              <span className={css['text']}>
                <bdi className={css['title']}>{release.title}</bdi>
                <bdi className={css['artist']}>{creditText(release.credits)}</bdi>
              </span>
            </AppLink>
          </li>
        ))}
      </ul>
    </div>
  )
}
