import { createSubscriber } from 'svelte/reactivity';
import { initialSlices } from '#lib/app/initial-slices.ts';
import type {
	CommandError,
	CommandName,
	Commands,
	FatalError,
	NodeClient,
	Slices,
} from '#lib/app/protocol.ts';
import { err, type Result } from '#lib/core/result.ts';
import type { JobView, LeadView, MyOfferView, OfferView } from '#lib/gossip/view.ts';

const names = Object.keys(initialSlices) as (keyof Slices)[];

/**
 * The node as Svelte sees it: reading a slice in a template or effect re-runs it when that slice
 * is replaced. Empty until `attach` gives it a running node.
 */
export class NodeStore {
	/** Why the node in this tab cannot go on. */
	fatal = $state.raw<FatalError>();
	#client = $state.raw<NodeClient>();
	#track: (name: keyof Slices) => void = () => undefined;

	attach(client: NodeClient): void {
		const subscribers = Object.fromEntries(
			names.map((name) => [
				name,
				createSubscriber((update) =>
					client.slices.subscribe((changed) => {
						if (changed === name) update();
					}),
				),
			]),
		);
		this.#track = (name) => subscribers[name]?.();
		client.onfatal((error) => (this.fatal = error));
		this.#client = client;
	}

	/** The node runs and has loaded what this browser keeps. */
	get ready(): boolean {
		return this.network.state !== 'starting';
	}
	get jobs(): Slices['jobs'] {
		return this.#read('jobs');
	}
	get leads(): Slices['leads'] {
		return this.#read('leads');
	}
	get offers(): Slices['offers'] {
		return this.#read('offers');
	}
	get activity(): Slices['activity'] {
		return this.#read('activity');
	}
	get network(): Slices['network'] {
		return this.#read('network');
	}
	get keys(): Slices['keys'] {
		return this.#read('keys');
	}
	get settings(): Slices['settings'] {
		return this.#read('settings');
	}
	get lightning(): Slices['lightning'] {
		return this.#read('lightning');
	}
	get memes(): Slices['memes'] {
		return this.#read('memes');
	}
	get studio(): Slices['studio'] {
		return this.#read('studio');
	}

	job(id: string): JobView | undefined {
		return this.jobs.find((job) => job.msgId === id);
	}
	lead(id: string): LeadView | undefined {
		return this.leads.find((lead) => lead.msgId === id);
	}
	offer(msgId: string, replyId: string): OfferView | undefined {
		return this.job(msgId)?.offers.find((offer) => offer.replyId === replyId);
	}
	/** My latest offer for a job. */
	myOffer(msgId: string): MyOfferView | undefined {
		return this.offers
			.filter((offer) => offer.msgId === msgId)
			.reduce<MyOfferView | undefined>(
				(latest, offer) => (latest && latest.sentAt >= offer.sentAt ? latest : offer),
				undefined,
			);
	}

	command<K extends CommandName>(
		name: K,
		args: Commands[K]['args'],
	): Promise<Result<Commands[K]['answer'], CommandError>> {
		const client = this.#client;
		if (!client)
			return Promise.resolve(err({ type: 'command', code: 'not-ready', detail: 'no node attached' }));
		return client.command(name, args);
	}

	#read<K extends keyof Slices>(name: K): Slices[K] {
		const client = this.#client;
		if (!client) return initialSlices[name];
		this.#track(name);
		return client.slices.current(name);
	}
}
