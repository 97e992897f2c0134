import { wireLimits } from '../limits.ts';

const host = /(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])/.source;
const loopback = /(?:localhost|127\.0\.0\.1)/.source;
/** Port and path: printable ASCII without `#` and `?`. */
const rest = /(?::\d{1,5})?(?:\/[!"$->@-~]*)?/.source;
const pattern = new RegExp(`^(?:wss://${host}|ws://${loopback})${rest}$`);

/**
 * Whether a text names a signalling relay: `wss://host[:port][/path]`, or plain `ws://` on this very machine. No
 * user, query or fragment: nothing a stranger could put a secret or a command into.
 */
export const isRelayUrl = (text: string): boolean =>
	text.length <= wireLimits.relayBytes && pattern.test(text);
