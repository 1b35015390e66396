import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { NotFoundPage } from './pages/not-found-page.tsx'
import { PageSkeleton } from './controls/skeleton.tsx'
import { pageModules } from './page-modules.ts'

const HomePage = lazy(() => pageModules.home().then(({ HomePage }) => ({ default: HomePage })))
const LibraryPage = lazy(() => pageModules.library().then(({ LibraryPage }) => ({ default: LibraryPage })))
const ReleasePage = lazy(() => pageModules.release().then(({ ReleasePage }) => ({ default: ReleasePage })))
const TrackPage = lazy(() => pageModules.track().then(({ TrackPage }) => ({ default: TrackPage })))
const ArtistPage = lazy(() => pageModules.artist().then(({ ArtistPage }) => ({ default: ArtistPage })))
const PlaylistPage = lazy(() => pageModules.playlist().then(({ PlaylistPage }) => ({ default: PlaylistPage })))
const SearchPage = lazy(() => pageModules.search().then(({ SearchPage }) => ({ default: SearchPage })))
const SettingsPage = lazy(() => pageModules.settings().then(({ SettingsPage }) => ({ default: SettingsPage })))
const UploadPage = lazy(() => pageModules.upload().then(({ UploadPage }) => ({ default: UploadPage })))
const JoinPage = lazy(() => pageModules.join().then(({ JoinPage }) => ({ default: JoinPage })))
const RelaySeesPage = lazy(() => pageModules['what-the-relay-sees']().then((page) => ({ default: page.RelaySeesPage })))
const ImportPage = lazy(() => pageModules.import().then(({ ImportPage }) => ({ default: ImportPage })))

export const Routes = () => (
  <Suspense fallback={<PageSkeleton />}>
    <Switch>
      <Route path="/" component={HomePage} />
      <Route path="/library">
        <Redirect to="/library/releases" replace />
      </Route>
      <Route path="/library/:part">{({ part }) => <LibraryPage part={part} />}</Route>
      <Route path="/release/:id">{({ id }) => <ReleasePage key={id} id={id} />}</Route>
      <Route path="/playlist/:id">{({ id }) => <PlaylistPage key={id} id={id} />}</Route>
      <Route path="/track/:id">{({ id }) => <TrackPage key={id} id={id} />}</Route>
      <Route path="/artist/:id">{({ id }) => <ArtistPage key={id} id={id} />}</Route>
      <Route path="/search" component={SearchPage} />
      <Route path="/settings" component={SettingsPage} />
      <Route path="/upload" component={UploadPage} />
      <Route path="/join" component={JoinPage} />
      <Route path="/what-the-relay-sees" component={RelaySeesPage} />
      <Route path="/import" component={ImportPage} />
      <Route component={NotFoundPage} />
    </Switch>
  </Suspense>
)
