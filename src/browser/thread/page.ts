// The server fills in site, article and title; served as a plain file, the address has them.
const thread = document.querySelector('sayso-thread');
if (thread?.getAttribute('site')?.startsWith('%')) {
  const [, , site = '', ...article] = location.pathname.split('/').map(decodeURIComponent);
  thread.setAttribute('site', site);
  thread.setAttribute('article', article.join('/'));
}

export {};
