const byId = (id: string): HTMLElement | null => document.getElementById(id);
const threads = () => document.querySelectorAll('sayso-thread');
const html = document.documentElement;

const theme = byId('theme');
theme?.addEventListener('click', () => {
  const scheme = getComputedStyle(html).colorScheme;
  const dark =
    html.dataset.theme === 'dark' ||
    (scheme === 'light dark' && matchMedia('(prefers-color-scheme: dark)').matches);
  html.dataset.theme = dark ? 'light' : 'dark';
  theme.textContent = dark ? 'Dark' : 'Light';
});

const language = byId('language');
language?.addEventListener('click', () => {
  const next = language.textContent ?? 'sq';
  for (const thread of threads()) thread.setAttribute('lang', next);
  language.textContent = next === 'sq' ? 'en' : 'sq';
  language.setAttribute('aria-label', next === 'sq' ? 'en, English' : 'sq, Albanian');
});

const words: Readonly<Record<string, string>> = {
  live: 'Live',
  connecting: 'Connecting',
  lost: 'Offline',
};
const status = byId('status');
byId('box')?.addEventListener('sayso:live', (event) => {
  const { state } = (event as CustomEvent<{ state: string }>).detail; // the box's own event
  if (!status) return;
  status.dataset.state = state;
  status.textContent = words[state] ?? state;
});

export {};
