import { afterEach, expect, test } from 'vitest';
import { keepShared, sharedPictures } from '#lib/ui/pictures/shared.ts';

const picture = (name: string, size = 3) => new File(['x'.repeat(size)], name, { type: 'image/png' });

function formOf(files: readonly File[], field = 'pictures'): FormData {
	const form = new FormData();
	for (const file of files) form.append(field, file);
	return form;
}

afterEach(() => caches.delete('shared-pictures'));

test('what was shared waits in its order, with its names, until it is done', async () => {
	expect(await keepShared(formOf([picture('ä & b.png'), picture('2.png')]), caches)).toBe(0);
	expect(await keepShared(formOf([picture('3.png')]), caches)).toBe(0);
	const waiting = await sharedPictures(caches);
	expect(waiting.map(({ file }) => [file.name, file.type, file.size])).toEqual([
		['ä & b.png', 'image/png', 3],
		['2.png', 'image/png', 3],
		['3.png', 'image/png', 3],
	]);
	await waiting[0]?.done();
	expect((await sharedPictures(caches)).map(({ file }) => file.name)).toEqual(['2.png', '3.png']);
});

test('what is too large, too many or not asked for is left out and counted', async () => {
	const form = formOf([
		picture('huge.png', 30_000_001),
		...Array.from({ length: 51 }, () => picture('p.png')),
	]);
	form.append('other', picture('other.png'));
	form.append('text', 'no file');
	expect(await keepShared(form, caches)).toBe(3);
	expect(await sharedPictures(caches)).toHaveLength(50);
});

test('with nothing shared there is nothing', async () => {
	expect(await sharedPictures(caches)).toEqual([]);
	expect(await caches.has('shared-pictures')).toBe(false);
});
