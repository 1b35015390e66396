import { SyncIndicator, useSyncText } from '../layout/sync-indicator.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useFrameKind } from '../state/use-frame-kind.ts'
import { Facts, Section } from './settings-section.tsx'

/** What is kept where. On a phone the shell has no room for the status. */
export const KeptSection = () => {
  const kind = useFrameKind()
  const { short, long } = useSyncText()
  const account = useReadable(useServices().account.view)
  const isKnown = account.kind === 'ready' && account.rights.length > 0
  return (
    <Section title="Kept and synced">
      <Facts
        facts={[
          ['Sync', kind === 'phone' ? <SyncIndicator key="sync" /> : short],
          ['What that means', long],
          ['On this device', 'What you save and your playlists, in the storage of this browser'],
          [
            'On the server',
            isKnown
              ? 'The same, sealed: its relay sees who writes when and how much, and can read none of it'
              : 'Nothing of this yet',
          ],
        ]}
      />
    </Section>
  )
}
