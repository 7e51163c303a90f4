// Keeps the page's files, so that it starts without a network. It answers for them alone, always from what is kept, and
// takes everything of a version at once: a page is never put together from two. A new version waits until the pages of the
// old one are closed: their engines may have to be started again.
const NAME = `pathways ${registration.scope} {{version}}`;
const OURS = `pathways ${registration.scope} `;
const FILES = {{files}};

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(NAME);
    // What lies in the folder of a version never changes: the copy that the page has just loaded will do.
    await kept.addAll(FILES.map((file) => new Request(file, { cache: file === "./" ? "reload" : "force-cache" })));
  })());
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith(OURS) && name !== NAME) await caches.delete(name);
  })());
});

addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const asked = event.request.url.replace(/[?#].*$/, "");
  const page = [registration.scope, `${registration.scope}index.html`].includes(asked);
  event.respondWith((async () => {
    const kept = await caches.open(NAME);
    return (await kept.match(page ? "./" : event.request)) ?? fetch(event.request);
  })());
});
