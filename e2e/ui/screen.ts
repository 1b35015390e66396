import type { Page } from 'playwright-core'

export const sizes = {
  desktop: { width: 1440, height: 900 },
  tablet: { width: 834, height: 1112 },
  phone: { width: 390, height: 844 },
} as const
export type Size = keyof typeof sizes
export type Screen = {
  readonly name: string
  readonly state: string
  readonly path: string
  readonly dialog?: string
  readonly prepare?: (page: Page, size: Size) => Promise<void>
}
