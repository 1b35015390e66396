import { aacRenditions, nominalBitrateOf, type AacRenditionName } from '@tonestead/protocol/rendition'
import { useState } from 'react'
import type { DeviceIndexState } from '../../engine/search/search.ts'
import type { Settings } from '../../engine/settings/settings.ts'
import { Button } from '../controls/button.tsx'
import { ChoiceGroup } from '../controls/choice-group.tsx'
import { Switch } from '../controls/switch.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { OwnName } from '../people/own-name.tsx'
import { usePageTitle } from '../state/use-document-title.ts'
import { counted } from '../state/format-time.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { AccountDevices } from './account-devices.tsx'
import { KeptSection } from './kept-section.tsx'
import { Facts, Section } from './settings-section.tsx'
import page from '../layout/page.module.css'
import css from './settings-page.module.css'

const aacLabels: Readonly<Record<AacRenditionName, string>> = {
  'aac-64': 'Low',
  'aac-128': 'Normal',
  'aac-256': 'High',
}

/** Bytes an hour to the nearest 5 MB: frames and boxes add a little to the nominal rate. */
const bitrateCaption = (bps: number): string =>
  `${bps / 1000} kbit/s, about ${Math.round((bps * 3600) / 8 / 5e6) * 5} MB an hour`

const qualities: readonly (readonly [Settings['quality'], string, string])[] = [
  ['auto', 'Automatic', 'As good as the network allows, changing without a gap'],
  ...aacRenditions.map((name) => [name, aacLabels[name], bitrateCaption(nominalBitrateOf(name))] as const),
  ['lossless', 'Lossless', 'The recording as it was, where there is one; else high'],
]
const loudnesses: readonly (readonly [Settings['loudness'], string, string])[] = [
  ['automatic', 'Automatic', 'By release when a release plays in order, else by track'],
  ['track', 'By track', 'Every track is equally loud'],
  ['album', 'By release', 'Quiet tracks of a release stay quiet'],
  ['off', 'Off', 'As loud as it was mastered'],
]
const themes: readonly (readonly [Settings['theme'], string, string])[] = [
  ['system', 'As the system', ''],
  ['dark', 'Dark', ''],
  ['light', 'Light', ''],
]

export const SettingsPage = () => {
  usePageTitle('Settings')
  const { settings } = useServices()
  const { overlay, version } = useUiState()
  const chosen = useReadable(settings.view)
  return (
    <div className={page['page']}>
      <div className={css['column']}>
        <h1 className={page['title']}>Settings</h1>
        <p className={css['scope']}>
          Quality and theme belong to this device. The other settings are the same on all your devices.
        </p>
        <Section title="Playback">
          <ChoiceGroup
            label="Quality"
            choices={qualities}
            value={chosen.quality}
            onChange={(quality) => settings.change({ quality })}
          />
          <ChoiceGroup
            label="Loudness"
            choices={loudnesses}
            value={chosen.loudness}
            onChange={(loudness) => settings.change({ loudness })}
          />
        </Section>
        <Section title="Appearance">
          <ChoiceGroup
            label="Theme"
            choices={themes}
            value={chosen.theme}
            onChange={(theme) => settings.change({ theme })}
            isRow
          />
        </Section>
        <Section title="Keyboard">
          <Switch
            label="Single-key shortcuts"
            hint="Letters such as K for next and M for mute. Space and Ctrl K work always."
            isOn={chosen.hasShortcuts}
            onChange={(hasShortcuts) => settings.change({ hasShortcuts })}
          />
          <div>
            <Button onClick={() => overlay.set('shortcuts')}>Show all shortcuts</Button>
          </div>
        </Section>
        <KeptSection />
        <SearchSection />
        <Section title="Privacy">
          <Switch
            label="Keep listening history"
            hint="What you listen to, from all your devices, in the library. No server can read it."
            isOn={chosen.keepsHistory}
            onChange={(keepsHistory) => settings.change({ keepsHistory })}
          />
          <Switch
            label="Count my plays on this server"
            hint="It learns that a track was listened to, never by whom. What many listen to is found first."
            isOn={chosen.isPlayCountShared}
            onChange={(isPlayCountShared) => settings.change({ isPlayCountShared })}
          />
        </Section>
        <AccountSection />
        <SharingSection />
        <DevicesSection />
        <Section title="About">
          <Facts
            facts={[
              ['Version', version],
              ['Licence', 'AGPL-3.0-or-later: you may read, change and share it'],
            ]}
          />
        </Section>
        <DiagnosticsSection />
      </div>
    </div>
  )
}

const SearchSection = () => {
  const index = useReadable(useServices().search.deviceIndex)
  return (
    <Section title="Search">
      <Facts facts={[['On this device', indexText(index)]]} />
    </Section>
  )
}

const DiagnosticsSection = () => {
  const { diagnostics, log } = useServices()
  const { toasts } = useUiState()
  const [uncopied, setUncopied] = useState<string>()
  const copy = async () => {
    const text = await diagnostics.text()
    try {
      await navigator.clipboard.writeText(text)
      toasts.show('Diagnostics copied.')
    } catch (cause) {
      log.child('ui').failed('the diagnostics were not copied')(cause)
      setUncopied(text)
    }
  }
  return (
    <Section title="Diagnostics">
      <p>
        For a report of a fault: the version, the browser and what failed lately. No titles, names, searches or keys.
      </p>
      <div>
        <Button onClick={() => void copy()}>Copy diagnostics</Button>
      </div>
      {uncopied === undefined ? undefined : (
        <label className={css['copyable']}>
          This browser did not allow copying. Select the text and copy it:
          <textarea readOnly rows={8} value={uncopied} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </Section>
  )
}

const indexText = (index: DeviceIndexState): string => {
  switch (index.kind) {
    case 'absent':
      return 'No index yet. It is fetched after the first sound, and then search works without a network.'
    case 'fetching':
      return 'The index is being fetched.'
    case 'ready':
      return index.scope === 'catalog'
        ? `${counted(index.tracks, 'track')} can be found without a network.`
        : `${counted(index.tracks, 'track')} opened or played here can be found without a network. The library is too large to keep all of it.`
    case 'unavailable':
      return 'This browser keeps no index; the server is asked.'
  }
}

const AccountSection = () => {
  const { account, ingest } = useServices()
  const view = useReadable(account.view)
  const monitor = useReadable(ingest.view)
  if (view.kind !== 'ready') return undefined
  return (
    <Section title="Account">
      <Facts
        facts={[
          ['Server', view.serverName],
          [
            'You may',
            view.rights.length === 0 ? 'hear what is public' : view.rights.map((right) => rightTexts[right]).join(', '),
          ],
          ['Account id', <code key="account">{view.accountId}</code>],
          ['This device', <code key="device">{view.deviceId}</code>],
        ]}
      />
      {monitor.kind === 'hidden' ? undefined : (
        <AppLink href="/import" className={css['link']}>
          Import: progress and failures
        </AppLink>
      )}
    </Section>
  )
}

const SharingSection = () =>
  useReadable(useServices().account.view).kind === 'ready' ? (
    <Section title="Sharing">
      <OwnName />
      <AppLink href="/what-the-relay-sees" className={css['link']}>
        What the relay sees, and what it cannot
      </AppLink>
    </Section>
  ) : undefined

const DevicesSection = () =>
  useReadable(useServices().account.view).kind === 'ready' ? (
    <Section title="Devices">
      <AccountDevices />
    </Section>
  ) : undefined

const rightTexts = {
  listen: 'listen',
  upload: 'upload',
  publish: 'publish',
  administer: 'administer',
  'play-elsewhere': 'use other players',
} as const
