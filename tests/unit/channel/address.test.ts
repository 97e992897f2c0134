import { expect, test } from 'vitest';
import { checksummed, create2Address, parseAddress, type Address } from '#lib/channel/address.ts';
import deployments from '../../../contracts/deployments.json' with { type: 'json' };

/** From EIP-55. */
const typed = [
	'0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
	'0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
	'0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
	'0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
];

test.each(typed)('%s is taken as typed, in lower case and in upper case', (address) => {
	const lower = address.toLowerCase() as Address;
	expect(parseAddress(address)).toBe(lower);
	expect(parseAddress(lower)).toBe(lower);
	expect(parseAddress(`0x${address.slice(2).toUpperCase()}`)).toBe(lower);
	expect(checksummed(lower)).toBe(address);
});

test.each([
	['a typo', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAEd'],
	['one digit short', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae'],
	['no 0x', '5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'],
	['no hex', `0x${'g'.repeat(40)}`],
	['empty', ''],
])('an address with %s is refused', (_, text) => {
	expect(parseAddress(text)).toBeUndefined();
});

test('the contract has the address that is written down', () => {
	const { deployer, salt, ScorchedEarthETH: coin } = deployments;
	const address = create2Address(
		deployer as Address,
		salt as `0x${string}`,
		coin.initCodeHash as `0x${string}`,
	);
	expect(address).toBe(coin.address);
});

/** From EIP-1014. */
test('CREATE2 addresses are those of the standard', () => {
	const hash = '0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a';
	const zero = `0x${'0'.repeat(64)}` as const;
	expect(create2Address(`0x${'0'.repeat(40)}` as Address, zero, hash)).toBe(
		'0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38',
	);
});
