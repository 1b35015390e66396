/** Gives the person a file, as a download of the browser. `type`: its media type. */
export const downloadFile = (file: {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}): void => {
  const url = URL.createObjectURL(new Blob([new Uint8Array(file.bytes)], { type: file.type }))
  const link = Object.assign(document.createElement('a'), { href: url, download: file.name })
  link.click()
  // The browser has read the address when the click returns; it keeps the bytes until the download is done.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
