import { expect, test } from 'vitest'
import type { AudioOutput, SoundEvent } from './audio-output.ts'

export type OutputUnderTest = {
  readonly output: AudioOutput
  /** Plays for 2 s. */
  readonly goodUrl: string
  readonly badUrl: string
  /** Lets time pass. */
  wait(ms: number): Promise<void>
}

/** What every AudioOutput does. */
export const audioOutputContract = (create: () => OutputUnderTest): void => {
  const open = (under: OutputUnderTest, url: string, positionMs = 0) => {
    const events: SoundEvent['kind'][] = []
    return { events, sound: under.output.open({ url, positionMs, volume: 1 }, (event) => void events.push(event.kind)) }
  }

  test('sounds after play, goes on, and ends once', async () => {
    const under = create()
    const { sound, events } = open(under, under.goodUrl)
    await under.wait(300)
    expect(sound.positionMs()).toBe(0)
    sound.play()
    await under.wait(600)
    expect(events).toContain('sounding')
    expect(sound.positionMs()).toBeGreaterThan(100)
    await under.wait(2500)
    expect(events.filter((kind) => kind === 'ended')).toEqual(['ended'])
    sound.close()
  })
  test('begins where it was told to', async () => {
    const under = create()
    const { sound, events } = open(under, under.goodUrl, 1500)
    sound.play()
    await under.wait(1500)
    expect(events).toContain('ended')
    sound.close()
  })
  test('pause holds the position; our own pause is no halt', async () => {
    const under = create()
    const { sound, events } = open(under, under.goodUrl)
    sound.play()
    await under.wait(600)
    sound.pause()
    await under.wait(50)
    const position = sound.positionMs()
    await under.wait(500)
    expect(sound.positionMs()).toBe(position)
    expect(events).not.toContain('halted')
    sound.close()
  })
  test('seek moves, while paused too', async () => {
    const under = create()
    const { sound } = open(under, under.goodUrl)
    await under.wait(300)
    sound.seek(1200)
    await under.wait(300)
    expect(Math.abs(sound.positionMs() - 1200)).toBeLessThan(30)
    sound.close()
  })
  test('what cannot be had fails', async () => {
    const under = create()
    const { sound, events } = open(under, under.badUrl)
    sound.play()
    await under.wait(1000)
    expect(events).toContain('failed')
    sound.close()
  })
  test('nothing is told after close', async () => {
    const under = create()
    const { sound, events } = open(under, under.goodUrl)
    sound.play()
    await under.wait(300)
    sound.close()
    const told = events.length
    await under.wait(3000)
    expect(events.length).toBe(told)
  })
}
