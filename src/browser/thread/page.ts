// The server fills in site, article and title; served as a plain file, the address has them.
const thread = document.querySelector('sayso-thread');
if (thread?.getAttribute('site')?.startsWith('%')) {
  const [, , site = '', ...article] = location.pathname.split('/').map(decodeURIComponent);
  thread.setAttribute('site', site);
  thread.setAttribute('article', article.join('/'));
}

// The page has no words of its own but the title: the box speaks the reader's language.
if (thread && !thread.hasAttribute('lang')) thread.setAttribute('lang', navigator.language);

export {};
