import { sha256 } from '@noble/hashes/sha2.js';
import { initSync, solve_pow } from '@cap.js/wasm/browser/cap_wasm.js';
import * as mcaptcha from '@mcaptcha/pow-wasm/pow_wasm_bg.js';
import { getWasmSolver } from 'friendly-pow/node/api/wasm.js';
import { createSHA256 } from 'hash-wasm';
import { scanWith, type BlockSearch } from '#lib/pow/block-search.ts';
import { scan as plainScan, type Scan } from '#lib/pow/kernel.ts';
import { instantiate } from '#lib/pow/worker/load-scan.ts';
import type { Contestant } from './slices.ts';

/** Modules of WebAssembly, read by whoever can read files. */
export interface ModuleBytes {
	readonly simd: Uint8Array<ArrayBuffer>;
	readonly scalar: Uint8Array<ArrayBuffer>;
	readonly cap: Uint8Array<ArrayBuffer>;
	readonly mcaptcha: Uint8Array<ArrayBuffer>;
	readonly friendly: Uint8Array<ArrayBuffer>;
}

const preimage = Uint8Array.from({ length: 55 }, (_, i) => i * 29);
/** No digest is as small: every nonce is tried. */
const impossible = new Uint8Array(32);

const ours = (name: string, scan: Scan): Contestant => {
	let next = 0;
	return {
		name,
		run(hashes) {
			scan(preimage, next, hashes, impossible);
			next += hashes;
			return hashes;
		},
	};
};

/** Our kernels and everyone else's, on messages of about one block. */
export async function contestants(
	modules: ModuleBytes,
	javascript: () => BlockSearch,
): Promise<readonly Contestant[]> {
	return [
		ours('simd', scanWith(await instantiate(modules.simd))),
		ours('scalar', scanWith(await instantiate(modules.scalar))),
		ours('javascript', scanWith(javascript())),
		ours('plain', plainScan),
		noble(),
		await hashWasm(),
		cap(modules.cap),
		await mCaptcha(modules.mcaptcha),
		await friendlyCaptcha(modules.friendly),
	];
}

function noble(): Contestant {
	const message = preimage.slice();
	const counter = new DataView(message.buffer);
	return {
		name: 'noble',
		run(hashes) {
			for (let i = 0; i < hashes; i++) {
				counter.setUint32(51, i);
				sha256(message);
			}
			return hashes;
		},
	};
}

async function hashWasm(): Promise<Contestant> {
	const hasher = await createSHA256();
	const message = preimage.slice();
	const counter = new DataView(message.buffer);
	return {
		name: 'hash-wasm',
		run(hashes) {
			for (let i = 0; i < hashes; i++) {
				counter.setUint32(51, i);
				hasher.init().update(message).digest('binary');
			}
			return hashes;
		},
	};
}

/** Counts decimal nonces from 0 until the digest begins with the target; three hex digits take 4,096 on average. */
function cap(bytes: BufferSource): Contestant {
	initSync({ module: bytes });
	let salts = 0;
	return {
		name: 'cap',
		run(hashes) {
			let done = 0;
			while (done < hashes) done += Number(solve_pow(`salt-of-a-challenge-${salts++}`, 'fff')) + 1;
			return done;
		},
	};
}

/** Counts nonces from 1 until the digest is large enough. */
async function mCaptcha(bytes: BufferSource): Promise<Contestant> {
	const { instance } = await WebAssembly.instantiate(bytes, {
		'./pow_wasm_bg.js': mcaptcha as unknown as WebAssembly.ModuleImports,
	});
	mcaptcha.__wbg_set_wasm(instance.exports);
	let salts = 0;
	return {
		name: 'mcaptcha',
		run(hashes) {
			let done = 0;
			while (done < hashes) {
				const work = JSON.parse(mcaptcha.gen_pow(`salt-${salts++}`, 'phrase', 4_096)) as { nonce: number };
				done += work.nonce;
			}
			return done;
		},
	};
}

/** BLAKE2b-256 of 128 bytes: another hash, in one block of its own. */
async function friendlyCaptcha(bytes: BufferSource): Promise<Contestant> {
	const solve = await getWasmSolver(await WebAssembly.compile(bytes));
	return {
		name: 'friendly-captcha',
		run(hashes) {
			solve(new Uint8Array(128), 0, hashes);
			return hashes;
		},
	};
}
