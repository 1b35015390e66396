import { expect, it } from 'vitest'
import { readAccountLog } from './read-account-log.ts'
import { agreementKeyOf, createAccount, createDevice, deps, type Account } from './signed-log.testkit.ts'

const deviceLogEntryOf = (account: Account): string => {
  const operation = account.items[0]?.header.operation
  if (operation?.kind !== 'account-created') throw new Error('not the first item')
  return operation.deviceLogEntry
}
const withSecondDevice = async () => {
  const account = await createAccount('zoe')
  const phone = await createDevice('phone')
  await account.change({ kind: 'device-added', device: phone.public, joinBox: true }, account.device)
  return { account, phone }
}

it('[LP7] a device log of one entry and one of the first item say the same', async () => {
  const account = await createAccount('zoe')
  const single = await readAccountLog(deps, [deviceLogEntryOf(account)])
  const first = await readAccountLog(deps, account.proof().items)
  expect(first).toMatchObject({ account: account.account, generation: 0, devices: [{ device: account.device.id }] })
  expect(first?.devices[0]?.agreementKey).toEqual(single?.devices[0]?.agreementKey)
  expect(single).toMatchObject({ account: account.account, devices: [{ device: account.device.id }] })
})

it('[LP7] devices that were added stand, and removed ones do not', async () => {
  const { account, phone } = await withSecondDevice()
  const both = await readAccountLog(deps, account.proof().items)
  expect(both?.devices.map(({ device }) => device)).toEqual([account.device.id, phone.id])
  expect(both?.devices[1]?.agreementKey).toEqual(phone.public.sealingKey)
  const agreementKey = await agreementKeyOf('licenses anew')
  await account.change({ kind: 'device-removed', device: account.device.id, agreementKey }, phone)
  const one = await readAccountLog(deps, account.proof().items)
  expect(one?.devices.map(({ device }) => device)).toEqual([phone.id])
})

it('[LP7] a log with a gap, in another order, of two accounts, altered or empty is refused', async () => {
  const { account } = await withSecondDevice()
  const other = await createAccount('ada')
  const [first = '', second = ''] = account.proof().items
  const altered = `${second.slice(0, -5)}AAAAA`
  const wrong = [[], [second], [second, first], [first, first], [...other.proof().items, second], [first, altered]]
  for (const log of [...wrong, [first, '%'], ['?'], [`${first}A`], [deviceLogEntryOf(account), second]])
    expect(await readAccountLog(deps, log)).toBeUndefined()
})
