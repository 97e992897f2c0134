import { existsSync } from 'node:fs';

const candidates = [
	process.env['CHROMIUM_PATH'],
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chromium on this machine, or undefined where Playwright's own download is to be used. */
export function chromiumPath(): string | undefined {
	return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Launch options for that Chromium: no sandbox (containers run as root) and no calls home. */
export function chromiumLaunch(): { executablePath?: string; args: string[] } {
	const path = chromiumPath();
	return {
		...(path === undefined ? {} : { executablePath: path }),
		args: [
			'--no-sandbox',
			'--disable-quic',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	};
}

/** Makes a WebGPU device in software of the processor: slow, but it computes what a graphics card would. */
export const softwareGraphics = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
