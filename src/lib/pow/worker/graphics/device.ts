import { fixedWords, stateWords, type SlowBlockSearch } from '../../block-search.ts';

/** Invocations of the shader at once; more nonces than that are shared out among them. */
const mostInvocations = 2 ** 16;
/** What the shader leaves where it found nothing. */
const nothing = 0xffff_ffff;
/** GPUBufferUsage and GPUMapMode, which the DOM library lacks. */
const usage = { mapRead: 1, copySource: 4, copyTarget: 8, storage: 0x80 } as const;
const mapForReading = 1;

/** The kernel as a compute shader (`generator/emit/wgsl.ts`). */
export interface Shader {
	readonly code: string;
	/** Invocations of one workgroup. */
	readonly workgroup: number;
}

/**
 * Makes a kernel of this device's graphics card.
 *
 * @param onlost the card is gone, for whatever reason; it may be opened again.
 * @throws where there is no WebGPU, no card for it, or none that takes the shader.
 */
export async function openGraphics(
	{ code, workgroup }: Shader,
	onlost: (reason: string) => void,
): Promise<SlowBlockSearch> {
	const gpu = (navigator as Partial<Navigator>).gpu;
	if (!gpu) throw new Error('this browser has no WebGPU');
	const adapter = await gpu.requestAdapter();
	if (!adapter) throw new Error('there is no graphics card for WebGPU');
	const device = await adapter.requestDevice();
	void device.lost.then(({ message }) => onlost(message || 'the graphics card was lost'));
	const pipeline = await device.createComputePipelineAsync({
		layout: 'auto',
		compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
	});
	const given = new Int32Array(stateWords + fixedWords);
	const words = new Uint32Array(given.length + 3);
	const buffer = (bytes: number, use: number) => device.createBuffer({ size: bytes, usage: use });
	const task = buffer(words.byteLength, usage.storage | usage.copyTarget);
	const found = buffer(4, usage.storage | usage.copySource | usage.copyTarget);
	const answer = buffer(4, usage.mapRead | usage.copyTarget);
	const bindings = device.createBindGroup({
		layout: pipeline.getBindGroupLayout(0),
		entries: [task, found].map((of, binding) => ({ binding, resource: { buffer: of } })),
	});

	return {
		given,
		async search(first, count, limit) {
			words.set(given);
			words.set([first, count, limit], given.length);
			device.queue.writeBuffer(task, 0, words);
			device.queue.writeBuffer(found, 0, Uint32Array.of(nothing));
			const encoder = device.createCommandEncoder();
			const pass = encoder.beginComputePass();
			pass.setPipeline(pipeline);
			pass.setBindGroup(0, bindings);
			pass.dispatchWorkgroups(Math.ceil(Math.min(count, mostInvocations) / workgroup));
			pass.end();
			encoder.copyBufferToBuffer(found, 0, answer, 0, 4);
			device.queue.submit([encoder.finish()]);
			await answer.mapAsync(mapForReading);
			const [index = nothing] = new Uint32Array(answer.getMappedRange());
			answer.unmap();
			return index === nothing ? -1 : index;
		},
	};
}
