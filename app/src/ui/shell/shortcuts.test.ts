import { expect, test } from 'vitest'
import { commandOf, type KeyContext, type Press } from './shortcuts.ts'

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  isMod: false,
  isShift: false,
  isAlt: false,
  ...more,
})
const context = (more: Partial<KeyContext> = {}): KeyContext => ({
  focus: 'page',
  hasSingleKeys: true,
  second: false,
  ...more,
})

test('keys command the player when nothing has the focus', () => {
  const commands = [' ', 'k', 'J', 'ArrowLeft', 'ArrowRight', 'm', 's', 'r', 'q', 'f', '/', '?'].map((key) =>
    commandOf(press(key), context()),
  )
  expect(commands).toEqual([
    'toggle',
    'next',
    'previous',
    'seek-back',
    'seek-forward',
    'mute',
    'shuffle',
    'repeat',
    'queue',
    'now-playing',
    'search',
    'shortcuts',
  ])
  expect(commandOf(press('ArrowRight', { isShift: true }), context())).toBe('next')
})

test('text fields keep every key but Mod+K', () => {
  expect(['k', ' ', '/', '?', 'ArrowLeft'].map((key) => commandOf(press(key), context({ focus: 'text' })))).toEqual(
    Array(5).fill(undefined),
  )
  expect(commandOf(press('k', { isMod: true }), context({ focus: 'text' }))).toBe('search')
})

test('Space and arrows belong to a control that has the focus, letters do not', () => {
  expect([' ', 'ArrowLeft', 'k'].map((key) => commandOf(press(key), context({ focus: 'control' })))).toEqual([
    undefined,
    undefined,
    'next',
  ])
})

test('single keys can be switched off; Space and Mod+K stay', () => {
  const off = context({ hasSingleKeys: false })
  expect([
    commandOf(press('k'), off),
    commandOf(press('?'), off),
    commandOf(press(' '), off),
    commandOf(press('k', { isMod: true }), off),
  ]).toEqual([undefined, undefined, 'toggle', 'search'])
})

test('after G a letter goes to a place', () => {
  expect(['h', 'l', 's'].map((key) => commandOf(press(key), context({ second: true })))).toEqual([
    'go-home',
    'go-library',
    'go-settings',
  ])
})

test('browser shortcuts stay the browser’s', () => {
  expect([
    commandOf(press('s', { isMod: true }), context()),
    commandOf(press('ArrowLeft', { isAlt: true }), context()),
  ]).toEqual([undefined, undefined])
})
