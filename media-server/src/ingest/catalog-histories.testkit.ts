import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import fc from 'fast-check'
import type { FakeMusic } from './fake-music.testkit.ts'
import {
  ghostsIn,
  makeMusic,
  openLibrary,
  readCatalog,
  type GivenFolder,
  type Library,
  type Music,
} from './library.testkit.ts'

// Histories of a music collection: what happens to its files while a server scans, encodes and is killed. Whatever happened, the catalog must end as
// that of a new server that sees only the final state, with the same ids.

type Step =
  | { readonly kind: 'write'; readonly file: string; readonly music: FakeMusic }
  | { readonly kind: 'move'; readonly from: string; readonly to: string }
  | { readonly kind: 'change capitals' | 'delete' | 'change format'; readonly file: string }
  | { readonly kind: 'delete folder' | 'unreadable' | 'readable' | 'unplug' | 'plug in'; readonly folder: string }
  | { readonly kind: 'cover'; readonly folder: string; readonly content: string | undefined }
  | { readonly kind: 'give'; readonly folder: string; readonly isGiven: boolean; readonly isPublic: boolean }
  | { readonly kind: 'upload'; readonly name: string; readonly music: FakeMusic; readonly isPublic: boolean }
  | { readonly kind: 'scan'; readonly killAt: number | undefined }
  | { readonly kind: 'work'; readonly jobs: number; readonly killAt: number | undefined }
  | { readonly kind: 'confirm' }
export type History = readonly Step[]

const roots = ['one', 'two', 'one/inner'] as const
const folders = ['one', 'one/Ann/Album', 'one/inner', 'one/inner/Mix', 'two', 'two/Ann/Album', 'two/Mix'] as const
const anyFolder = fc.constantFrom(...folders)
const anyFile = fc
  .tuple(anyFolder, fc.constantFrom('01 Dawn.flac', '02 Dusk.flac', 'Dawn.ogg', 'noon.flac', 'x.ogg'))
  .map(([folder, name]) => `${folder}/${name}`)

/** Tags that often name the same release, so that tracks meet. Undefined: by file name. */
const anyTags = fc.option(
  fc.record({
    title: fc.constantFrom('Dawn', 'DAWN', 'Dusk', 'Noon'),
    artist: fc.constantFrom('Ann', 'ann', 'Bob', undefined),
    albumArtist: fc.constantFrom('Ann', 'ANN', undefined),
    album: fc.constantFrom('Album', 'album', 'Mix', undefined),
    position: fc.constantFrom(1, 2, undefined),
    year: fc.constantFrom(1999, 2000, undefined),
  }),
  { nil: undefined, freq: 5 },
)
const anyMusic: fc.Arbitrary<FakeMusic> = fc.record({
  format: fc.constantFrom('flac', 'ogg'),
  take: fc.integer({ min: 1, max: 3 }),
  seconds: fc.constantFrom(10, 11, 12.5, 20),
  tags: anyTags,
})
const killAt = fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined, freq: 3 })
const kindOf = <Kind extends string>(kind: Kind) => fc.constant(kind)

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: kindOf('write'), file: anyFile, music: anyMusic }) },
  { weight: 3, arbitrary: fc.record({ kind: kindOf('move'), from: anyFile, to: anyFile }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('change capitals', 'delete', 'change format'), file: anyFile }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('delete folder', 'unreadable', 'readable', 'unplug', 'plug in'),
      folder: anyFolder,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kindOf('cover'),
      folder: anyFolder,
      content: fc.constantFrom('red', 'blue', undefined),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kindOf('give'),
      folder: fc.constantFrom(...roots),
      isGiven: fc.boolean(),
      isPublic: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kindOf('upload'),
      name: fc.constantFrom('a.ogg', 'b.flac'),
      music: anyMusic,
      isPublic: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: kindOf('scan'), killAt }) },
  { weight: 5, arbitrary: fc.record({ kind: kindOf('work'), jobs: fc.integer({ min: 1, max: 8 }), killAt }) },
  { weight: 1, arbitrary: fc.record({ kind: kindOf('confirm') }) },
)

export const anyHistory: fc.Arbitrary<History> = fc.array(anyStep, { minLength: 1, maxLength: 40, size: 'max' })

type World = {
  readonly music: Music
  readonly library: Library
  readonly unreadable: Set<string>
  readonly given: Map<string, GivenFolder>
}

