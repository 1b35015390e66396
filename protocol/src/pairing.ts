import { z } from 'zod'
import { concat, fromBase32, fromBase64Url, toBase32, toBase64Url, utf8, type Bytes } from './bytes.ts'
import { agreementJwkSchema, deviceLogSchema, signingJwkSchema } from './device-log.ts'
import { decryptOr } from './sync/keys/epoch-keys.ts'

// Pairing: how a new device and a device of an account find each other by a code. docs/formats.md, "Pairing".

/** How long a mailbox is kept: 10 minutes. */
export const pairingLifetimeMs = 600_000
/** Random bytes of a code: 80 bits, 16 characters. */
export const pairingCodeBytes = 10
/** Longest offer and answer, in characters of base64url. An answer holds a device log. */
export const maxOfferLength = 2048
/** See `maxOfferLength`. */
export const maxAnswerLength = 131_072

const standardAlphabet = 'abcdefghijklmnopqrstuvwxyz234567'
/** Digits and letters without I, L, O and U: nobody takes one for another. */
const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groupLength = 4

/** The code as it is shown: `7K3M-9QXT-0ABC-DEFG`. */
export const writePairingCode = (secret: Bytes): string => {
  const text = toBase32(secret).replaceAll(/./g, (letter) => codeAlphabet[standardAlphabet.indexOf(letter)] ?? '')
  return text.match(new RegExp(`.{1,${groupLength}}`, 'g'))?.join('-') ?? ''
}

/** Reads a typed code: letters of any case, with any spaces and hyphens; O counts as 0, I and L as 1. Undefined when it is none. */
export const readPairingCode = (typed: string): Bytes | undefined => {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  if (text.length !== (pairingCodeBytes * 8) / 5) return undefined
  if (!/^[0-9A-HJKMNP-TV-Z]+$/.test(text)) return undefined
  return fromBase32(text.replaceAll(/./g, (letter) => standardAlphabet[codeAlphabet.indexOf(letter)] ?? ''))
}

const sealedText = (maxLength: number) =>
  z
    .string()
    .min(38)
    .max(maxLength)
    .regex(/^[\w-]+$/)
const mailboxId = z.string().regex(/^[a-z2-7]{52}$/, 'is not a mailbox')

/** Body of POST /api/pairings: opens a mailbox with the offer of a new device. */
export const pairingOfferRequestSchema = z.strictObject({ id: mailboxId, offer: sealedText(maxOfferLength) })
/** Body of POST /api/pairing-answers: puts the answer into the mailbox. */
export const pairingAnswerRequestSchema = z.strictObject({ id: mailboxId, answer: sealedText(maxAnswerLength) })
/** Parameters of GET /api/pairings/{id}. */
export const pairingParamsSchema = z.object({ id: mailboxId })
/** Answer of GET /api/pairings/{id}. */
export const pairingMailboxSchema = z.object({ offer: z.string(), answer: z.string().optional() })

/** What a new device offers: its keys, made for this account alone, and its name. */
export const pairingOfferSchema = z.strictObject({
  v: z.literal(1),
  signingKey: signingJwkSchema,
  sealingKey: agreementJwkSchema,
  name: z.string().min(1).max(80),
})
/** Parsed `pairingOfferSchema`. */
export type PairingOffer = z.infer<typeof pairingOfferSchema>

/** What it gets: the device log of the account, in which it stands by now, and the name of the device that added it. Or that the person said no. */
export const pairingAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    v: z.literal(1),
    kind: z.literal('added'),
    deviceLog: deviceLogSchema,
    by: z.string().max(80),
  }),
  z.strictObject({ v: z.literal(1), kind: z.literal('declined') }),
])
/** Parsed `pairingAnswerSchema`. */
export type PairingAnswer = z.infer<typeof pairingAnswerSchema>

