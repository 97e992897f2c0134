/**
 * Calls `run` in a task of its own, after messages that already wait. Unlike timers, message tasks are neither clamped
 * to 4 ms nor throttled in the background.
 */
export function yieldThen(run: () => void): void {
	const { port1, port2 } = new MessageChannel();
	port1.onmessage = () => {
		port1.close();
		run();
	};
	port2.postMessage(null);
}
