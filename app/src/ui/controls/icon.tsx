import type { LucideIcon } from 'lucide-react'

export const Icon = ({ of: Picture, size = 20 }: { of: LucideIcon; size?: number }) => (
  <Picture size={size} strokeWidth={1.75} aria-hidden="true" focusable="false" />
)
