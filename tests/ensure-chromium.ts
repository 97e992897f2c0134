import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';
import { chromiumPath } from './chromium.ts';

const isPresent = (): boolean => chromiumPath() !== undefined || existsSync(chromium.executablePath());

const run = (command: string, ...args: readonly string[]): boolean =>
	spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Ways to get a Chromium without asking anybody, best first. */
const ways: readonly { readonly name: string; possible(): boolean; take(): boolean }[] = [
	{
		name: 'apt-get install chromium',
		possible: () => existsSync('/etc/debian_version') && process.getuid?.() === 0,
		take: () =>
			run('apt-get', 'update') && run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium'),
	},
	{
		name: 'playwright install chromium',
		possible: () => true,
		take: () => run('npx', 'playwright', 'install', 'chromium'),
	},
];

/** Makes sure that there is a Chromium to test in; false after saying in one line how to get one. */
export function ensureChromium(say: (line: string) => void): boolean {
	for (const way of ways) {
		if (isPresent()) return true;
		if (!way.possible()) continue;
		say(`no Chromium here: trying "${way.name}"`);
		way.take();
	}
	if (isPresent()) return true;
	say('No Chromium to test in: install the package chromium, or set CHROMIUM_PATH to a Chrome or Chromium.');
	return false;
}
