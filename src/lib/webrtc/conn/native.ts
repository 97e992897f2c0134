import { err, ok } from '#lib/core/result.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { ConnClosed, ConnFactory, Fingerprints, IceSettings, Route } from '../ports.ts';
import { ConnBudget } from './budget.ts';
import { openChannel } from './channel.ts';
import { negotiate } from './negotiation.ts';

/** Connections of this page, used in this page. */
export function createNativeConns({ clock, ...given }: { readonly clock: Clock } & IceSettings): ConnFactory {
	const budget = new ConnBudget(clock);
	let ice: IceSettings = given;
	return {
		configure(next) {
			ice = next;
		},
		create(initiator, events) {
			let fingerprints: Fingerprints | undefined;
			let channelOpen = false;
			let over = false;
			let route: Route | undefined;
			const negotiated = negotiate(
				initiator,
				{ clock, ice, budget },
				{
					ondescription: (description) => events.onsignal(description),
					onfingerprints(known) {
						fingerprints = known;
						openWhenReady();
					},
					onroute(known) {
						route = known;
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
				get route() {
					return route;
				},
				close: (reason) => end('closed', reason),
			});
		},
	};
}
