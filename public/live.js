// A broadcast channel reaches our own origin only; its `postMessage` has no target.
/* oxlint-disable unicorn/require-post-message-target-origin */
/**
 * One event stream per browser: the window that holds the lock listens and tells the others. Without locks (a plain
 * http address that is not this machine) every window listens for itself.
 */
const SILENT_MS = 40_000;

/** Calls `onEvent` with what changed, `onState` with live or connecting, and `onGap` when events may have been missed. */
export function startLive({ onEvent, onState, onGap }) {
  const others = 'BroadcastChannel' in globalThis ? new BroadcastChannel('zhiban-events') : undefined;
  others?.addEventListener('message', ({ data }) => take(data));
  const take = (data) => {
    if (data.state !== undefined) onState(data.state);
    if (data.gap) onGap();
    if (data.event !== undefined) onEvent(data.event);
    if (data.ask && latest !== undefined) others?.postMessage({ state: latest });
  };
  let latest;
  const tell = (data) => {
    if (data.state !== undefined) latest = data.state;
    take(data);
    others?.postMessage(data);
  };
  if (navigator.locks === undefined || others === undefined) return listen(take);
  others.postMessage({ ask: true });
  // Held until this window closes; then the next one in the queue takes over.
  void navigator.locks.request('zhiban-events', () => {
    listen(tell);
    return new Promise(() => {});
  });
}

function listen(tell) {
  let source;
  let watchdog;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(open, SILENT_MS);
  };
  const open = () => {
    source?.close();
    alive();
    source = new EventSource('/playground/events');
    source.addEventListener('open', () => tell({ state: 'live', gap: true }));
    source.addEventListener('beat', alive);
    source.addEventListener('error', () => {
      tell({ state: 'connecting' });
      // A refused stream is not tried again by the browser itself.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 3000);
    });
    source.addEventListener('message', (message) => {
      alive();
      tell({ event: JSON.parse(message.data) });
    });
  };
  open();
}
