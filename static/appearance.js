// Runs before the first paint, so that a chosen appearance never flashes the other one.
try {
	const appearance = localStorage.getItem('appearance');
	if (appearance === 'light' || appearance === 'dark')
		document.documentElement.dataset.appearance = appearance;
} catch {
	// A browser that forbids storage shows the device's own appearance.
}
