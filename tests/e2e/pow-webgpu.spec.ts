import { emitWgsl, workgroupSize } from '#lib/pow/generator/emit/wgsl.ts';
import { searchProgram } from '#lib/pow/generator/program.ts';
import { scan } from '#lib/pow/kernel.ts';
import { scanWith } from '#lib/pow/block-search.ts';
import { chromiumLaunch } from '../chromium.ts';
import { expect, test } from './fixtures.ts';

/** A WebGPU device in software: slow, but it computes what a graphics card would. */
const software = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const launch = chromiumLaunch();
test.use({ launchOptions: { ...launch, args: [...launch.args, ...software] } });

interface Dispatch {
	readonly code: string;
	/** Binding 0: what is given, then first, count and limit. */
	readonly task: readonly number[];
	readonly workgroups: number;
}

/** Runs a shader once and returns binding 1; undefined where there is no device. In the page. */
async function dispatch({ code, task, workgroups }: Dispatch): Promise<number | undefined> {
	const adapter = await navigator.gpu.requestAdapter();
	if (!adapter) return undefined;
	const device = await adapter.requestDevice();
	// GPUBufferUsage and GPUMapMode, which the DOM library lacks.
	const usage = { mapRead: 1, copySource: 4, copyTarget: 8, storage: 0x80 };
	const mapForReading = 1;
	const buffer = (content: Uint32Array<ArrayBuffer>, use: number) => {
		const made = device.createBuffer({ size: content.byteLength, usage: use | usage.copyTarget });
		device.queue.writeBuffer(made, 0, content);
		return made;
	};
	const found = buffer(Uint32Array.of(0xffff_ffff), usage.storage | usage.copySource);
	const read = buffer(new Uint32Array(1), usage.mapRead);
	const pipeline = await device.createComputePipelineAsync({
		layout: 'auto',
		compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
	});
	const bindings = [buffer(Uint32Array.from(task), usage.storage), found];
	const group = device.createBindGroup({
		layout: pipeline.getBindGroupLayout(0),
		entries: bindings.map((buffer, binding) => ({ binding, resource: { buffer } })),
	});
	const encoder = device.createCommandEncoder();
	const pass = encoder.beginComputePass();
	pass.setPipeline(pipeline);
	pass.setBindGroup(0, group);
	pass.dispatchWorkgroups(workgroups);
	pass.end();
	encoder.copyBufferToBuffer(found, 0, read, 0, 4);
	device.queue.submit([encoder.finish()]);
	await read.mapAsync(mapForReading);
	return new Uint32Array(read.getMappedRange())[0];
}

test('the WGSL kernel finds the nonces that the plain kernel finds', async ({ tab }) => {
	const { page } = await tab();
	const code = emitWgsl(searchProgram());
	for (const [fill, start, top] of [
		[1, 0, 2 ** 20],
		[0xff, 2 ** 40 + 12_345, 2 ** 19],
		[0, 3, 0],
	] as const) {
		const preimage = new Uint8Array(55).fill(fill);
		const limit = new Uint8Array(32).fill(0xff);
		new DataView(limit.buffer).setUint32(28, top, true);
		const count = 40_000;
		// What a kernel is given and asked, taken from the code that asks one.
		let task: readonly number[] = [];
		const given = new Int32Array(21);
		const search = (...asked: readonly number[]) => {
			task = [...given, ...asked];
			return -1;
		};
		scanWith({ given, search })(preimage, start, count, limit);
		const expected = scan(preimage, start, count, limit);
		const found = await page.evaluate(dispatch, { code, task, workgroups: 512 / workgroupSize });
		expect(found).toBe(expected < 0 ? 0xffff_ffff : expected - start);
	}
});
