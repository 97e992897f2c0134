import type { Bytes } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { ConnClosed, ConnError, Fingerprints, IceSettings, Route } from '../ports.ts';
import { packDescription, unpackDescription, type Description } from '../sdp/description.ts';
import { buildSdp, parseSdp } from '../sdp/sdp.ts';
import { channelOptions } from './channel.ts';
import { namesCandidate, watchGathering } from './gathering.ts';
import type { ConnBudget } from './budget.ts';
import { connLimits } from './limits.ts';
import { routeOf, rtcConfiguration } from './ice.ts';

export interface NegotiationOptions {
	readonly clock: Clock;
	/** One for each page. */
	readonly budget: ConnBudget;
	readonly ice: IceSettings;
}

export interface NegotiationEvents {
	ondescription(description: Bytes): void;
	/** Both descriptions are applied; DTLS will accept these certificates only. */
	onfingerprints(fingerprints: Fingerprints): void;
	onroute(route: Route): void;
	/** Once, not after `close`. */
	onfailed(closed: ConnClosed): void;
}

/** An RTCPeerConnection on its way: exchanges packed descriptions without trickle and guards its one channel. */
export interface Negotiation {
	/** May be transferred to a Worker, in the task that created it only. */
	readonly channel: RTCDataChannel;
	signal(description: Bytes): void;
	/** Lets a last message leave, then tears everything down. */
	close(): void;
	/** Tears everything down at once: the page is going away. */
	abort(): void;
}

export function negotiate(
	initiator: boolean,
	{ clock, budget, ice }: NegotiationOptions,
	events: NegotiationEvents,
): Result<Negotiation, ConnError> {
	if (typeof RTCPeerConnection === 'undefined')
		return err({ type: 'conn', code: 'unsupported', detail: 'this browser has no WebRTC' });
	const permission = budget.request();
	if (!permission.ok) return permission;
	const settled = permission.value;
	let pc: RTCPeerConnection;
	let channel: RTCDataChannel;
	try {
		pc = new RTCPeerConnection(rtcConfiguration(ice));
		channel = pc.createDataChannel('sweet', channelOptions);
	} catch (error) {
		settled();
		budget.refused();
		return err({ type: 'conn', code: 'failed', detail: String(error) });
	}
	budget.constructed();

	let local: Description | undefined;
	let remote: Description | undefined;
	let over = false;

	function end(): void {
		over = true;
		settled();
	}

	function fail(code: ConnClosed['code'], detail: string): void {
		if (over) return;
		end();
		pc.close();
		events.onfailed({ type: 'conn-closed', code, detail });
	}

	async function gathered(): Promise<void> {
		await new Promise<void>((resolve) => {
			const gathering = watchGathering(clock, () => namesCandidate(pc.localDescription?.sdp), resolve);
			const news = () => gathering.news(pc.iceGatheringState === 'complete');
			pc.onicecandidate = news;
			pc.onicegatheringstatechange = news;
			news();
		});
	}

	/** Makes our own description and hands it out once its candidates are known. */
	async function describe(): Promise<void> {
		await pc.setLocalDescription();
		await gathered();
		if (over) return;
		const parsed = parseSdp(pc.localDescription?.sdp ?? '');
		if (!parsed.ok) {
			fail(parsed.error.code === 'no-candidates' ? 'no-candidates' : 'failed', parsed.error.detail);
			return;
		}
		local = parsed.value;
		tellFingerprints();
		events.ondescription(packDescription(local));
	}

	async function apply(description: Description): Promise<void> {
		await pc.setRemoteDescription(buildSdp(description));
		if (!initiator) await describe();
		else tellFingerprints();
	}

	function tellFingerprints(): void {
		if (local && remote && !over)
			events.onfingerprints({ local: local.fingerprint, remote: remote.fingerprint });
	}

	const guarded = (work: Promise<void>): void => {
		work.catch((error: unknown) => fail('failed', String(error)));
	};

	pc.ondatachannel = () => fail('extra-channel', 'the peer opened a channel of its own');
	pc.onconnectionstatechange = () => {
		if (pc.connectionState === 'connected') {
			settled();
			void routeOf(pc).then((route) => {
				if (route && !over) events.onroute(route);
			});
		}
		if (pc.connectionState === 'failed') fail('failed', 'no path to the peer');
	};
	if (initiator) guarded(describe());

	return ok({
		channel,
		signal(packed) {
			if (over) return;
			const parsed = unpackDescription(packed);
			if (!parsed.ok) {
				fail('bad-description', `${parsed.error.code}: ${parsed.error.detail}`);
				return;
			}
			if (remote || (parsed.value.setup === 'actpass') === initiator) {
				fail('bad-description', remote ? 'a second description' : `setup ${parsed.value.setup}`);
				return;
			}
			remote = parsed.value;
			guarded(apply(remote));
		},
		close() {
			if (over) return;
			end();
			clock.after(connLimits.lingerMs, () => pc.close());
		},
		abort() {
			end();
			pc.close();
		},
	});
}
