import { burnerId, type Provider } from './burner.ts';

/** Announces a provider to whoever on the page looks for wallets (EIP-6963). The returned function stops it. */
export function announce(provider: Provider, name: string): () => void {
	const detail = Object.freeze({
		info: Object.freeze({ uuid: crypto.randomUUID(), name, icon: flame, rdns: burnerId }),
		provider,
	});
	const tell = () => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
	window.addEventListener('eip6963:requestProvider', tell);
	tell();
	return () => window.removeEventListener('eip6963:requestProvider', tell);
}

const flame =
	"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath fill='%23b31e52' d='M12 2c2 4 6 6 6 11a6 6 0 0 1-12 0c0-3 2-4 2-6 2 1 3 2 3 4 1-2 2-5 1-9z'/%3E%3C/svg%3E";
