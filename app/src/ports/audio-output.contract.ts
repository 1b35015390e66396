import { expect, test } from 'vitest'
import type { AudioOutput, SoundEvent } from './audio-output.ts'

/** An adapter and what its tests need. */
export type OutputUnderTest = {
  readonly output: AudioOutput
  /** Plays for 2 s. */
  readonly goodUrl: string
  readonly badUrl: string
  /** Waits, in the time of the adapter. */
  wait(ms: number): Promise<void>
}

/** What every AudioOutput does. */
export const audioOutputContract = (create: () => OutputUnderTest): void => {
  const open = (under: OutputUnderTest, url: string, positionMs = 0) => {
    const events: SoundEvent['kind'][] = []
    return { events, sound: under.output.open({ url, positionMs, volume: 1 }, (event) => void events.push(event.kind)) }
  }

  test('plays after play(), the position moves, and it ends once', async () => {
    const under = create()
    const { sound, events } = open(under, under.goodUrl)
    await under.wait(300)
    expect(sound.positionMs()).toBe(0)
    sound.play()
    await under.wait(600)
    expect(events).toContain('playing')
    expect(sound.positionMs()).toBeGreaterThan(100)
    await under.wait(2500)
    expect(events.filter((kind) => kind === 'ended')).toEqual(['ended'])
    sound.close()
  })
  test('starts at the given position', async () => {
    const under = create()
    const { sound, events } = open(under, under.goodUrl, 1500)
    sound.play()
    await under.wait(1500)
    expect(events).toContain('ended')
    sound.close()
  })
  test('pause() holds the position and fires no `paused`', async () => {
    const under = create()
    const { sound, events } = open(under, under.goodUrl)
    sound.play()
    await under.wait(600)
    sound.pause()
    await under.wait(50)
    const position = sound.positionMs()
    await under.wait(500)
    expect(sound.positionMs()).toBe(position)
    expect(events).not.toContain('paused')
    sound.close()
  })
  test('seek() moves the position, also while paused', async () => {
    const under = create()
    const { sound } = open(under, under.goodUrl)
    await under.wait(300)
    sound.seek(1200)
    await under.wait(300)
    expect(Math.abs(sound.positionMs() - 1200)).toBeLessThan(30)
    sound.close()
  })
  test('a URL that cannot be loaded fails', async () => {
    const under = create()
    const { sound, events } = open(under, under.badUrl)
    sound.play()
    await under.wait(1000)
    expect(events).toContain('failed')
    sound.close()
  })
  test('no event comes after close()', async () => {
    const under = create()
    const { sound, events } = open(under, under.goodUrl)
    sound.play()
    await under.wait(300)
    sound.close()
    const before = events.length
    await under.wait(3000)
    expect(events.length).toBe(before)
  })
}
