// Print each article about defense or diplomacy: node subscribe.mjs [REDIS_URL or socket]   (after: npm ci)
//
// A member of a consumer group: it acknowledges what it has handled, takes over what a dead member left, moves what
// keeps failing to the group's dead letters, and makes the group again when Redis has lost it.
import Redis from "ioredis";
import { hostname } from "node:os";

const url = process.argv[2] ?? "redis://localhost:6379/0";
const stream = process.env.COPYDESK_STREAM ?? "copydesk:articles";
const group = "example-node";
const member = `${hostname()}:${process.pid}`;
const wanted = new Set(["defense", "diplomacy"]);
const retryAfter = 60_000; // milliseconds: longer than handle() ever takes
const maxDeliveries = 5;

const redis = new Redis(url, { maxRetriesPerRequest: null }); // it waits for a server that is away
redis.on("error", (error) => console.error(`waiting for Redis: ${error.message}`));

async function handle(event, record) {
  console.log(event.ce_type, record.primary_topic, record.headline);
}

function fieldsOf(flat) {
  const fields = {};
  for (let i = 0; i < flat.length; i += 2) fields[flat[i]] = flat[i + 1];
  return fields;
}

async function join(from) {
  try {
    await redis.xgroup("CREATE", stream, group, from, "MKSTREAM");
  } catch (error) {
    if (!error.message.startsWith("BUSYGROUP")) throw error; // else another member has made it
  }
}

async function bury(id, flat, why) {
  await redis.multi()
    .xadd(`${stream}:dead:${group}`, "*", ...flat, "error", why, "entry", id)
    .xack(stream, group, id)
    .exec();
  console.error(`${id} is a dead letter: ${why}`);
}

// What a member took more than retryAfter ago and did not acknowledge, if anything.
async function takeOver() {
  const [pending] = await redis.xpending(stream, group, "IDLE", retryAfter, "-", "+", 1);
  if (!pending) return null;
  const [id, , , deliveries] = pending;
  const [entry] = await redis.xclaim(stream, group, member, retryAfter, id);
  if (!entry) {
    // Another member was faster, or the entry was trimmed: then nobody can read it any more.
    if ((await redis.xrange(stream, id, id)).length === 0) await redis.xack(stream, group, id);
    return null;
  }
  if (deliveries < maxDeliveries) return entry;
  await bury(id, entry[1], `given out ${deliveries} times and never acknowledged`);
  return null;
}

async function next() {
  const left = await takeOver();
  if (left) return left;
  const reply = await redis.xreadgroup("GROUP", group, member, "COUNT", 1, "BLOCK", 1000, "STREAMS", stream, ">");
  return reply ? reply[0][1][0] : null;
}

let stopping = false;
process.once("SIGTERM", () => { stopping = true; });
process.once("SIGINT", () => { stopping = true; });

await join("0"); // from the oldest entry; "$" for new ones only
while (!stopping) {
  try {
    const entry = await next();
    if (!entry) continue;
    const [id, flat] = entry;
    const event = fieldsOf(flat);
    const topics = (event.topics ?? "").split(",");
    if (topics.some((topic) => wanted.has(topic))) {
      if (!event.ce_dataschema.includes(":1.")) throw new Error(`${event.ce_dataschema} is newer than this program`);
      let record;
      try {
        record = JSON.parse(event.data);
      } catch (error) {
        await bury(id, flat, `its data are no JSON: ${error.message}`);
        continue;
      }
      await handle(event, record);
    }
    await redis.xack(stream, group, id);
  } catch (error) {
    if (!/^(NOGROUP|UNBLOCKED)/.test(error.message)) throw error; // the process ends; what is in hand comes again
    await join("0"); // Redis lost the group: what is on the stream now is read again
  }
}
await redis.quit();
