import type { Component } from 'svelte';
import { render } from 'vitest-browser-svelte';
import type { FakeNode } from './ui-fake-node.ts';
import Stage from './ui-stage.svelte';

/** Shows one screen over a fake node. */
export const show = <Props extends Record<string, unknown>>(
	client: FakeNode,
	screen: Component<Props>,
	given: Props,
) => render(Stage<Props>, { props: { client, screen, given } });
