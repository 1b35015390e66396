import { describe, expect, it } from 'vitest'
import {
  codeIndex,
  codes,
  createMatchView,
  createRanker,
  creditAt,
  popularityPoints,
  scoreOf,
  titleAt,
  variantLoss,
} from './rank.ts'

const ranker = createRanker()

/** Loss of a document with this title and this one name, all of whose words are needed; `*` at the end of the query makes a prefix token. */
const lossOf = (query: string, title: string, name = ''): number => {
  const tokens = query.replace('*', '').split(' ')
  const view = createMatchView()
  const wordsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(' '))
  const codeOf = (token: number, word: string): number => {
    if (word === tokens[token]) return codes.exact
    const isPrefix = query.endsWith('*') && token === tokens.length - 1
    return isPrefix && word.startsWith(tokens[token] ?? '') ? codes.prefix : codes.none
  }
  const fill = (field: number, words: readonly string[]): number => {
    for (const token of tokens.keys())
      for (const [place, word] of words.entries()) view.codes[codeIndex(token, field + place)] = codeOf(token, word)
    return words.length
  }
  view.tokenCount = tokens.length
  view.titleLength = fill(titleAt, wordsOf(title))
  view.creditLength = fill(creditAt, wordsOf(name))
  view.titleNeeded = 2 ** view.titleLength - 1
  view.nameNeeded[0] = 2 ** view.creditLength - 1
  view.nameCount = view.creditLength === 0 ? 0 : 1
  return ranker.lossOf(view)
}

describe('the loss of a document', () => {
  it('[SR1] is lower when words follow one another as in the query, and of equal words the following one counts', () => {
    expect(lossOf('a b', 'a b')).toBe(0)
    expect(lossOf('a b', 'b a')).toBeGreaterThan(0)
    expect(lossOf('a b a', 'a b a')).toBe(0)
  })

  it('[SR2] is 0 for title and name in either order, and greater when they are mixed', () => {
    expect(lossOf('halo beyonce', 'halo', 'beyonce')).toBe(0)
    expect(lossOf('beyonce halo', 'halo', 'beyonce')).toBe(0)
    expect(lossOf('daft one punk', 'one', 'daft punk')).toBeGreaterThan(0)
  })

  it('[SR3] is low when what is missing comes after a prefix token, and high when it comes before', () => {
    const continued = lossOf('one mor*', 'one more time')
    expect(continued).toBeGreaterThan(0)
    expect(continued).toBeLessThan(lossOf('one more', 'one more time'))
    expect(lossOf('more tim*', 'one more time')).toBeGreaterThan(continued)
  })

  it('[SR4] is lower when a name alone is matched in full than when part of a name is', () => {
    expect(lossOf('queen', 'bohemian rhapsody', 'queen')).toBeLessThan(lossOf('daft', 'one more time', 'daft punk'))
  })

  it('[SR5] has the cost of the most expensive version marker alone', () => {
    const all = [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => variantLoss(1 << bit))
    expect(variantLoss(0)).toBe(0)
    expect(variantLoss(0xff)).toBe(Math.max(...all))
  })
})

it('[SR6] each doubling of the popularity gives 8 points', () => {
  expect(popularityPoints(0)).toBe(0)
  for (let doublings = 1; doublings <= 50; doublings++) expect(popularityPoints(2 ** doublings - 1)).toBe(8 * doublings)
})

it('[SR7] the score falls with the loss and rises with the popularity', () => {
  expect(scoreOf(10, 0)).toBeLessThan(scoreOf(9, 0))
  expect(scoreOf(10, 8)).toBeGreaterThan(scoreOf(10, 0))
})
