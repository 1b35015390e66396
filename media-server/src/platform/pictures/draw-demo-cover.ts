import sharp from 'sharp'

/** Our own drawing as a JPEG. Pictures from elsewhere go through `createPictureMaker`. */
export const drawDemoCover = async (svg: string): Promise<Uint8Array> =>
  new Uint8Array(await sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer())
