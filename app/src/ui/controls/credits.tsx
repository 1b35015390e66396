import type { ArtistCredit } from '@tonestead/protocol/catalog'
import { AppLink } from '../shell/app-link.tsx'

/** Names as the release has them, each a link, with their joining words. */
export const Credits = ({ credits, tabIndex, className }: { credits: readonly ArtistCredit[]; tabIndex?: number; className?: string | undefined }) => (
  <span className={className}>
    {credits.map((credit, index) => (
      <span key={`${credit.id}${index}`}>
        <AppLink href={`/artist/${credit.id}`} {...(tabIndex === undefined ? {} : { tabIndex })}>
          <bdi>{credit.name}</bdi>
        </AppLink>
        {credit.join}
      </span>
    ))}
  </span>
)

export const creditText = (credits: readonly ArtistCredit[]): string => credits.map(({ name, join }) => name + join).join('')
