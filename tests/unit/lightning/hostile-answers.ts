import type { WalletErrorCode } from '#lib/wallet/lightning/port.ts';
import { badInvoices, hash } from './bad-invoices.ts';
import { answerTo, seal, sealedByStranger, stranger, type Heard } from './hostile-wallet.ts';

/** The right secret of the invoice that is paid: an answer with it is believed if only all the rest is right. */
export const preimage = '01'.repeat(32);
const receipt = { preimage, fees_paid: 0 };
const paid = { result_type: 'pay_invoice', error: null, result: receipt };
const refusing = (code: unknown, type: unknown = 'pay_invoice') => ({
	result_type: type,
	error: { code, message: 'no' },
	result: null,
});

/** The wallet's own last word after what a relay or a stranger slipped in. */
const lastWord = (id: string) => answerTo(id, seal(refusing('QUOTA_EXCEEDED')));

export interface HostileAnswer {
	readonly name: string;
	/** Everything that comes back for a `pay_invoice`, as it travels. */
	readonly answer: (request: Heard) => readonly unknown[];
	/** What the payment is then: never paid, and `pending` where nobody can know that it is not. */
	readonly outcome: { readonly state: 'failed' | 'pending'; readonly code: WalletErrorCode };
}

/** Slipped in, ignored: the wallet's own word after it counts. */
const ignored = (name: string, forge: (id: string) => unknown): HostileAnswer => ({
	name,
	answer: ({ id }) => [forge(id), lastWord(id)],
	outcome: { state: 'failed', code: 'quota-exceeded' },
});

/** From the wallet itself, and no answer: the payment may have left. */
const sealed = (name: string, content: string, code: WalletErrorCode = 'malformed'): HostileAnswer => ({
	name,
	answer: ({ id }) => [answerTo(id, content)],
	outcome: { state: 'pending', code },
});
const body = (name: string, value: unknown, code?: WalletErrorCode) => sealed(name, seal(value), code);
const result = (name: string, value: unknown, code?: WalletErrorCode) =>
	body(name, { ...paid, result: value }, code);
const refused = (given: string, code: WalletErrorCode, state: 'failed' | 'pending'): HostileAnswer => ({
	name: `error ${given}`,
	answer: ({ id }) => [answerTo(id, seal(refusing(given)))],
	outcome: { state, code },
});

const otherId = 'ab'.repeat(32);

