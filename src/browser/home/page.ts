const snippet = document.getElementById('snippet');
if (snippet) {
  const { origin } = location;
  snippet.textContent = [
    `<sayso-thread site="demo" article="my-article">`,
    `  <a href="${origin}/t/demo/my-article">Open the discussion</a>`,
    `</sayso-thread>`,
    `<script src="${origin}/embed.js" async></script>`,
  ].join('\n');
}

export {};
