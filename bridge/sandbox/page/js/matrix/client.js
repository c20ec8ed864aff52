// One account at the homeserver, by Matrix's own client-server API (https://spec.matrix.org/latest/client-server-api/).

const V3 = "/_matrix/client/v3";
const WAIT = 25_000; // milliseconds a sync waits for something to happen
const PAUSE = 700;
const FILTER = JSON.stringify({ presence: { types: [] }, account_data: { types: [] }, room: { timeline: { limit: 1000 }, account_data: { types: [] } } });

export class MatrixError extends Error {
  constructor(status, told) {
    super(told.error ?? `The homeserver answered ${status}.`);
    this.status = status;
    this.code = told.errcode ?? "";
  }
}

/**
 * Log in and follow everything until `end()`. `heard(answer, first)` gets every answer of sync, `state(word)` one of
 * "connecting", "here", "away"; `up()` says whether it is worth asking at all.
 */
export function connect({ url, user, password, heard, state, up }) {
  const leaving = new AbortController();
  let session = null;
  let transactions = 0;

  async function request(method, path, { body, type, signal } = {}) {
    const headers = session ? { Authorization: `Bearer ${session.token}` } : {};
    if (type) headers["Content-Type"] = type;
    else if (body !== undefined) headers["Content-Type"] = "application/json";
    const sent = type || body === undefined ? body : JSON.stringify(body);
    let answer;
    try {
      answer = await fetch(url + path, { method, headers, body: sent, signal });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new MatrixError(0, { error: "The homeserver is not reachable." });
    }
    if (!answer.ok) throw new MatrixError(answer.status, await answer.json().catch(() => ({})));
    return answer;
  }

  const call = async (method, path, body) => (await request(method, V3 + path, { body })).json();

  async function logIn() {
    const kept = remembered(url, user, password);
    if (kept) {
      session = kept;
      return;
    }
    const identifier = { type: "m.id.user", user };
    const told = await call("POST", "/login", { type: "m.login.password", identifier, password, initial_device_display_name: "Sandbox" });
    session = { token: told.access_token, device: told.device_id };
    remember(url, user, password, session);
  }

  async function follow() {
    let since = null;
    state("connecting");
    while (!leaving.signal.aborted) {
      try {
        if (!up()) throw new MatrixError(0, {});
        if (!session) await logIn();
        const query = new URLSearchParams({ filter: FILTER, timeout: since ? WAIT : 0, ...(since ? { since } : {}) });
        const answer = await (await request("GET", `${V3}/sync?${query}`, { signal: leaving.signal })).json();
        if (leaving.signal.aborted) return;
        heard(answer, since === null);
        since = answer.next_batch;
        state("here");
      } catch (error) {
        if (leaving.signal.aborted) return;
        if (error.status === 401) {
          forget(url, user);
          session = null;
          since = null;
        }
        state("away");
        await new Promise((done) => setTimeout(done, PAUSE));
      }
    }
  }

  follow();
  const room = (id) => `/rooms/${encodeURIComponent(id)}`;
  const once = () => `${session?.device}.${Date.now()}.${++transactions}`;
  return {
    user,
    end: () => leaving.abort(),
    /** Send an event; gives its id. */
    send: async (id, type, content) => (await call("PUT", `${room(id)}/send/${type}/${once()}`, content)).event_id,
    redact: (id, event) => call("PUT", `${room(id)}/redact/${encodeURIComponent(event)}/${once()}`, {}),
    join: (id) => call("POST", `/join/${encodeURIComponent(id)}`, {}),
    typing: (id, on) => call("PUT", `${room(id)}/typing/${encodeURIComponent(user)}`, on ? { typing: true, timeout: 20_000 } : { typing: false }),
    /** Upload a file; gives its mxc address. */
    upload: async (bytes, type, name) => {
      const path = `/_matrix/media/v3/upload?filename=${encodeURIComponent(name)}`;
      return (await (await request("POST", path, { body: bytes, type })).json()).content_uri;
    },
    /** A file, which only members of its room may see. */
    download: async (mxc) => (await request("GET", `/_matrix/client/v1/media/download/${mxc.slice("mxc://".length)}`)).blob(),
  };
}

// A page that is opened again in the same tab goes on as the device it was.
const kept = (url, user) => `textbridge-sandbox ${url} ${user}`;

function remembered(url, user, password) {
  try {
    const found = JSON.parse(sessionStorage.getItem(kept(url, user)));
    return found?.password === password ? found : null;
  } catch {
    return null;
  }
}

function remember(url, user, password, session) {
  try {
    sessionStorage.setItem(kept(url, user), JSON.stringify({ ...session, password }));
  } catch {
    // private windows may refuse; then the next visit logs in again
  }
}

function forget(url, user) {
  sessionStorage.removeItem(kept(url, user));
}