/** Performs a history. Returns the catalogs of the server that saw it and of a new one, and the tracks that should not have been there at any time. */
export const replayHistory = async (history: History) => {
  const music = await makeMusic()
  const unreadable = new Set<string>()
  const library = await openLibrary(music, unreadable)
  const given = new Map<string, GivenFolder>([['one', { name: 'one', isPublic: true }]])
  const world: World = { music, library, unreadable, given }
  for (const root of roots) await mkdir(music.pathOf(root), { recursive: true })
  const ghosts: unknown[] = []
  try {
    for (const step of history) {
      await perform(world, step)
      ghosts.push(...ghostsIn(library))
    }
    await makeReadable(world)
    const lived = await finalCatalog(world, library)
    const fresh = await openLibrary(music)
    try {
      return { ghosts, lived, fresh: await finalCatalog(world, fresh) }
    } finally {
      await fresh.close()
    }
  } finally {
    await library.close()
    await music.remove()
  }
}

/** The catalog when everything was scanned, confirmed and encoded. */
const finalCatalog = async ({ given }: World, library: Library) => {
  await library.addUploads()
  await library.scan([...given.values()])
  await library.confirm()
  await library.work()
  return { everyone: await readCatalog(library, 'everyone'), listeners: await readCatalog(library, 'listeners') }
}

const awayFrom = (root: string): string => `.away/${root}`

const makeReadable = async (world: World): Promise<void> => {
  world.unreadable.clear()
  for (const root of roots) await plugIn(world.music, root)
  // A folder that was given and does not exist is a missing disk, whatever the administrator confirms.
  for (const root of roots) await mkdir(world.music.pathOf(root), { recursive: true })
}

const plugIn = async (music: Music, root: string): Promise<void> => {
  if (!existsSync(music.pathOf(awayFrom(root)))) return
  await rm(music.pathOf(root), { recursive: true, force: true })
  await mkdir(dirname(music.pathOf(root)), { recursive: true })
  await rename(music.pathOf(awayFrom(root)), music.pathOf(root))
}

const perform = async (world: World, step: Step): Promise<void> => {
  const { music, library, unreadable, given } = world
  switch (step.kind) {
    case 'write':
      return music.write(step.file, step.music)
    case 'move':
      return move(music, step.from, step.to)
    case 'change capitals':
      return move(music, step.file, changeCapitals(step.file))
    case 'change format':
      return changeFormat(music, step.file)
    case 'delete':
      return rm(music.pathOf(step.file), { force: true })
    case 'delete folder':
      return rm(music.pathOf(step.folder), { recursive: true, force: true })
    case 'unreadable':
      return void unreadable.add(step.folder)
    case 'readable':
      return void unreadable.delete(step.folder)
    case 'unplug':
      return unplug(music, step.folder)
    case 'plug in':
      return plugIn(music, step.folder)
    case 'cover':
      return step.content === undefined
        ? rm(music.pathOf(`${step.folder}/cover.jpg`), { force: true })
        : music.write(`${step.folder}/cover.jpg`, step.content)
    case 'give':
      return step.isGiven
        ? void given.set(step.folder, { name: step.folder, isPublic: step.isPublic })
        : void given.delete(step.folder)
    case 'upload':
      await music.upload(step.name, step.music, step.isPublic)
      return library.addUploads()
    case 'scan':
      return void (await library.scan([...given.values()], step.killAt))
    case 'work':
      return void (await library.work(step.jobs, step.killAt))
    case 'confirm':
      return void (await library.confirm())
  }
}

const move = async (music: Music, from: string, to: string): Promise<void> => {
  if (!existsSync(music.pathOf(from))) return
  await mkdir(dirname(music.pathOf(to)), { recursive: true })
  await rename(music.pathOf(from), music.pathOf(to))
}

const changeCapitals = (file: string): string => {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase()
  return `${file.slice(0, file.lastIndexOf('/') + 1)}${other}`
}

/** The same track as a file of the other format, with the tags of the track that people would give it. */
const changeFormat = async (music: Music, file: string): Promise<void> => {
  if (!existsSync(music.pathOf(file))) return
  const isLossless = file.endsWith('.flac')
  const stem = file.slice(0, file.lastIndexOf('.'))
  await rm(music.pathOf(file))
  await music.write(`${stem}.${isLossless ? 'ogg' : 'flac'}`, {
    format: isLossless ? 'ogg' : 'flac',
    take: 1,
    seconds: 11,
    tags: { title: 'Dawn', album: 'Album', albumArtist: 'Ann', artist: 'Ann', position: 1 },
  })
}

const unplug = async (music: Music, root: string): Promise<void> => {
  const [from, to] = [music.pathOf(root), music.pathOf(awayFrom(root))]
  if (!(roots as readonly string[]).includes(root) || !existsSync(from) || existsSync(to)) return
  await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
}
