import { err, ok } from '#lib/core/result.ts';
import type { ConnClosed, ConnFactory, Fingerprints } from '../ports.ts';
import { ConnBudget } from './budget.ts';
import { openChannel } from './channel.ts';
import { negotiate, type NegotiationOptions } from './negotiation.ts';

/** Connections of this page, used in this page. */
export function createNativeConns(options: Omit<NegotiationOptions, 'budget'>): ConnFactory {
	const budget = new ConnBudget(options.clock);
	return {
		create(initiator, events) {
			let fingerprints: Fingerprints | undefined;
			let channelOpen = false;
			let over = false;
			const negotiated = negotiate(
				initiator,
				{ ...options, budget },
				{
					ondescription: (description) => events.onsignal(description),
					onfingerprints(known) {
						fingerprints = known;
						openWhenReady();
					},
					onfailed: ({ code, detail }) => end(code, detail),
				},
			);
			if (!negotiated.ok) return err(negotiated.error);
			const negotiation = negotiated.value;
			const channel = openChannel(negotiation.channel, {
				onopen() {
					channelOpen = true;
					openWhenReady();
				},
				onmessage: (message) => events.onmessage(message),
				ondrain: () => events.ondrain(),
				onbadmessage: () => end('bad-message', 'not binary'),
				onclose: () => end('closed-by-peer', ''),
			});

			function openWhenReady(): void {
				if (channelOpen && fingerprints && !over) events.onopen(fingerprints);
			}

			function end(code: ConnClosed['code'], detail: string): void {
				if (over) return;
				over = true;
				channel.close();
				negotiation.close();
				events.onclose({ type: 'conn-closed', code, detail });
			}

			return ok({
				signal: (description) => negotiation.signal(description),
				send: (message) => !over && channel.send(message),
				get buffered() {
					return channel.buffered;
				},
				close: (reason) => end('closed', reason),
			});
		},
	};
}
