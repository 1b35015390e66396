/** What an entry of a playlist holds beside its id: the same content for every peer. */
export const sampleEntry = {
  addedAt: 1_800_000_000_000,
  track: {
    serverId: 'S'.repeat(22),
    trackId: 't'.repeat(26),
    recordingId: 'r'.repeat(26),
    title: 'A song with a title of usual length',
    credits: [{ name: 'An artist', join: '' }],
    release: { id: 'l'.repeat(26), title: 'An album' },
    durationMs: 215_000,
  },
}
