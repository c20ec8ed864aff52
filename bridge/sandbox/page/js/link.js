// The way to the sandbox: one websocket for pictures of its state, one address for acts.

const SHORTEST = 250;
const LONGEST = 4000;
let socket = null;
let user = null;

/** Call `shown` with every new picture and `connected` with whether there is a connection; reconnects for ever. */
export function follow(shown, connected, wait = SHORTEST) {
  socket = new WebSocket(`ws://${location.host}/sandbox/ws`);
  let next = wait;
  socket.addEventListener("open", () => {
    next = SHORTEST;
    if (user) say();
    connected(true);
  });
  socket.addEventListener("message", (event) => shown(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    connected(false);
    setTimeout(() => follow(shown, connected, Math.min(next * 2, LONGEST)), next);
  });
}

/** Show another teammate's Slack from now on. */
export function become(id) {
  user = id;
  if (socket?.readyState === WebSocket.OPEN) say();
}

function say() {
  socket.send(JSON.stringify({ user }));
}

/** Do one act; gives its result, or throws an Error with a sentence for people. */
export async function act(body) {
  let answer;
  try {
    answer = await fetch("/sandbox/act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The sandbox is not reachable. Is it still running in the terminal?");
  }
  const told = await answer.json().catch(() => ({ error: `The sandbox answered ${answer.status}.` }));
  if (!answer.ok) throw new Error(told.error);
  return told.result;
}
