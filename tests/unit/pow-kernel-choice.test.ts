import { afterEach, expect, test, vi } from 'vitest';
import { emitWasm } from '#lib/pow/generator/emit/wasm.ts';
import { searchProgram } from '#lib/pow/generator/program.ts';
import { scan as plainScan } from '#lib/pow/kernel.ts';
import { largestDigest, preimageOf } from '#lib/pow/scheme.ts';
import { loadScan, type KernelSources } from '#lib/pow/worker/load-scan.ts';
import { kernels } from '../kit/kernels.ts';

const javascript = kernels['JavaScript']!;
const missing = () => Promise.reject(new Error('404'));
const sources: KernelSources = {
	simd: () => Promise.resolve(emitWasm(searchProgram(), 4)),
	scalar: () => Promise.resolve(emitWasm(searchProgram(), 1)),
	javascript,
};
const preimage = preimageOf(new Uint8Array(32).fill(9), 3);
const limit = largestDigest(2 ** 12);

afterEach(() => vi.unstubAllGlobals());

test.each<[string, Partial<KernelSources>]>([
	['simd', {}],
	['scalar', { simd: missing }],
	['scalar', { simd: () => Promise.resolve(new Uint8Array([0, 1, 2])) }],
	['javascript', { simd: missing, scalar: missing }],
	['plain', { simd: missing, scalar: missing, javascript: missing }],
])('chooses %s when those before it cannot be had', async (name, broken) => {
	const { kernel, scan } = await loadScan({ ...sources, ...broken });
	expect(kernel).toBe(name);
	expect(scan(preimage, 0, 50_000, limit)).toBe(plainScan(preimage, 0, 50_000, limit));
});

test('asks for no WebAssembly where it must not be compiled', async () => {
	const Module = vi.fn(() => {
		throw new Error("violates the policy without 'wasm-unsafe-eval'");
	});
	vi.stubGlobal('WebAssembly', { Module });
	const simd = vi.fn(sources.simd);
	const { kernel } = await loadScan({ ...sources, simd });
	expect(kernel).toBe('javascript');
	expect(Module).toHaveBeenCalled();
	expect(simd).not.toHaveBeenCalled();
});

test('does without WebAssembly altogether', async () => {
	vi.stubGlobal('WebAssembly', undefined);
	const { kernel, scan } = await loadScan(sources);
	expect(kernel).toBe('javascript');
	expect(scan(preimage, 0, 50_000, limit)).toBe(plainScan(preimage, 0, 50_000, limit));
});
