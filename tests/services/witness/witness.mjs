// A Matrix client that heeds signed devices only. It is told what to do by lines of JSON on its standard input
// ({id, op, args}) and answers each on its standard output ({id, result} or {id, error}).
import { createInterface } from "node:readline";
import { webcrypto } from "node:crypto";

for (const name of ["log", "info", "debug", "warn", "error", "trace"]) console[name] = () => {};
const { createClient, ClientEvent, SyncState, MatrixEvent } = await import("matrix-js-sdk");
const { OnlySignedDevicesIsolationMode, AllDevicesIsolationMode } = await import("matrix-js-sdk/lib/crypto-api/index.js");
const { logger } = await import("matrix-js-sdk/lib/logger.js");
logger.setLevel?.("silent");

let client;

const base64 = (bytes) => Buffer.from(bytes).toString("base64").replace(/=+$/, "");
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

async function opened(raw) {
  const event = new MatrixEvent(raw);
  if (event.isEncrypted()) await event.attemptDecryption(client.getCrypto(), { isRetry: false });
  const failed = event.isDecryptionFailure();
  return { ...raw, type: event.getType(), content: event.getContent(), failed, why: event.decryptionFailureReason };
}

const operations = {
  async begin({ url, user, token, device, password, strict, signed }) {
    client = createClient({ baseUrl: url, userId: user, accessToken: token, deviceId: device });
    await client.initRustCrypto({ useIndexedDB: false });
    const crypto = client.getCrypto();
    crypto.setDeviceIsolationMode(strict ? new OnlySignedDevicesIsolationMode() : new AllDevicesIsolationMode(false));
    const prepared = new Promise((resolve) =>
      client.on(ClientEvent.Sync, (state) => state === SyncState.Prepared && resolve()),
    );
    await client.startClient({ initialSyncLimit: 1, lazyLoadMembers: false });
    await prepared;
    if (signed) {
      const auth = { type: "m.login.password", identifier: { type: "m.id.user", user }, password };
      await crypto.bootstrapCrossSigning({ authUploadDeviceSigningKeys: (upload) => upload(auth) });
    }
    while (!(await client.downloadKeysForUsers([user])).device_keys[user]?.[device]) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  // Returns once this client knows that the person is in the room, as it must before it can share keys with them.
  async sees({ room, user, membership }) {
    for (;;) {
      if (client.getRoom(room)?.getMember(user)?.membership === membership) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  async encrypts({ room }) {
    while (!(await client.getCrypto().isEncryptionEnabledInRoom(room))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  async send({ room, type, content }) {
    return (await client.sendEvent(room, type, content)).event_id;
  },
  // What stands in an encrypted room in the place of this; whoever asks sends it.
  async encrypt({ room, type, content }) {
    await operations.encrypts({ room });
    const event = new MatrixEvent({ room_id: room, type, content });
    await client.getCrypto().encryptEvent(event, client.getRoom(room));
    return event.getWireContent();
  },
  async open({ events }) {
    return await Promise.all(events.map(opened));
  },
  // Whether this client holds a device to be signed by its owner.
  async trusts({ user, device }) {
    return (await client.getCrypto().getDeviceVerificationStatus(user, device))?.signedByOwner ?? null;
  },
  async rotate({ room }) {
    await client.getCrypto().forceDiscardSession(room);
  },
  async seal({ data }) {
    const key = await webcrypto.subtle.generateKey({ name: "AES-CTR", length: 256 }, true, ["encrypt", "decrypt"]);
    const counter = new Uint8Array(16);
    webcrypto.getRandomValues(counter.subarray(0, 8));
    const sealed = await webcrypto.subtle.encrypt({ name: "AES-CTR", counter, length: 64 }, key, bytes(data));
    const hash = base64(await webcrypto.subtle.digest("SHA-256", sealed));
    const file = { v: "v2", key: await webcrypto.subtle.exportKey("jwk", key), iv: base64(counter), hashes: { sha256: hash } };
    return { data: base64(sealed), file };
  },
  async unseal({ data, file }) {
    const sealed = bytes(data);
    if (base64(await webcrypto.subtle.digest("SHA-256", sealed)) !== file.hashes.sha256) throw new Error("other hash");
    const key = await webcrypto.subtle.importKey("jwk", file.key, { name: "AES-CTR" }, false, ["decrypt"]);
    const plain = await webcrypto.subtle.decrypt({ name: "AES-CTR", counter: bytes(file.iv), length: 64 }, key, sealed);
    return base64(plain);
  },
};

createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const { id, op, args } = JSON.parse(line);
    try {
      process.stdout.write(JSON.stringify({ id, result: (await operations[op](args)) ?? null }) + "\n");
    } catch (problem) {
      process.stdout.write(JSON.stringify({ id, error: String(problem?.stack ?? problem) }) + "\n");
    }
  })
  .on("close", () => process.exit(0));
