import { usePageTitle } from '../state/use-document-title.ts'
import page from '../layout/page.module.css'
import css from '../people/people.module.css'

/** In plain words: the last part of the threat model. Text and table change together. */
export const RelaySeesPage = () => {
  usePageTitle('What the relay sees')
  return (
    <div className={page['page']}>
      <div className={css['column']}>
        <h1 className={page['title']}>What the relay sees</h1>
        <p>
          The relay passes on what your devices write to each other, and to those with whom you share a playlist. It
          puts it in order and keeps it. All of it is sealed on your device: the relay has no key.
        </p>
        <h2 className={css['subtitle']}>It cannot see</h2>
        <ul className={css['list']}>
          <li>what is in your library, your playlists, your queue, your history and your settings;</li>
          <li>what a playlist is called, which songs are in it, and who added which;</li>
          <li>your name. It knows accounts and devices by long numbers.</li>
        </ul>
        <h2 className={css['subtitle']}>It sees</h2>
        <ul className={css['list']}>
          <li>when each of your devices writes something, and how large it is;</li>
          <li>in which of your documents, by a number that says nothing of what it is;</li>
          <li>when a device was without a network, and when the app was started anew;</li>
          <li>which accounts share something, with what role, who invited, joined, left and was removed, and when;</li>
          <li>whose changes build on whose, and so who works together at the same time;</li>
          <li>the network address of each device while it is connected.</li>
        </ul>
        <h2 className={css['subtitle']}>It cannot do</h2>
        <ul className={css['list']}>
          <li>change or invent anything: every change is signed by the device that made it;</li>
          <li>
            show two people different histories without being found out: each gets receipts that prove it, and the app
            stops and says so;
          </li>
          <li>let somebody in: invitations are made and keys are given by members only.</li>
        </ul>
        <h2 className={css['subtitle']}>It can do</h2>
        <ul className={css['list']}>
          <li>
            stop working, or keep back what is new. Everything stays on your devices, and goes on when it is back;
          </li>
          <li>
            keep what it was given. Who was removed from a playlist, and has its operator as a friend, can read what was
            written before the removal was known; never what was written after.
          </li>
        </ul>
      </div>
    </div>
  )
}
