/** The picture at an address of a cover, as SVG; undefined at any other address. */
export const drawCoverAt = (path: string): string | undefined => {
  const id = /^\/covers\/([0-9a-f]{64})\//.exec(path)?.[1]
  return id === undefined ? undefined : drawCover(id)
}

/** Drawn from the id alone: the same picture on every run. */
const drawCover = (id: string): string => {
  const at = (index: number) => Number.parseInt(id.slice(-8).slice(index, index + 2), 16)
  const [hue, turn, x, y] = [at(0) * 1.4, at(2), at(4) / 2.55, at(6) / 2.55]
  const tone = (light: number, shift: number) => `oklch(${light} 0.13 ${hue + shift})`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><linearGradient id="g" gradientTransform="rotate(${turn})"><stop stop-color="${tone(0.42, 0)}"/><stop offset="1" stop-color="${tone(0.72, 60)}"/></linearGradient></defs><rect width="100" height="100" fill="url(#g)"/><circle cx="${x}" cy="${y}" r="${18 + turn / 8}" fill="${tone(0.86, 90)}" opacity=".85"/><path d="M0 ${60 + y / 4}Q${x} ${30 + x / 3} 100 ${70 + x / 5}V100H0Z" fill="${tone(0.26, -30)}" opacity=".8"/></svg>`
}
