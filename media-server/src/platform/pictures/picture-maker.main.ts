import sharp from 'sharp'
import { coverSizes } from '@tonestead/protocol/catalog'
import type { MadePicture } from '../../ports/picture-maker.ts'
import { serveTasks } from '../process/serve-tasks.ts'

/** A picture whose header declares more is refused before it is decoded. */
const limitInputPixels = 25_000_000

sharp.cache(false)
sharp.concurrency(1)

const make = async (task: unknown): Promise<{ pictures: MadePicture[]; color: string }> => {
  if (!(task instanceof Uint8Array)) throw new TypeError('not a picture')
  const options = { limitInputPixels, failOn: 'error', pages: 1 } as const
  const { width, height } = await sharp(task, options).metadata()
  if (width * height > limitInputPixels) throw new RangeError('too many pixels')
  // Decoded once; the smaller sizes are made from the largest.
  const [largest = 1024] = coverSizes.toSorted((one, other) => other - one)
  const square = await sharp(task, options)
    .rotate()
    .resize(largest, largest, { fit: 'cover' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const raw = { width: square.info.width, height: square.info.height, channels: square.info.channels }
  const pictures: MadePicture[] = []
  for (const size of coverSizes) {
    const small = sharp(square.data, { raw }).resize(size, size)
    pictures.push({
      size,
      format: 'webp',
      bytes: new Uint8Array(await small.clone().webp({ quality: 82, effort: 2 }).toBuffer()),
    })
    pictures.push({ size, format: 'jpg', bytes: new Uint8Array(await small.clone().jpeg({ quality: 84 }).toBuffer()) })
  }
  return { pictures, color: await meanColor(square.data, raw) }
}

const meanColor = async (
  pixels: Buffer,
  raw: { width: number; height: number; channels: 1 | 2 | 3 | 4 },
): Promise<string> => {
  const { channels } = await sharp(pixels, { raw }).stats()
  const [red = 0, green = red, blue = red] = channels.map((channel) => Math.round(channel.mean))
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

serveTasks(make)
