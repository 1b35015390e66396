import type { ComponentPropsWithRef } from 'react'
import { Link } from 'wouter'
import { preloadPage } from './pages.ts'

/** A link inside the app. Pointing at it or focusing it fetches the code of its page. */
export const AppLink = ({ href, ...rest }: Omit<ComponentPropsWithRef<'a'>, 'href'> & { href: string }) => {
  const preload = () => preloadPage(href)
  return <Link href={href} onPointerEnter={preload} onFocus={preload} {...rest} />
}
