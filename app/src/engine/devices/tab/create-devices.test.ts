import { describe, expect, it } from 'vitest'
import { accountQueue, createTabWorld, elsewhere, track } from './tab-devices.testkit.ts'

const playingElsewhere = async () => {
  const world = await createTabWorld()
  world.showOther({ isHolder: true, report: elsewhere })
  await world.settle()
  return world
}
const start = { context: { kind: 'tracks' } as never, tracks: [track] }

describe('while another device plays', () => {
  it('[DV5] the page shows its player, and goes on with the position', async () => {
    const { player, view, clock } = await playingElsewhere()
    expect(player.view.get()).toMatchObject({ state: { kind: 'playing' }, current: track, volume: 0.5 })
    expect(player.view.get().queue).toEqual(accountQueue)
    expect(view.get()).toMatchObject({ controlled: { name: 'Phone' } })
    await clock.advance(2_000)
    expect(player.positionMs()).toBe(32_000)
  })

  it('[DV5] what is pressed here goes to it, and is shown at once', async () => {
    const { player, asked, told } = await playingElsewhere()
    player.toggle()
    expect(player.view.get().state.kind).toBe('paused')
    player.seek(70_000.4)
    expect(player.positionMs()).toBe(70_000)
    player.setVolume(2)
    player.next()
    player.addToQueue([track])
    const actions = asked.flatMap((question) => (question.kind === 'command' ? [question.action] : []))
    expect(actions).toEqual([
      { kind: 'pause' },
      { kind: 'seek', positionMs: 70_000 },
      { kind: 'setVolume', volume: 1 },
      { kind: 'next' },
      { kind: 'addToQueue', trackIds: [track.id] },
    ])
    expect(told).toEqual([])
  })

  it('[DV5] the page shows its own player again when that device is away', async () => {
    const { player, showOther } = await playingElsewhere()
    showOther({ isHolder: true, report: elsewhere, reach: 'away' })
    expect(player.view.get().state.kind).toBe('idle')
    player.setVolume(0.3)
  })

  it('[DV6] what begins here waits until that device has paused; a pause withdraws it', async () => {
    const { player, told, asked, answerTake, settle } = await playingElsewhere()
    player.playTracks(start)
    expect(player.view.get().state.kind).toBe('loading')
    await settle()
    expect(told).toEqual([])
    answerTake({ kind: 'granted' })
    await settle()
    expect(told).toEqual([['playTracks', start]])
    player.playTracks(start)
    player.pause()
    expect(asked.at(-1)).toMatchObject({ kind: 'release' })
    answerTake({ kind: 'withdrawn' })
    await settle()
    expect(told).toHaveLength(1)
  })

  it('[DV7] playback that moves here goes on where it was', async () => {
    const { playOn, told, answerTake, settle, showOther } = await playingElsewhere()
    playOn('self')
    await settle()
    showOther({ isHolder: false, report: { ...elsewhere, state: 'paused', positionMs: 31_000 } })
    answerTake({ kind: 'granted' })
    await settle()
    expect(told[0]).toEqual(['adopt', [track], { queue: accountQueue, positionMs: 31_000, isWanted: true }])
  })
})

describe('a device alone', () => {
  it('[DV6] waits for nothing', async () => {
    const { player, told, showOther } = await createTabWorld()
    player.playTracks(start)
    showOther({ isHolder: true, reach: 'away', report: elsewhere })
    player.play()
    expect(told.map(([name]) => name)).toEqual(['playTracks', 'play'])
  })

  it('[CM1] obeys an order once, and writes its queue for whoever asked', async () => {
    const { order, told, settle } = await createTabWorld()
    order({ kind: 'seek', positionMs: 5 })
    order({ kind: 'yield' })
    await settle()
    expect(told).toEqual([['seek', 5], ['writeQueue'], ['pause'], ['writeQueue']])
  })
})
