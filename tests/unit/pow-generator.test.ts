import { gzipSync } from 'node:zlib';
import { sha256 } from '@noble/hashes/sha2.js';
import binaryen from 'binaryen';
import { build, type Rolldown } from 'vite';
import { describe, expect, test } from 'vitest';
import { emitC } from '#lib/pow/generator/emit/c.ts';
import { emitJavaScript } from '#lib/pow/generator/emit/javascript.ts';
import { emitWasm } from '#lib/pow/generator/emit/wasm.ts';
import { emitWgsl } from '#lib/pow/generator/emit/wgsl.ts';
import { optimize } from '#lib/pow/generator/optimize.ts';
import { searchProgram } from '#lib/pow/generator/program.ts';
import { digestWords } from '#lib/pow/generator/sha256.ts';
import { powKernels } from '#lib/pow/generator/vite-plugin.ts';
import { signed, unsigned } from '#lib/pow/generator/wasm/encoding.ts';
import { WordGraph, type Word } from '#lib/pow/generator/word.ts';

describe('a graph of words', () => {
	test('computes what is constant', () => {
		const graph = new WordGraph();
		const [a, b] = [graph.constant(0x80000001), graph.constant(0xff)];
		const values = [
			[graph.add(a, b), (0x80000001 + 0xff) | 0],
			[graph.xor(a, b), (0x80000001 ^ 0xff) | 0],
			[graph.shr(a, 4), 0x08000000],
			[graph.rotr(a, 1), 0xc0000000 | 0],
			[graph.select(b, a, graph.constant(0x1200)), 0x1201],
		] as const;
		for (const [word, value] of values) {
			expect(word.pace).toBe('constant');
			expect(word.number).toBe(value);
		}
	});

	test('makes equal words once', () => {
		const graph = new WordGraph();
		const x = graph.input(0, 'varying');
		expect(graph.rotr(x, 7)).toBe(graph.rotr(x, 7));
		expect(graph.rotr(x, 7)).not.toBe(graph.rotr(x, 8));
		expect(graph.constant(2 ** 32 - 1)).toBe(graph.constant(-1));
	});

	test('drops zeros', () => {
		const graph = new WordGraph();
		const [x, zero] = [graph.input(0, 'varying'), graph.constant(0)];
		expect(graph.add(zero, x, zero)).toBe(x);
		expect(graph.xor(zero, x, zero)).toBe(x);
		expect(graph.xor(zero, zero)).toBe(zero);
		expect(graph.add()).toBe(zero);
	});

	test('gathers what is fixed in a sum into one word that can be computed ahead', () => {
		const graph = new WordGraph();
		const x = graph.input(0, 'varying');
		const u = graph.input(1, 'uniform');
		const inner = graph.add(graph.constant(5), x, u);
		const outer = graph.add(inner, graph.rotr(x, 3), graph.constant(7));
		const fixed = outer.operands.filter(({ pace }) => pace !== 'varying');
		expect(fixed).toEqual([graph.add(graph.add(u, graph.constant(5)), graph.constant(7))]);
	});

	test('uses a sum as it is where nothing fixed is added to it', () => {
		const graph = new WordGraph();
		const x = graph.input(0, 'varying');
		const inner = graph.add(x, graph.constant(5));
		expect(graph.add(inner, graph.rotr(x, 3)).operands).toContain(inner);
	});
});

describe('symbolic SHA-256', () => {
	/** The padded block of a message of up to 55 bytes. */
	function blockOf(message: Uint8Array): DataView {
		const view = new DataView(new ArrayBuffer(64));
		new Uint8Array(view.buffer).set(message);
		view.setUint8(message.length, 0x80);
		view.setUint32(60, message.length * 8);
		return view;
	}

	test.each([0, 1, 3, 32, 54, 55])('hashes a constant message of %i bytes away', (length) => {
		const message = Uint8Array.from({ length }, (_, i) => i * 37 + length);
		const view = blockOf(message);
		const graph = new WordGraph();
		const block = Array.from({ length: 16 }, (_, i) => graph.constant(view.getInt32(4 * i)));
		const digest = new DataView(new ArrayBuffer(32));
		for (const [i, word] of digestWords(graph, block).entries()) {
			expect(word.pace).toBe('constant');
			digest.setInt32(4 * i, word.number);
		}
		expect(new Uint8Array(digest.buffer)).toEqual(sha256(message));
	});
});

