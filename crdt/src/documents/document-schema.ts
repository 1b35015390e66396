import type { DocumentKind } from './document-kind.ts'
import { documentShapes, type Shape } from './document-shape.ts'
import { textFormats } from './text-formats.ts'

/**
 * One operation of a change. `container`: keys from the root to the map or list that it changes. `key`: of a map; undefined for an element of a list.
 * `make` puts an empty map or list, `set` a value, `delete` removes what is at the key or element, `insert` adds an element to a list. `value`: a string,
 * number or boolean; `'map'` or `'list'` for `make`, anything else there (collaborative text, table) is refused. A string means one value, as
 * `ImmutableString` stores it.
 */
export type DocumentOperation = { readonly container: readonly string[] } & (
  | { readonly action: 'make'; readonly key: string | undefined; readonly value: string }
  | { readonly action: 'set'; readonly key: string | undefined; readonly value: unknown }
  | { readonly action: 'delete'; readonly key: string | undefined }
  | { readonly action: 'insert'; readonly value: unknown }
)

/**
 * [DC2] [DC3] Whether the schema of a kind permits an operation. Constant changes (first value, migrations) are not asked. A record in a map is made as an
 * empty map, and its fields are set; texts must have the form of their place.
 */
export const isPermitted = (kind: DocumentKind, operation: DocumentOperation): boolean => {
  const shape = shapeAt(documentShapes[kind], operation.container)
  switch (shape?.kind) {
    case 'list':
      return isPermittedInList(shape, operation)
    case 'map':
      return isPermittedInMap(shape, operation)
    case 'record':
      return isPermittedInRecord(shape, operation)
    default:
      return false
  }
}

/** The shape of the container at this path; undefined when the schema has none. */
const shapeAt = (root: Shape, path: readonly string[]): Shape | undefined =>
  path.reduce<Shape | undefined>((shape, key) => {
    if (shape?.kind === 'map') return textFormats[shape.key](key) ? shape.value : undefined
    return shape?.kind === 'record' ? fieldOf(shape, key) : undefined
  }, root)

type ShapeOf<K extends Shape['kind']> = Extract<Shape, { kind: K }>

const fieldOf = ({ fields }: ShapeOf<'record'>, key: string | undefined): Shape | undefined =>
  key !== undefined && Object.hasOwn(fields, key) ? fields[key] : undefined

/** Slots are inserted and deleted, never overwritten. */
const isPermittedInList = ({ format }: ShapeOf<'list'>, operation: DocumentOperation): boolean => {
  if (operation.action === 'insert') return isValue({ kind: 'text', format }, operation.value)
  return operation.action === 'delete' && operation.key === undefined
}

const isPermittedInMap = ({ key, value }: ShapeOf<'map'>, operation: DocumentOperation): boolean => {
  if (operation.action === 'insert' || operation.key === undefined || !textFormats[key](operation.key)) return false
  if (operation.action === 'delete') return true
  if (operation.action === 'make') return value.kind === 'record' && operation.value === 'map'
  return isValue(value, operation.value)
}

const isPermittedInRecord = (record: ShapeOf<'record'>, operation: DocumentOperation): boolean => {
  if (operation.action === 'insert' || operation.action === 'make') return false
  const field = fieldOf(record, operation.key)
  if (operation.action === 'set') return field !== undefined && isValue(field, operation.value)
  return operation.key !== undefined && record.optional.includes(operation.key)
}

const isValue = (shape: Shape, value: unknown): boolean => {
  if (shape.kind === 'boolean') return typeof value === 'boolean'
  return shape.kind === 'text' && typeof value === 'string' && textFormats[shape.format](value)
}
