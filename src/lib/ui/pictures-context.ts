import { createContext } from 'svelte';
import type { Pictures } from './pictures/pictures.ts';

/** The decoder of the screens below; started by the layout of /memes. */
export const [usePictures, providePictures] = createContext<Pictures>();