describe('the program of a search', () => {
	const program = searchProgram();
	const reachable = (from: Word, seen = new Set<Word>()): Set<Word> => {
		if (!seen.has(from)) {
			seen.add(from);
			for (const operand of from.operands) reachable(operand, seen);
		}
		return seen;
	};
	const count = (operator: Word['operator']) =>
		[...reachable(program.result)].filter((word) => word.operator === operator && word.pace === 'varying')
			.length;

	test('repeats for a nonce only what depends on it', () => {
		// 47 rounds, 13 to 59 in full: without folding there would be 64 of three rotations for each sigma.
		expect(count('rotr')).toBe(390);
		expect(count('select')).toBe(90);
		expect(count('add')).toBeLessThanOrEqual(408);
		for (const word of program.loop) expect(word.pace).toBe('varying');
		for (const word of program.ahead) expect(word.pace).toBe('uniform');
	});

	test('names each word before it is used', () => {
		const position = new Map([...program.ahead, ...program.loop].map((word, i) => [word, i]));
		for (const [word, at] of position)
			for (const inner of reachable(word)) expect(position.get(inner) ?? -1).toBeLessThanOrEqual(at);
	});
});

describe('what is emitted', () => {
	const emitted: Record<string, () => Uint8Array | string> = {
		SIMD128: () => optimize(emitWasm(searchProgram(), 4)),
		'scalar WebAssembly': () => optimize(emitWasm(searchProgram(), 1)),
		JavaScript: () => emitJavaScript(searchProgram()),
		C: () => emitC(searchProgram()),
		WGSL: () => emitWgsl(searchProgram()),
	};

	test.each(Object.entries(emitted))('%s is the same each time', (_, emit) => {
		expect(emit()).toEqual(emit());
	});

	test('the SIMD kernel keeps to its budget of 14 kB, 4.5 kB compressed', () => {
		const bytes = optimize(emitWasm(searchProgram(), 4));
		expect(bytes.length).toBeLessThanOrEqual(14_000);
		expect(gzipSync(bytes, { level: 9 }).length).toBeLessThanOrEqual(4_500);
	});

	test('the scalar module runs in the first browsers with WebAssembly', () => {
		const module = binaryen.readBinary(emitWasm(searchProgram(), 1));
		module.setFeatures(binaryen.Features.MVP);
		expect(module.validate()).toBeTruthy();
		module.dispose();
	});
});

describe('LEB128', () => {
	test.each([
		[0, [0]],
		[127, [0x7f]],
		[128, [0x80, 1]],
		[624_485, [0xe5, 0x8e, 0x26]],
	])('writes %i unsigned', (value, bytes) => expect(unsigned(value)).toEqual(bytes));

	test.each([
		[0, [0]],
		[63, [0x3f]],
		[64, [0xc0, 0]],
		[-1, [0x7f]],
		[-64, [0x40]],
		[-123_456, [0xc0, 0xbb, 0x78]],
		[-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
	])('writes %i signed', (value, bytes) => expect(signed(value)).toEqual(bytes));
});

describe('the build', () => {
	const entry = 'virtual:test-entry';
	async function built(): Promise<readonly Rolldown.OutputAsset[]> {
		const result = (await build({
			configFile: false,
			logLevel: 'silent',
			plugins: [
				powKernels(),
				{
					name: 'test-entry',
					resolveId: (id) => (id === entry ? id : undefined),
					load: (id) =>
						id === entry
							? `import simd from 'virtual:pow-kernel/simd'; import scalar from 'virtual:pow-kernel/scalar'; console.log(simd, scalar);`
							: undefined,
				},
			],
			build: { write: false, rolldownOptions: { input: entry } },
		})) as Rolldown.RolldownOutput;
		return result.output.filter((output) => output.type === 'asset');
	}

	test('makes files named by their content, identical on each build', async () => {
		const [first, second] = [await built(), await built()];
		expect(first.map(({ fileName }) => fileName).sort()).toEqual([
			expect.stringMatching(/pow-scalar-[\w-]{8}\.wasm$/),
			expect.stringMatching(/pow-simd-[\w-]{8}\.wasm$/),
		]);
		for (const asset of first) {
			const again = second.find(({ fileName }) => fileName === asset.fileName);
			expect(again?.source).toEqual(asset.source);
			expect(WebAssembly.validate(new Uint8Array(asset.source as Uint8Array))).toBe(true);
		}
	});
});
