import { expect, test } from 'vitest'
import { commandOf, type KeyContext, type KeyPress } from './shortcuts.ts'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
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

test('keys control the player when no control has the focus', () => {
  const commands = [' ', 'k', 'J', 'ArrowLeft', 'ArrowRight', 'm', 's', 'r', 'l', 'q', 'f', '/', '?'].map((key) =>
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
    'save',
    'queue',
    'now-playing',
    'search',
    'shortcuts',
  ])
  expect(commandOf(press('ArrowRight', { isShift: true }), context())).toBe('next')
})

test('in a text field only Mod+K is a command', () => {
  expect(['k', ' ', '/', '?', 'ArrowLeft'].map((key) => commandOf(press(key), context({ focus: 'text' })))).toEqual(
    Array(5).fill(undefined),
  )
  expect(commandOf(press('k', { isMod: true }), context({ focus: 'text' }))).toBe('search')
})

test('a focused control handles Space and arrows; letters stay commands', () => {
  expect([' ', 'ArrowLeft', 'k'].map((key) => commandOf(press(key), context({ focus: 'control' })))).toEqual([
    undefined,
    undefined,
    'next',
  ])
})

test('single keys can be switched off, except Space and Mod+K', () => {
  const off = context({ hasSingleKeys: false })
  expect([
    commandOf(press('k'), off),
    commandOf(press('?'), off),
    commandOf(press(' '), off),
    commandOf(press('k', { isMod: true }), off),
  ]).toEqual([undefined, undefined, 'toggle', 'search'])
})

test('after G a letter opens a page', () => {
  expect(['h', 'l', 's'].map((key) => commandOf(press(key), context({ second: true })))).toEqual([
    'go-home',
    'go-library',
    'go-settings',
  ])
})

test('shortcuts of the browser are not handled', () => {
  expect([
    commandOf(press('s', { isMod: true }), context()),
    commandOf(press('ArrowLeft', { isAlt: true }), context()),
  ]).toEqual([undefined, undefined])
})
