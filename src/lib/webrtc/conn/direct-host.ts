import type { Clock } from '#lib/core/clock.ts';
import type { IceSettings } from '../ports.ts';
import type { ConnBudget } from './budget.ts';
import type { PageHost } from './page-host.ts';
import { createPumpedHost } from './pumped-host.ts';
import { createSimplePeerConns } from './simple-peer.ts';

/** The page's end for direct links. A file of its own, loaded after the mesh's. */
export const createDirectHost = (
	port: MessagePort,
	options: { readonly clock: Clock; readonly budget: ConnBudget } & IceSettings,
): PageHost => createPumpedHost(port, createSimplePeerConns(options));
