import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pamsPictures } from '../../network/pictures/memes.ts';
import type { Address } from '#lib/channel/address.ts';
import { configOf, expect } from './fixtures.ts';
import { answer, expectState, leave, openChannel, test } from './memes.ts';

/** `npm run suggester` as a process of its own; resolves once it serves. */
async function startSuggester(args: readonly string[]): Promise<{ child: ChildProcess; said: string }> {
	const child = spawn(process.execPath, ['network/suggester.ts', ...args], { stdio: 'pipe' });
	let said = '';
	await new Promise<void>((resolve, reject) => {
		const hear = (data: Buffer) => {
			said += data.toString();
			if (said.includes('Serving')) resolve();
		};
		child.stdout.on('data', hear);
		child.stderr.on('data', hear);
		child.on('exit', () => {
			reject(new Error(said));
		});
	});
	return { child, said };
}

async function kill(child: ChildProcess): Promise<void> {
	const gone = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGKILL');
	await gone;
}

test('a suggester without a browser is killed between rounds and goes on with the channel', async ({
	relay,
	tab,
	chain,
}) => {
	const folder = mkdtempSync(join(tmpdir(), 'sweet-suggester-'));
	const options = { relays: [await relay()], chains: [chain.config] };
	const pictures = join(folder, 'pictures');
	mkdirSync(pictures);
	for (const { name, bytes } of pamsPictures().slice(0, 4))
		writeFileSync(join(pictures, `${name}.png`), bytes);
	writeFileSync(join(folder, 'config.json'), JSON.stringify(configOf(options)));
	const args = [
		'--pictures',
		pictures,
		'--data',
		join(folder, 'data'),
		'--config',
		join(folder, 'config.json'),
	];
	let suggester = await startSuggester(args);
	try {
		expect(suggester.said).toContain('4 new pictures queued');
		expect(suggester.said).toContain('Advertised.');
		const account = /Account (0x[0-9a-f]{40})/.exec(suggester.said)?.[1] as Address;

		const user = await tab(options);
		await openChannel(user, account, 10);
		await answer(user, 'Reward');
		await kill(suggester.child);
		suggester = await startSuggester(args);
		expect(suggester.said).toContain(`Account ${account}`);
		expect(suggester.said).toContain('The terms on the chain are these already.');
		expect(suggester.said).not.toContain('new pictures');

		await answer(user, 'Burn');
		await expect(user.page.getByText('1 rewarded · 1 burned')).toBeVisible();
		await leave(user);
		await expectState(user, 'Closed');
	} finally {
		await kill(suggester.child);
		rmSync(folder, { recursive: true });
	}
});
