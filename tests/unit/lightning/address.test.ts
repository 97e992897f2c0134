import { describe, expect, test } from 'vitest';
import { toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { invoiceFrom, parseLightningAddress, type AddressErrorCode } from '#lib/wallet/lightning/address.ts';
import { Ledger } from '#lib/wallet/lightning/ledger/ledger.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { createDice } from '../../kit/dice.ts';

const metadata = '[["text/plain","For a harp"]]';
const ledger = new Ledger({ now: () => 1_800_000_000_000, random: createDice(1) });
const payee = ledger.open('payee', 0);
const bill = (amount: number, descriptionHash = toHex(sha256(utf8(metadata)))) => {
	const made = ledger.makeInvoice(payee, {
		msat: sats(amount),
		memo: '',
		expirySeconds: 60,
		descriptionHash,
	});
	if (!made.ok) throw new Error(made.error.detail);
	return made.value.bolt11;
};
const page = {
	tag: 'payRequest',
	callback: 'https://harp.example/pay?user=ann',
	metadata,
	minSendable: 1_000,
	maxSendable: 1_000_000,
};

describe('an address', () => {
	test.each(['ann@harp.example', ' Ann@Harp.Example ', 'a.n+n@pay.harp.example', 'ann@127.0.0.1:8080'])(
		'%s is one',
		(text) => expect(parseLightningAddress(text, 'localhost:4180')).toBeDefined(),
	);
	test.each([
		'',
		'ann',
		'@harp.example',
		'ann@',
		'ann@harp',
		'ann@harp.example/evil',
		'ann@harp.example:99',
		'ann@user:pass@harp.example',
		'ann@10.0.0.1',
		'ann@127.0.0.1:8080',
		'ann@localhost',
		'ann@[::1]',
		'../ann@harp.example',
		'ann b@harp.example',
		`${'a'.repeat(65)}@harp.example`,
		'call ann@harp.example',
	])('%s is none', (text) => expect(parseLightningAddress(text, 'app.example')).toBeUndefined());
});

/** Answers nothing. */
const silence = Symbol('silence');

/** Plays the host: its page, and the answer to whatever the callback is asked. */
async function ask(first: unknown, second: unknown = { pr: bill(300) }) {
	const asked: string[] = [];
	const address = parseLightningAddress('ann@harp.example', 'app.example');
	if (!address) throw new Error('no address');
	const answers = [first, second];
	const invoice = await invoiceFrom(address, sats(300), (url) => {
		asked.push(url);
		const answer = answers[asked.length - 1];
		return Promise.resolve(
			answer === silence ? undefined : typeof answer === 'string' ? answer : JSON.stringify(answer),
		);
	});
	return { asked, invoice };
}

test('an invoice over exactly the amount, from the host the address names', async () => {
	const { asked, invoice } = await ask(page);
	expect(asked).toEqual([
		'https://harp.example/.well-known/lnurlp/ann',
		'https://harp.example/pay?user=ann&amount=300000',
	]);
	expect(invoice).toMatchObject({ ok: true, value: { msat: 300_000 } });
});

test.each<[string, AddressErrorCode, unknown, unknown?]>([
	['the page cannot be had', 'unreachable', silence],
	['the invoice cannot be had', 'unreachable', page, silence],
	['no JSON', 'malformed', '<html>'],
	['JSON that is no object', 'malformed', 'null'],
	['a page without end', 'malformed', `"${'x'.repeat(20_000)}"`],
	['another kind of link', 'malformed', { ...page, tag: 'withdrawRequest' }],
	['no metadata', 'malformed', { ...page, metadata: 7 }],
	['no bounds', 'malformed', { ...page, minSendable: '1' }],
	['negative bounds', 'malformed', { ...page, minSendable: -1 }],
	['no callback', 'malformed', { ...page, callback: 'pay' }],
	['a callback in clear', 'malformed', { ...page, callback: 'http://harp.example/pay' }],
	['a callback to this machine', 'malformed', { ...page, callback: 'http://127.0.0.1:9/pay' }],
	['a callback that is a script', 'malformed', { ...page, callback: 'javascript:alert(1)' }],
	['it says no', 'refused', { status: 'ERROR', reason: 'no such user' }],
	['it says no at the end', 'refused', page, { status: 'ERROR' }],
	['too little', 'amount', { ...page, minSendable: 400_000 }],
	['too much', 'amount', { ...page, maxSendable: 200_000 }],
	['no invoice', 'malformed', page, { pr: 'lnbcrt1' }],
	['an invoice over more', 'lying', page, { pr: bill(301) }],
	['an invoice for something else', 'lying', page, { pr: bill(300, 'ab'.repeat(32)) }],
])('%s: %s', async (_, code, first, second = { pr: bill(300) }) => {
	const { invoice } = await ask(first, second);
	expect(invoice).toMatchObject({ ok: false, error: { code } });
});