/** What follows from a code. */
export type PairingKeys = {
  /** Where the messages are: the server learns this, and nothing of the code. */
  readonly mailbox: string
  readonly offerKey: CryptoKey
  readonly answerKey: CryptoKey
}

type Deps = { readonly subtle: SubtleCrypto }
type SealDeps = Deps & { readonly random: (bytes: number) => Bytes }

const noSalt = new Uint8Array(0)
const gcm = { name: 'AES-GCM', length: 256 } as const

/** Mailbox and keys of a code, by HKDF-SHA-256. */
export const pairingKeys = async ({ subtle }: Deps, secret: Bytes): Promise<PairingKeys> => {
  const base = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey', 'deriveBits'])
  const from = (purpose: string) =>
    ({ name: 'HKDF', hash: 'SHA-256', salt: noSalt, info: utf8(`tonestead/pairing/${purpose}/v1`) }) as const
  const key = (purpose: string): Promise<CryptoKey> =>
    subtle.deriveKey(from(purpose), base, gcm, false, ['encrypt', 'decrypt'])
  const mailbox = new Uint8Array(await subtle.deriveBits(from('mailbox'), base, 256))
  return { mailbox: toBase32(mailbox), offerKey: await key('offer'), answerKey: await key('answer') }
}

const ivBytes = 12

const seal = async (
  { subtle, random }: SealDeps,
  { key, additionalData }: { readonly key: CryptoKey; readonly additionalData: Bytes },
  message: unknown,
): Promise<string> => {
  const iv = random(ivBytes)
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, utf8(JSON.stringify(message)))
  return toBase64Url(concat(iv, new Uint8Array(sealed)))
}

const open = async <T>(
  { subtle }: Deps,
  { key, additionalData }: { readonly key: CryptoKey; readonly additionalData: Bytes },
  { sealed, schema }: { readonly sealed: string; readonly schema: z.ZodType<T> },
): Promise<T | undefined> => {
  const bytes = readBase64Url(sealed)
  if (bytes === undefined || bytes.length < ivBytes) return undefined
  const iv = bytes.slice(0, ivBytes)
  const plain = await decryptOr(subtle, { key, iv, additionalData }, bytes.slice(ivBytes))
  if (plain === undefined) return undefined
  const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(plain)))
  return parsed.success ? parsed.data : undefined
}

const readBase64Url = (text: string): Bytes | undefined => (/^[\w-]+$/.test(text) ? fromBase64Url(text) : undefined)

const offerTerms = ({ mailbox, offerKey }: PairingKeys) => ({ key: offerKey, additionalData: utf8(mailbox) })
/** An answer belongs to one offer: it cannot be given to another device. */
const answerTerms = ({ answerKey }: PairingKeys, offer: string) => ({ key: answerKey, additionalData: utf8(offer) })

/** Seals an offer for whoever knows the code. */
export const sealOffer = (deps: SealDeps, keys: PairingKeys, offer: PairingOffer): Promise<string> =>
  seal(deps, offerTerms(keys), offer)
/** Opens an offer; undefined when it was altered, or sealed for another code. */
export const openOffer = (deps: Deps, keys: PairingKeys, sealed: string): Promise<PairingOffer | undefined> =>
  open(deps, offerTerms(keys), { sealed, schema: pairingOfferSchema })
/** Seals the answer to the sealed offer. */
export const sealAnswer = (
  deps: SealDeps,
  { keys, offer }: { readonly keys: PairingKeys; readonly offer: string },
  answer: PairingAnswer,
): Promise<string> => seal(deps, answerTerms(keys, offer), answer)
/** Opens the answer to the sealed offer; undefined when it was altered, or answers another offer. */
export const openAnswer = (
  deps: Deps,
  { keys, offer }: { readonly keys: PairingKeys; readonly offer: string },
  sealed: string,
): Promise<PairingAnswer | undefined> => open(deps, answerTerms(keys, offer), { sealed, schema: pairingAnswerSchema })