/** Answers to `pay_invoice` after which nothing may count as paid. */
export const hostileAnswers: readonly HostileAnswer[] = [
	ignored('wrong id', () => answerTo(otherId, seal(paid))),
	ignored('replay of an earlier answer', () => answerTo('cd'.repeat(32), seal(paid))),
	ignored('another author', (id) => answerTo(id, sealedByStranger(paid), { author: stranger })),
	ignored('sealed by the wallet, signed by a stranger', (id) =>
		answerTo(id, seal(paid), { author: stranger }),
	),
	ignored('another kind', (id) => answerTo(id, seal(paid), { kind: 23_196 })),
	ignored('a request sent back', (id) => answerTo(id, seal(paid), { kind: 23_194 })),
	ignored('signature changed', (id) => {
		const event = answerTo(id, seal(paid));
		return { ...event, sig: event.sig.replace(/^../, event.sig.startsWith('00') ? '11' : '00') };
	}),
	ignored('signature of zeros', (id) => ({ ...answerTo(id, seal(paid)), sig: '0'.repeat(128) })),
	ignored('signature missing', (id) => ({ ...answerTo(id, seal(paid)), sig: undefined })),
	ignored('content changed after signing', (id) => ({
		...answerTo(id, seal(refusing('OTHER'))),
		content: seal(paid),
	})),
	ignored('tag changed after signing', (id) => ({ ...answerTo(otherId, seal(paid)), tags: [['e', id]] })),
	ignored('author changed after signing', (id) => ({
		...answerTo(id, seal(paid), { author: stranger }),
		pubkey: answerTo(id, '').pubkey,
	})),
	ignored('event id changed', (id) => ({ ...answerTo(id, seal(paid)), id: otherId })),
	ignored('no event', () => null),
	ignored('an event without fields', () => ({})),
	ignored('a number', () => 7),
	{
		name: 'paid after it was refused',
		answer: ({ id }) => [lastWord(id), answerTo(id, seal(paid))],
		outcome: { state: 'failed', code: 'quota-exceeded' },
	},
	{
		name: 'the same refusal twice',
		answer: ({ id }) => [lastWord(id), lastWord(id)],
		outcome: { state: 'failed', code: 'quota-exceeded' },
	},
	sealed('not encrypted', JSON.stringify(paid)),
	sealed('nothing', ''),
	sealed('bad encryption', seal(paid).slice(0, -8) + 'AAAAAAA='),
	sealed('sealed by a stranger', sealedByStranger(paid)),
	sealed('NIP-04 in place of NIP-44', `${'A'.repeat(64)}?iv=${'A'.repeat(24)}`),
	sealed('oversized', 'A'.repeat(200_000)),
	body('null', null),
	body('a list', [paid]),
	body('a word', 'paid'),
	body('true', true),
	body('empty', {}),
	body('without result_type', { error: null, result: receipt }),
	body('result_type null', { ...paid, result_type: null }),
	body('result_type a number', { ...paid, result_type: 47 }),
	body('result_type of another method', { ...paid, result_type: 'get_balance' }),
	body('result_type of a look-up', { ...paid, result_type: 'lookup_invoice' }),
	body('result_type with a blank', { ...paid, result_type: 'pay_invoice ' }),
	body('refusal of another method', refusing('INSUFFICIENT_BALANCE', 'get_balance')),
	body('refusal of no method', refusing('INSUFFICIENT_BALANCE', null)),
	body('both result and error', { ...paid, error: { code: 'OTHER', message: '' } }, 'internal'),
	body('error a word', { ...paid, error: 'INSUFFICIENT_BALANCE' }),
	body('error without code', { ...paid, error: { message: 'no' }, result: null }),
	body('error code a number', refusing(1)),
	body('error code null', refusing(null)),
	body('an error inside the result', { ...paid, result: { error: { code: 'OTHER' } } }),
	result('result null', null),
	result('result a word', preimage),
	result('result a list', [receipt]),
	result('no preimage', { fees_paid: 0 }),
	result('preimage null', { preimage: null }),
	result('preimage empty', { preimage: '' }),
	result('preimage a number', { preimage: 1 }),
	result('preimage a list', { preimage: [preimage] }),
	result('preimage of 31 bytes', { preimage: preimage.slice(2) }),
	result('preimage of 33 bytes', { preimage: `${preimage}01` }),
	result('preimage no hex', { preimage: 'zz'.repeat(32) }),
	result('preimage in capitals', { preimage: 'AB'.repeat(32) }),
	result('preimage of another payment', { preimage: '02'.repeat(32) }, 'lying'),
	result('payment hash for a preimage', { preimage: hash }, 'lying'),
	result('preimage of zeros', { preimage: '0'.repeat(64) }, 'lying'),
	result('fee negative', { preimage, fees_paid: -1 }),
	result('fee a string', { preimage, fees_paid: '0' }),
	result('fee a fraction', { preimage, fees_paid: 0.5 }),
	result('fee beyond counting', { preimage, fees_paid: 2 ** 53 }),
	result('fee null, as NaN is written', { preimage, fees_paid: Number.NaN }),
	result('fee an object', { preimage, fees_paid: {} }),
	sealed('fee infinite', seal({ ...paid, result: { preimage, fees_paid: 'Infinity' } })),
	result('preimage under a prototype key', JSON.parse(`{"__proto__":{"preimage":"${preimage}"}}`)),
	refused('RATE_LIMITED', 'rate-limited', 'failed'),
	refused('NOT_IMPLEMENTED', 'not-implemented', 'failed'),
	refused('INSUFFICIENT_BALANCE', 'insufficient-balance', 'failed'),
	refused('QUOTA_EXCEEDED', 'quota-exceeded', 'failed'),
	refused('RESTRICTED', 'restricted', 'failed'),
	refused('UNAUTHORIZED', 'unauthorized', 'failed'),
	refused('UNSUPPORTED_ENCRYPTION', 'unsupported-encryption', 'failed'),
	refused('INTERNAL', 'internal', 'pending'),
	refused('OTHER', 'internal', 'pending'),
	refused('TOO_LAZY', 'internal', 'pending'),
	refused('quota_exceeded', 'internal', 'pending'),
	refused('', 'internal', 'pending'),
	refused('__proto__', 'internal', 'pending'),
	refused('constructor', 'internal', 'pending'),
	refused('toString', 'internal', 'pending'),
	refused('get_balance:QUOTA_EXCEEDED', 'internal', 'pending'),
	refused('QUOTA_EXCEEDED\n', 'internal', 'pending'),
];

/** Bad amounts for any field of any answer. */
export const notAmounts: readonly (readonly [string, unknown])[] = [
	['negative', -1],
	['a string', '1000'],
	['a fraction', 0.1],
	['beyond counting', 2 ** 53],
	['NaN', Number.NaN],
	['infinite', Number.POSITIVE_INFINITY],
	['null', null],
	['missing', undefined],
	['an object', {}],
	['a list', [1_000]],
	['true', true],
	['a bigint', 1_000n],
];

/** An invoice nobody can have asked for, as answer to `make_invoice`. */
export const madeBadly = badInvoices.filter(({ name }) =>
	['a word', 'cut', 'huge', 'two hashes'].includes(name),
);
