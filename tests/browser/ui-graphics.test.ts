import { describe, expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import GraphicsLine from '#lib/ui/components/me/GraphicsLine.svelte';

describe('how it stands with the graphics card', () => {
	it.each([
		[{ state: 'off' }, 'Not used at the moment.'],
		[{ state: 'starting' }, 'Starting, and measuring its speed…'],
		[{ state: 'working', rate: 1_200_000_000 }, 'Helping: 1.2B hashes a second.'],
		[
			{ state: 'failed', detail: 'there is no graphics card for WebGPU' },
			'It cannot be used: there is no graphics card for WebGPU. The processor goes on alone.',
		],
	] as const)('$0.state', async (graphics, said) => {
		const { getByRole } = await render(GraphicsLine, { graphics });
		await expect.element(getByRole('status')).toHaveTextContent(said);
	});
});
