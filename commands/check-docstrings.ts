import ts from 'typescript'
import { listFiles, readFiles, reportFindings, type SourceFile } from './source-files.ts'

// Every export of crdt/, protocol/ and the ports has a docstring, because other workspaces and features import it.

const isChecked = (path: string): boolean =>
  /^(crdt\/src|protocol\/src|app\/src\/ports|media-server\/src\/ports|sync-server\/src\/ports)\/.*\.ts$/.test(path) &&
  !/\.(test|contract|testkit)\.ts$/.test(path)

type Declaration = { readonly name: string; readonly node: ts.Statement }

/** `path:line name` of every export without a docstring. */
export const findMissingDocstrings = ({ path, text }: SourceFile): string[] => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const exported = file.statements.filter(isExported).flatMap(declarationsOf)
  const documented = new Set(exported.filter(({ node }) => hasDocstring(node)).map(({ name }) => name))
  return exported
    .filter(({ name, node }) => !documented.has(name) && !documented.has(schemaOf(node) ?? ''))
    .map(({ name, node }) => `${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${name}`)
}

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)

const declarationsOf = (node: ts.Statement): Declaration[] => {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => ({ name: name.getText(), node }))
  const { name } = node as ts.Statement & { readonly name?: ts.Identifier }
  return [{ name: name?.text ?? 'default', node }]
}

const hasDocstring = (node: ts.Statement): boolean => ts.getJSDocCommentsAndTags(node).length > 0

/** The type of a schema is described where the schema is: `type Track = z.infer<typeof trackSchema>`. */
const schemaOf = (node: ts.Statement): string | undefined =>
  ts.isTypeAliasDeclaration(node)
    ? /^z\.(?:infer|output|input)<\s*typeof (\w+)\s*>$/.exec(node.type.getText())?.[1]
    : undefined

if (import.meta.main) {
  const files = await readFiles((await listFiles()).filter(isChecked))
  reportFindings(files.length, 'files whose exports need a docstring', files.flatMap(findMissingDocstrings))
}
