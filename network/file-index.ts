import { existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

export interface ServedFile {
	readonly path: string;
	readonly type: string;
	readonly size: number;
	readonly etag: string;
	/** Its name changes with its content. */
	readonly immutable: boolean;
}

export interface FileIndex {
	/** The file for a URL path: itself, its page, or the app's shell for a route that only the app knows. */
	find(urlPath: string): ServedFile | undefined;
}

const types: Readonly<Record<string, string>> = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.ico': 'image/x-icon',
	'.jpg': 'image/jpeg',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json',
	'.mjs': 'text/javascript; charset=utf-8',
	'.png': 'image/png',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
	'.wasm': 'application/wasm',
	'.webmanifest': 'application/manifest+json',
	'.webp': 'image/webp',
	'.woff2': 'font/woff2',
};

/** The app's page for routes without a file of their own. */
const shell = '/200.html';

/** Lists the folder once. Only what was listed can be asked for, so no path leads out of it. */
export function indexFiles(root: string): FileIndex {
	const files = new Map<string, ServedFile>();
	const names = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
	for (const name of names) {
		const path = join(root, name);
		const stat = statSync(path);
		if (!stat.isFile()) continue;
		const url = `/${relative(root, path).split(sep).join('/')}`;
		files.set(url, {
			path,
			type: types[extname(url)] ?? 'application/octet-stream',
			size: stat.size,
			etag: `"${stat.size.toString(36)}-${Math.round(stat.mtimeMs).toString(36)}"`,
			immutable: url.startsWith('/_app/immutable/'),
		});
	}
	return {
		find(urlPath) {
			const page = urlPath.replace(/\/+$/, '');
			const own = files.get(urlPath) ?? files.get(`${page}.html`) ?? files.get(`${page}/index.html`);
			// A missing script or picture is missing; only a route may be the app's to know.
			return own ?? (extname(urlPath) === '' ? files.get(shell) : undefined);
		},
	};
}
