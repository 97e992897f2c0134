#!/usr/bin/env node
// Lets forge use the solc of npm (WebAssembly): it answers the two questions forge asks a native compiler.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc');

if (process.argv.includes('--version')) {
	const [version] = solc.version().split('+');
	console.log(`solc, the solidity compiler commandline interface\nVersion: ${version}+commit.00000000.Emscripten.clang`);
} else {
	process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
}
