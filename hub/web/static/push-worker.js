// Shows a notice when the browser is told of one, and opens what it is about.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const {title, body, url, tag} = event.data.json();
  event.waitUntil(self.registration.showNotification(title, {body, tag, icon: "/static/icon.svg", data: {url}}));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.url));
});
