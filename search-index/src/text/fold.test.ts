import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldText, foldWords } from './fold.ts'
import { hostileText, property } from '../property.testkit.ts'

const sameFold: readonly (readonly [written: string, typed: string])[] = [
  ['Beyoncé', 'beyonce'],
  ['Motörhead', 'motorhead'],
  ['Sigur Rós', 'sigur ros'],
  ['Røyksopp', 'royksopp'],
  ['Łona', 'lona'],
  ['Straße', 'strasse'],
  ['Ænima', 'aenima'],
  ['Þeyr', 'theyr'],
  ['İstanbul ılık', 'istanbul ilik'],
  ['Đorđe', 'dorde'],
  ['Ｈｅｌｌｏ　Ｗｏｒｌｄ', 'hello world'],
  ['ﬁne', 'fine'],
  ["Don't Stop", 'dont stop'],
  ['Don’t Stop', 'dont stop'],
  ['T.N.T.', 'tnt'],
  ['R.E.M.', 'rem'],
  ['N.W.A', 'nwa'],
  ['t.A.T.u.', 'tatu'],
  ['J. Cole', 'j cole'],
  ['Mr. Brightside', 'mr brightside'],
  ['AC/DC', 'ac dc'],
  ['Simon & Garfunkel', 'simon and garfunkel'],
  ['Florence + The Machine', 'florence and the machine'],
  ["Guns N' Roses", 'guns n roses'],
  ["Guns N' Roses", 'guns and roses'],
  ["Rag'n'Bone Man", 'rag and bone man'],
  ['Rock ‘n’ Roll', 'rock & roll'],
  ['P!nk', 'pink'],
  ['Hey! Ho', 'hey ho'],
  ['Wham!', 'wham'],
  ['Ke$ha', 'kesha'],
  ['Ty Dolla $ign', 'ty dolla sign'],
  ['$100', '100'],
  ['Hunter×Hunter', 'hunter x hunter'.replaceAll(' ', '')],
  ['blink-182', 'blink 182'],
  ['ЛЁД', 'лед'],
  ['ΣΊΣΥΦΟΣ', 'Σίσυφος'],
  ['ガンダム', 'ｶﾞﾝﾀﾞﾑ'],
  ['ガンダム', 'がんだむ'],
  ['فَيْرُوز', 'فيروز'],
  ['أُمّ كلثوم', 'ام کلثوم'],
  ['٢٠٢٤', '2024'],
  ['！！！', '!!!'],
  ['❤️', '❤'],
  ['a\u202eb\u200bc', 'abc'],
]

describe('foldText', () => {
  it.each(sameFold)('gives %s and %s the same words', (written, typed) => {
    expect(foldText(written)).toBe(foldText(typed))
    expect(foldText(written)).not.toBe('')
  })

  it('gives the same text for composed and decomposed letters', () => {
    property(fc.string({ unit: 'binary', maxLength: 24 }), (text) => {
      expect(foldText(text.normalize('NFD'))).toBe(foldText(text.normalize('NFC')))
    })
  })

  it('does not change folded text', () => {
    property(fc.oneof(fc.string({ unit: 'binary', maxLength: 16 }), names), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text))
    })
  })
})

const names = fc.string({
  unit: fc.constantFrom('a', 'n', 'N', 'é', '.', "'", ' ', '&', '+', '$', '!', '名', 'カ', '゙', '각', '½', '์', 'ส'),
  maxLength: 16,
})

describe('foldWords', () => {
  it('keeps marks that change the letter', () => {
    expect(words('हिन्दी')).toEqual(['हिन्दी'])
    expect(words('かき がき')).toEqual(['かき', 'がき'])
  })

  it('gives bigrams for scripts without spaces, and a single character as itself', () => {
    expect(words('椎名林檎')).toEqual(['椎名', '名林', '林檎'])
    expect(words('嵐')).toEqual(['嵐'])
    expect(words('AKB48の歌')).toEqual(['akb48', 'の歌'])
    expect(words('ラーメン・つけ麺')).toEqual(['らー', 'ーめ', 'めん', 'つけ', 'け麺'])
  })

  it('makes the state of an input method in the middle of a Korean name a prefix of the name', () => {
    const [name = ''] = words('바나나')
    for (const typed of ['ㅂ', '바', '반', '바나', '바난']) expect(name.startsWith(words(typed)[0] ?? '?')).toBe(true)
  })

  it('gives symbols as words only for a text of symbols alone', () => {
    expect(words('!!!')).toEqual(['!!!'])
    expect(words('+/-')).toEqual(['+/-'])
    expect(words('÷')).toEqual(['÷'])
    expect(words('( )')).toEqual(['(', ')'])
    expect(words('🔥🔥')).toEqual(['🔥🔥'])
    expect(words('Blackstar ★')).toEqual(['blackstar'])
    expect(words(' \u200b\u202e\0\ud800 ')).toEqual([])
  })

  it('gives the place of a word, with the combining marks of its last letter', () => {
    expect(foldWords('  Café\u0301, T.N.T. & Wham!')).toEqual([
      { word: 'cafe', start: 2, end: 7 },
      { word: 'tnt', start: 9, end: 14 },
      { word: 'and', start: 16, end: 17 },
      { word: 'wham', start: 18, end: 22 },
    ])
  })

  it('gives words inside the text and in order, for any text', () => {
    property(hostileText, (text) => {
      let start = 0
      for (const word of foldWords(text)) {
        expect(word.word).not.toBe('')
        expect(word.word).not.toMatch(/\s/)
        expect(word.start).toBeGreaterThanOrEqual(start)
        expect(word.end).toBeGreaterThan(word.start)
        expect(word.end).toBeLessThanOrEqual(text.length)
        start = word.start
      }
    })
  })
})

const words = (text: string) => foldWords(text).map(({ word }) => word)
