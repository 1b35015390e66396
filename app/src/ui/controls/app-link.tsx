import type { ComponentPropsWithRef } from 'react'
import { Link } from 'wouter'
import { useUiState } from '../state/ui-state.tsx'

/** A link inside the app. Pointing at it or focusing it loads the code of its page. */
export const AppLink = ({ href, ...rest }: Omit<ComponentPropsWithRef<'a'>, 'href'> & { href: string }) => {
  const { preload } = useUiState()
  return <Link href={href} onPointerEnter={() => preload(href)} onFocus={() => preload(href)} {...rest} />
}
