import { X } from 'lucide-react'
import { Dialog } from '../controls/dialog.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { shortcutList } from './shortcut-list.ts'
import css from './shortcuts-dialog.module.css'

export const ShortcutsDialog = ({ onClose }: { onClose: () => void }) => (
  <Dialog label="Keyboard shortcuts" shape="center" onClose={onClose}>
    <div className={css['head']}>
      <h2 className={css['title']}>Keyboard shortcuts</h2>
      <IconButton label="Close" icon={X} onClick={onClose} />
    </div>
    <div className={css['groups']}>
      {shortcutList.map(({ group, keys }) => (
        <section key={group} aria-label={group}>
          <h3 className={css['group']}>{group}</h3>
          <dl className={css['list']}>
            {keys.map(([key, what]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>
                  <kbd>{key}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
    <p className={css['foot']}>Single letters can be switched off in Settings.</p>
  </Dialog>
)
