import { parseConfig } from './config.ts';
import type { NodeConfig } from './protocol.ts';

/** Config requests slower than this fail with a reason instead of leaving the page at "starting", ms. */
const configWithin = 15_000;

/** Reads and parses the deployment's settings. Browser only. */
export async function fetchConfig(): Promise<NodeConfig> {
	const response = await fetch('/config.json', { signal: AbortSignal.timeout(configWithin) });
	const config = parseConfig(await response.text());
	if (!config.ok) throw new Error(`/config.json is refused: ${config.error.detail}`);
	return config.value;
}
