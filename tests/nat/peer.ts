import { createInterface } from 'node:readline';
import { systemClock } from '#lib/app/platform/clock.ts';
import { fromHex, toHex } from '#lib/core/bytes.ts';
import { createNodeConns } from '#lib/webrtc/conn/node.ts';
import type { IceSettings } from '#lib/webrtc/ports.ts';
import { unpackDescription } from '#lib/webrtc/sdp/description.ts';

/** One peer of the lab. Says what happens in lines of JSON, and takes the other side's description as a line of hex. */
export type Word =
	| { readonly kind: 'description'; readonly hex: string; readonly candidates: readonly string[] }
	| { readonly kind: 'open' }
	/** A message of the other side came whole; `route` as this side sees it. */
	| { readonly kind: 'heard'; readonly route: string }
	| { readonly kind: 'closed'; readonly code: string };

const say = (word: Word) => console.log(JSON.stringify(word));
const [side, ice] = JSON.parse(process.argv[2] ?? '') as ['caller' | 'callee', IceSettings];

const made = createNodeConns({ clock: systemClock, ...ice }).create(side === 'caller', {
	onsignal(packed) {
		const description = unpackDescription(packed);
		say({
			kind: 'description',
			hex: toHex(packed),
			candidates: description.ok ? description.value.candidates.map(({ kind }) => kind) : [],
		});
	},
	onopen() {
		say({ kind: 'open' });
		if (made.ok) made.value.send(new Uint8Array(8_192).fill(7));
	},
	onmessage(message) {
		if (message.length === 8_192) say({ kind: 'heard', route: (made.ok && made.value.route) || 'unknown' });
	},
	ondrain() {},
	onclose: ({ code }) => say({ kind: 'closed', code }),
});
if (!made.ok) throw new Error(made.error.detail);
const conn = made.value;
createInterface({ input: process.stdin })
	.on('line', (line) => conn.signal(fromHex(line)!))
	.on('close', () => process.exit(0));
