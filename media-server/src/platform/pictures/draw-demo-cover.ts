import sharp from 'sharp'

/** Converts our own SVG to a JPEG. Pictures from other sources must go through `createPictureMaker`. */
export const drawDemoCover = async (svg: string): Promise<Uint8Array> =>
  new Uint8Array(await sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer())
