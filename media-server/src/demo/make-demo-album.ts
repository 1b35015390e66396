import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { demoScores } from './demo-scores.ts'
import type { Score } from './score.ts'
import { demoCoverSvg } from './demo-cover.ts'
import { renderScore } from './synth.ts'
import { writeWav } from './write-wav.ts'

const album = 'House Concert'
const ensemble = 'Tonestead Ensemble'

/** Creates the demo album in a folder of its own, unless it exists. The folder appears only when it is complete. `drawPicture` converts an SVG to a JPEG. */
export const makeDemoAlbum = async (
  folder: string,
  drawPicture: (svg: string) => Promise<Uint8Array>,
): Promise<void> => {
  if (await exists(folder)) return
  const temporary = `${folder}.new`
  await rm(temporary, { recursive: true, force: true })
  const albumFolder = join(temporary, ensemble, album)
  await mkdir(albumFolder, { recursive: true })
  for (const [index, score] of demoScores.entries())
    await writeFile(join(albumFolder, score.file), writeWav(renderScore(score), framesOf(score, index + 1)))
  await writeFile(join(albumFolder, 'cover.jpg'), await drawPicture(demoCoverSvg))
  await mkdir(dirname(folder), { recursive: true })
  await rename(temporary, folder)
}

const exists = async (folder: string): Promise<boolean> => {
  try {
    return (await stat(folder)).isDirectory()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

const framesOf = (score: Score, position: number): Record<string, string> => ({
  TIT2: score.title,
  TPE1: `${score.composer}\0${ensemble}`,
  TPE2: ensemble,
  TALB: album,
  TRCK: `${position}/${demoScores.length}`,
  TPOS: '1/1',
  TCOM: score.composer,
  TDRC: '2026',
  TPUB: 'Tonestead',
})
