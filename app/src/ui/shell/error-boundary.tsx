import { Component, type ReactNode } from 'react'
import { Button } from '../controls/button.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Mark } from '../controls/mark.tsx'

/** Catches errors while rendering; React requires a class for that. Playback continues, because the player is not a component. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError = () => ({ hasFailed: true })

  override render() {
    if (!this.state.hasFailed) return this.props.children
    return (
      <main>
        <EmptyState
          picture={<Mark size={48} />}
          title="This page broke"
          actions={
            <Button look="primary" onClick={() => location.reload()}>
              Load again
            </Button>
          }
        >
          Something in the app failed. Your library and your queue are safe. If loading again does not help, a new
          version may be on its way: close all tabs of this address and open it anew.
        </EmptyState>
      </main>
    )
  }
}
